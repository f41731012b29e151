"""G1: the portal's login page, with its own accounts (广东人社统一认证)."""

from __future__ import annotations

from flows.guangdong.first_login import HandlerPage
from flows.guangdong.home import Home
from flows.guangdong.units import Units
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Captcha, Screen
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone
from rpa.credentials.store import Credential
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import LoginRefused, NeedsPerson

PATH = "/isso/login.html"
IN = (*HandlerPage.landmark, *Units.landmark, *Home.landmark)
"""Where a login may lead: to the pages of a first login, to the choice of a unit, home."""

_ACCOUNT = Spot("请输入账号", kind=ControlKind.TEXT)
_PASSWORD = Spot("请输入密码", kind=ControlKind.TEXT)
_CAPTCHA = Spot("请输入验证码", kind=ControlKind.TEXT)
_LOGIN = Spot("登录", kind=ControlKind.BUTTON)
_ONLY_BUTTON = Spot("", kind=ControlKind.BUTTON)
_PICTURE = Spot("请输入验证码", kind=ControlKind.PICTURE)
_TAKEN_BACK = frozenset({Tone.CAPTCHA, Tone.CREDENTIALS})
LOGGING_IN = Occasion("登录时平台提示", accepts=_TAKEN_BACK, refusal=NeedsPerson)


class Login(Screen):
    """The tabs 单位登录 and 个人登录, and the ways in each."""

    landmark = (Sign("个人登录"),)

    async def choose(self, tabs: tuple[str, ...]) -> None:
        """个人登录, or 单位登录 → 广东人社统一认证 or 省统一身份认证 (at another address)."""
        for tab in tabs:
            await self.session.click(tab)


class AccountForm(Screen):
    """Account, password and, nearly everywhere, a captcha: here and at the identity provider."""

    landmark = (Sign("请输入账号", exact=True),)

    async def log_in(self, attempt: Attempt) -> Sign:
        """Log in with the row's stored login; says where that has led (one of ``IN``).

        Raises:
            LoginRefused: account or password are wrong.
            NeedsPerson: none is stored, or the portal refuses for another reason, in its own words.
        """
        login = await attempt.credential()
        if await self.session.has(_CAPTCHA):
            captcha = Captcha(self.session, _PICTURE)
            return await attempt.person.read_captcha(captcha, lambda text: self._submit(login, text))
        sign = await self._submit(login, "")
        assert sign, "no captcha was asked for"
        return sign

    async def _submit(self, login: Credential, captcha: str) -> Sign | None:
        """Where it has led; None: the captcha was wrong."""
        values = {_ACCOUNT: login.account, _PASSWORD: login.password}
        if captcha:
            values[_CAPTCHA] = captcha
        await self.session.fill(values)
        button = await self.session.first_of(_LOGIN, _ONLY_BUTTON) or _LOGIN
        heard = await self.session.ask(lambda: self.session.click(button), *IN, occasion=LOGGING_IN)
        if heard.tone(Tone.CREDENTIALS):
            raise LoginRefused(
                f"登录时平台提示：{heard.words}", "请核对账号和密码，用 rpa secrets set 更正后重新运行"
            )
        if heard.sign is None:
            await self.session.dismiss_all(_TAKEN_BACK)
        return heard.sign


async def open_login(session: Session) -> Login:
    """The login page, afresh."""
    await session.go(session.portal.base_url + PATH)
    return await Login.arrive(session)


async def probe(session: Session) -> None:
    """See whether the portal is well: its login page (G1) shows.

    Raises:
        Stop: it does not.
    """
    await open_login(session)
