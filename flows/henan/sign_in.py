"""Signing in to the unit's hall without a certificate (免数字证书登陆, H1 to H3 and H6).

And seeing, from the front page alone, whether one could.
"""

from __future__ import annotations

from flows.henan.home import Home
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Captcha, Screen
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import LoginRefused, NeedsPerson
from rpa.filing import Employer

_ENTRANCE = "单位办事通道"
_WITHOUT_CERTIFICATE = "免数字证书登陆?"
_PASSWORD = Sign("请输入密码", exact=True)
_FIRST_TIME = Sign("单位首次登陆注册单位管理员")
_LOGIN = Spot("登录", kind=ControlKind.BUTTON)
_WRONG_CAPTCHA = frozenset({Tone.CAPTCHA})
_REFUSED = Occasion("登录时平台提示", accepts=_WRONG_CAPTCHA, refusal=NeedsPerson)
_STORED = Occasion("登录时平台提示", refusal=LoginRefused)


class Login(Screen):
    """H3: account and captcha; whether a password is asked for as well is not known (inferred)."""

    landmark = (Sign("请输入单位统一信用代码"),)
    account = Spot("账号", kind=ControlKind.TEXT)
    captcha = Spot("验证码", kind=ControlKind.TEXT)
    picture = Spot("验证码", kind=ControlKind.PICTURE)

    async def submit(self, account: str, captcha: str) -> Sign | None:
        """Log in; the sign tells whether we are in or a password is wanted, none that the captcha was wrong.

        Raises:
            NeedsPerson: the portal refuses, in its own words, or wants the unit's first administrator.
        """
        await self.session.fill({self.account: account, self.captcha: captcha})
        heard = await self.session.ask(
            lambda: self.session.click(_LOGIN), *Home.landmark, _PASSWORD, _FIRST_TIME, occasion=_REFUSED
        )
        if heard.sign is _FIRST_TIME:
            raise NeedsPerson(
                "该单位首次登录，平台要求先注册单位管理员",
                "请登录平台完成“单位首次登陆注册单位管理员”后重新运行",
            )
        if heard.sign is None:
            await self.session.dismiss_all(_WRONG_CAPTCHA)
        return heard.sign

    async def submit_password(self, password: str, *, stored: bool) -> None:
        """The second step, where the portal has one.

        Raises:
            LoginRefused: the portal refuses a stored password, in its own words.
            NeedsPerson: it refuses one that a person typed.
        """
        await self.session.fill({Spot("密码", kind=ControlKind.TEXT): password})
        occasion = _STORED if stored else _REFUSED
        await self.session.ask(lambda: self.session.click(_LOGIN), *Home.landmark, occasion=occasion)


async def probe(session: Session) -> None:
    """See whether the portal is well: its front page (H1) shows the units' entrance.

    Raises:
        Stop: it does not.
    """
    await _open_front_page(session)
    await session.see(Sign(_ENTRANCE))


async def _open_front_page(session: Session) -> None:
    await session.go(session.portal.base_url + "/")


async def _open_login(session: Session) -> Login:
    """单位办事通道 → 免数字证书登陆, where the portal does not open with it."""
    await session.click(_ENTRANCE)
    seen = await session.see(*Login.landmark, Sign(_WITHOUT_CERTIFICATE))
    if seen.sign not in Login.landmark:
        await session.click(_WITHOUT_CERTIFICATE)
    return await Login.arrive(session)


async def sign_in(attempt: Attempt, employer: Employer) -> Home:
    """From the portal's front page to the unit's home, a person reading the captcha.

    Where the portal asks for a password too, it is the stored one that the row's 登录账号 names, else a
    person is asked for it.
    """
    session = attempt.session
    await _open_front_page(session)
    login = await _open_login(session)
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
    session.entered(*Login.landmark)
    session.home = session.address
    return Home(session)
