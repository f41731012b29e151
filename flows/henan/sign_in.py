"""Signing in to the unit's hall without a certificate (免数字证书登陆, H1 to H3 and H6).

And seeing, from the front page alone, whether one could.
"""

from __future__ import annotations

from flows.henan.home import Home
from flows.henan.interruptions import DIALOG
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Captcha, Screen
from rpa.browser.session import Session
from rpa.browser.signs import Refusal, Sign
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import LoginRefused, NeedsPerson
from rpa.filing import Employer

_ENTRANCE = "单位办事通道"
_PASSWORD = Sign("请输入密码", exact=True)
_WRONG_CAPTCHA = (Sign("验证码错误", fresh=True), Sign("验证码不正确", fresh=True))
_LOGIN = Spot("登录", kind=ControlKind.BUTTON)
_REFUSED = "登录时平台提示"


class Login(Screen):
    """H3: account and captcha; whether a password is asked for as well is not known (inferred)."""

    landmark = (Sign("请输入单位统一信用代码"),)
    account = Spot("账号", kind=ControlKind.TEXT)
    captcha = Spot("验证码", kind=ControlKind.TEXT)
    picture = Spot("验证码", kind=ControlKind.PICTURE)

    async def submit(self, account: str, captcha: str) -> Sign | None:
        """Log in; the sign tells whether we are in or a password is wanted, none that the captcha was wrong.

        Raises:
            NeedsPerson: the portal refuses, in its own words.
        """
        await self.session.fill({self.account: account, self.captcha: captcha})
        await self.session.mark()
        await self.session.click(_LOGIN)
        refused = Refusal(DIALOG, NeedsPerson, _REFUSED)
        seen = await self.session.see(*Home.landmark, _PASSWORD, *_WRONG_CAPTCHA, otherwise=refused)
        if seen.sign not in _WRONG_CAPTCHA:
            return seen.sign
        await self._dismiss()
        return None

    async def submit_password(self, password: str, *, stored: bool) -> None:
        """The second step, where the portal has one.

        Raises:
            LoginRefused: the portal refuses a stored password, in its own words.
            NeedsPerson: it refuses one that a person typed.
        """
        await self.session.fill({Spot("密码", kind=ControlKind.TEXT): password})
        await self.session.click(_LOGIN)
        refused = Refusal(DIALOG, LoginRefused if stored else NeedsPerson, _REFUSED)
        await self.session.see(*Home.landmark, otherwise=refused)

    async def _dismiss(self) -> None:
        """Close the dialog that says so, where it is a drawn one."""
        if not self.session.waiter.dialogs:
            await self.session.click(Spot("确定", kind=ControlKind.BUTTON))


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
    """From the portal's front page to the unit's home, a person reading the captcha.

    Where the portal asks for a password too, it is the stored one that the row's 登录账号 names, else a
    person is asked for it.
    """
    session = attempt.session
    await _open_front_page(session)
    await session.click(_ENTRANCE)
    await session.click(Spot("免数字证书登陆?", aliases=("免数字证书登录?",)))
    login = await Login.arrive(session)
    captcha = Captcha(session, login.picture)
    answer = await attempt.person.read_captcha(captcha, lambda text: login.submit(employer.code, text))
    if answer is _PASSWORD:
        stored = bool(employer.login_name)
        password = (
            (await attempt.credential()).password
            if stored
            else await attempt.person.type_password("平台要求输入该单位的登录密码")
        )
        await login.submit_password(password, stored=stored)
    return Home(session)
