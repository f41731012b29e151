"""Signing in to the unit's hall without a certificate (免数字证书登陆, H1 to H3 and H6).

And seeing, from the front page alone, whether one could.
"""

from __future__ import annotations

from flows.henan.dialog import DIALOG, said
from flows.henan.home import Home
from rpa.browser.labels.spots import Kind, Spot
from rpa.browser.lookout import Sign
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.engine.attempt import Attempt
from rpa.errors import NeedsPerson, Unanswered
from rpa.filing import Employer

_ENTRANCE = "单位办事通道"
_PASSWORD = Sign("请输入密码", exact=True)
_WRONG_CAPTCHA = (Sign("验证码错误", fresh=True), Sign("验证码不正确", fresh=True))


class Login(Screen):
    """H3: account and captcha; whether a password is asked for as well is not known (inferred)."""

    landmark = (Sign("请输入单位统一信用代码"),)
    account = Spot("账号", kind=Kind.TEXT)
    captcha = Spot("验证码", kind=Kind.TEXT)
    picture = Spot("验证码", kind=Kind.PICTURE)

    async def captcha_picture(self) -> bytes:
        """The captcha as the page shows it."""
        return await self.session.picture_of(self.picture)

    async def another_captcha(self) -> bytes:
        """点击图片更换验证码."""
        await self.session.renew(self.picture)
        return await self.captcha_picture()

    async def submit(self, account: str, captcha: str) -> Sign:
        """Log in; the sign tells whether we are in, the captcha was wrong, or a password is wanted."""
        await self.session.fill({self.account: account, self.captcha: captcha})
        await self.session.mark()
        await self.session.click(Spot("登录", kind=Kind.BUTTON))
        return await self._answer(_PASSWORD, *_WRONG_CAPTCHA)

    async def submit_password(self, password: str) -> None:
        """The second step, where the portal has one."""
        await self.session.fill({Spot("密码", kind=Kind.TEXT): password})
        await self.session.click(Spot("登录", kind=Kind.BUTTON))
        await self._answer()

    async def _answer(self, *signs: Sign) -> Sign:
        seen = await self.session.see(*Home.landmark, *signs, otherwise=DIALOG)
        if seen.sign is DIALOG:
            raise NeedsPerson(f"登录时平台提示：{said(seen.around)}")
        return seen.sign

    async def dismiss(self) -> None:
        """Close the dialog that says so, where it is a drawn one."""
        if not self.session.lookout.dialogs:
            await self.session.click(Spot("确定", kind=Kind.BUTTON))


async def probe(session: Session) -> None:
    """See whether the portal is well: its front page (H1) shows the units' entrance.

    Raises:
        Stop: it does not.
    """
    await _open_front_page(session)
    await session.see(Sign(_ENTRANCE))


async def _open_front_page(session: Session) -> None:
    await session.go(session.portal.base_url + "/")


async def sign_in(attempt: Attempt, employer: Employer) -> Home:
    """From the portal's front page to the unit's home, a person reading the captcha."""
    session = attempt.session
    await _open_front_page(session)
    await session.click(_ENTRANCE)
    await session.click(Spot("免数字证书登陆?", aliases=("免数字证书登录?",)))
    login = await Login.arrive(session)
    hint = ""
    for _ in range(attempt.settings.operator.captcha_tries):
        picture = await login.captcha_picture()
        captcha = await attempt.ask_captcha(picture, login.another_captcha, hint=hint)
        answer = await login.submit(employer.code, captcha)
        if answer is _PASSWORD:
            await login.submit_password(await attempt.ask_password("平台要求输入该单位的登录密码"))
        if answer not in _WRONG_CAPTCHA:
            return Home(session, session.address)
        await login.dismiss()
        hint = "平台说验证码错误，"
    raise Unanswered(f"验证码连续 {attempt.settings.operator.captcha_tries} 次不正确")
