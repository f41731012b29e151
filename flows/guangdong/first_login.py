"""G3: what the portal asks for when a unit comes by 省统一身份认证 for the first time."""

from __future__ import annotations

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone
from rpa.credentials.store import Credential
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import NeedsPerson
from rpa.filing import Employer

_HANDLER = Occasion("填写经办人时平台提示", accepts=frozenset({Tone.CREDENTIALS}), refusal=NeedsPerson)
_UNIT = Occasion(
    "完善单位信息时平台提示", accepts=frozenset({Tone.SUCCESS, Tone.UNKNOWN}), refusal=NeedsPerson
)
_PASSWORD = Spot("个人账号密码", kind=ControlKind.TEXT)
_NAME, _IDENTITY = Spot("经办人姓名", kind=ControlKind.TEXT), Spot("经办人证件号码", kind=ControlKind.TEXT)


class HandlerPage(Screen):
    """单位所属实名人员信息: the handler's own verified account."""

    landmark = (Sign("单位所属实名人员信息"),)

    async def wants(self) -> tuple[bool, bool]:
        """Whether the page asks for the handler's name, and for their identity number (inferred)."""
        return await self.session.has(_NAME), await self.session.has(_IDENTITY)

    async def give(self, login: Credential, name: str, identity: str) -> None:
        """Name the handler, and go on to 单位信息.

        Raises:
            NeedsPerson: the portal does not take the handler's account, in its own words.
        """
        about = {_NAME: name, _IDENTITY: identity}
        values = {Spot("个人账号"): login.account, _PASSWORD: login.password}
        await self.session.fill({spot: value for spot, value in about.items() if value} | values)
        go_on = Spot("下一步", kind=ControlKind.BUTTON)
        heard = await self.session.ask(
            lambda: self.session.click(go_on), *UnitPage.landmark, occasion=_HANDLER
        )
        if heard.sign is None:
            raise NeedsPerson(
                f"填写经办人时平台提示：{heard.words}",
                "请核对以经办人姓名保存的登录，用 rpa secrets set 更正",
            )


class UnitPage(Screen):
    """单位信息: what the portal knows, and whom it may call."""

    landmark = (Sign("联系电话"),)

    async def submit(self) -> None:
        """提交; the login is over with it.

        Raises:
            NeedsPerson: the portal refuses, in its own words.
        """
        send = Spot("提交", kind=ControlKind.BUTTON)
        gone = Sign("联系电话", gone=True)
        await self.session.ask(lambda: self.session.click(send), gone, occasion=_UNIT)


async def complete(attempt: Attempt, employer: Employer) -> None:
    """Fill in both pages. The portal then wants a cleared browser and another login.

    The handler's account is the stored login that has the name in the row's 经办人. What the page asks for
    beyond that is asked of a person before any password is typed.

    Raises:
        RehearsalEnded: a rehearsal changes nothing at the portal.
        NeedsPerson: no such login is stored, or the page is another unit's.
    """
    attempt.before_change("为首次登录的单位完善平台上的信息")
    session = attempt.session
    async with attempt.step("填写单位所属实名人员信息", changes=True):
        if not employer.handler:
            raise NeedsPerson(
                "首次登录要填单位经办人的个人账号，表格中没有填“经办人”",
                "请填写“经办人”，并用 rpa secrets set 以其姓名保存个人账号",
            )
        login, page = await attempt.credential(employer.handler), HandlerPage(session)
        wants_name, wants_identity = await page.wants()
        identity = ""
        if wants_identity:
            identity = await attempt.person.type_password(f"平台要求输入经办人{employer.handler}的证件号码")
        await page.give(login, employer.handler if wants_name else "", identity)
    async with attempt.step("填写单位信息"):
        identity_of_unit = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        attempt.compare(identity_of_unit, await session.read(identity_of_unit, filled=True))
        contact = {"联系人": employer.contact, "联系电话": employer.phone}
        await session.fill(contact)
        everything = identity_of_unit | contact
        attempt.compare(everything, await session.read(everything))
    async with attempt.step("提交单位信息", changes=True):
        await UnitPage(session).submit()
