"""G3: what the portal asks for when a unit comes by 省统一身份认证 for the first time."""

from __future__ import annotations

from flows.guangdong.interruptions import DIALOG
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Refusal, Sign
from rpa.credentials.store import Credential
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import NeedsPerson
from rpa.filing import Employer

_WRONG = Sign("个人账号或密码错误", fresh=True)
_DONE = Sign("信息完善成功")


class HandlerPage(Screen):
    """单位所属实名人员信息: the handler's own verified account."""

    landmark = (Sign("单位所属实名人员信息"),)

    async def give(self, login: Credential) -> None:
        """Name the handler, and go on to 单位信息.

        Raises:
            NeedsPerson: the portal does not take the handler's account, in its own words.
        """
        await self.session.fill({"个人账号": login.account, "个人账号密码": login.password})
        await self.session.mark()
        await self.session.click(Spot("下一步", kind=ControlKind.BUTTON))
        refused = Refusal(DIALOG, NeedsPerson, "填写经办人时平台提示")
        seen = await self.session.see(*UnitPage.landmark, _WRONG, otherwise=refused)
        if seen.sign is _WRONG:
            raise NeedsPerson(
                f"填写经办人时平台提示：{seen.words}", "请核对以经办人姓名保存的登录，用 rpa secrets set 更正"
            )


class UnitPage(Screen):
    """单位信息: what the portal knows, and whom it may call."""

    landmark = (Sign("联系电话"),)

    async def submit(self) -> None:
        """提交; the login is over with it.

        Raises:
            NeedsPerson: the portal refuses, in its own words.
        """
        await self.session.click(Spot("提交", kind=ControlKind.BUTTON))
        refused = Refusal(DIALOG, NeedsPerson, "完善单位信息时平台提示")
        await self.session.see(_DONE, otherwise=refused)


async def complete(attempt: Attempt, employer: Employer) -> None:
    """Fill in both pages. The portal then wants a cleared browser and another login.

    The handler's account is the stored login that has the name in the row's 经办人.

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
        await HandlerPage(session).give(await attempt.credential(employer.handler))
    async with attempt.step("填写单位信息"):
        identity = {"单位名称": employer.name, "统一社会信用代码": employer.code}
        attempt.compare(identity, await session.read(identity, filled=True))
        contact = {"联系人": employer.contact, "联系电话": employer.phone}
        await session.fill(contact)
        attempt.compare(identity | contact, await session.read(identity | contact))
    async with attempt.step("提交单位信息", changes=True):
        await UnitPage(session).submit()
