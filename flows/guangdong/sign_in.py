"""To the unit's home: by every way of logging in that the manual names, or by switching to another unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.guangdong.first_login import HandlerPage, complete
from flows.guangdong.home import Home
from flows.guangdong.identity import Identity
from flows.guangdong.login import AccountForm, Login, open_login
from flows.guangdong.units import Units
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.engine.attempt.attempt import Attempt
from rpa.errors import NeedsPerson, PortalChanged, SessionExpired
from rpa.filing import Employer


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of logging in, by what is chosen for it."""

    tabs: tuple[str, ...]
    """On the portal's login page."""
    at_provider: str = ""
    """At 省统一身份认证, where the tabs lead there; else the portal asks for its own account."""

    async def log_in(self, attempt: Attempt) -> Sign:
        """Log in; says where that has led (one of ``IN``)."""
        session = attempt.session
        await (await open_login(session)).choose(self.tabs)
        if self.at_provider:
            return await (await Identity.arrive(session)).log_in(attempt, self.at_provider)
        return await (await AccountForm.arrive(session)).log_in(attempt)


_IDENTITY = ("单位登录", "省统一身份认证")
_WAYS: Mapping[str, _Way] = {
    "个人登录": _Way(("个人登录",)),
    "单位登录": _Way(("单位登录", "广东人社统一认证")),
    "省统一身份认证-账号密码": _Way(_IDENTITY, "账号密码"),
    "省统一身份认证-微信扫码": _Way(_IDENTITY, "微信扫码"),
    "省统一身份认证-网银证书": _Way(_IDENTITY, "网银证书"),
    "省统一身份认证-CA证书": _Way(_IDENTITY, "CA证书"),
}
"""登录方式 as the workbook and ``configs/guangdong.toml`` name them."""


async def sign_in(attempt: Attempt, employer: Employer) -> Home:
    """Come to the unit's home.

    One login of a handler serves many units: in a session where somebody is signed in, only the unit is
    switched.

    Raises:
        SessionExpired: nobody is signed in any more.
        LoginRefused: account or password are wrong.
        NeedsPerson: the account is not bound to the unit, or a person is needed for the login.
    """
    session = attempt.session
    if session.signed_in:
        async with attempt.step("切换单位"):
            await _switch(attempt, employer)
    else:
        await _log_in(attempt, employer)
    home = await Home.arrive(session)  # only there is the address its own
    session.signed_in = True
    session.home = session.address
    return home


async def _switch(attempt: Attempt, employer: Employer) -> None:
    session = attempt.session
    await session.go(session.home or session.portal.base_url + session.portal.home_path)
    landed = await session.see(*Units.landmark, *Home.landmark, *Login.landmark)
    if landed.sign in Login.landmark:
        raise SessionExpired("登录已失效：平台回到了登录页")
    await _come_to(session, employer)


async def _come_to(session: Session, employer: Employer) -> None:
    """Have business done for this unit: chosen in the popup, which may come a moment after the home."""
    await session.settle()
    if await session.shows(*Units.landmark):
        await Units(session).choose(employer)
        return
    home = Home(session)
    if not await home.is_for(employer.name):
        await (await home.switch_unit()).choose(employer)


async def _log_in(attempt: Attempt, employer: Employer) -> None:
    name = employer.login or attempt.portal.default_login
    if name not in _WAYS:
        raise NeedsPerson(f"没有登录方式“{name}”", f"“登录方式”可以填：{'、'.join(_WAYS)}")
    async with attempt.step("登录网上服务平台"):
        entered = await _enter(attempt, employer, _WAYS[name])
    if entered:
        return
    await complete(attempt, employer)
    async with attempt.step("清理浏览器缓存后重新登录"):
        await attempt.session.forget_login()
        if not await _enter(attempt, employer, _WAYS[name]):
            raise PortalChanged("信息已完善，重新登录后平台仍要求完善单位信息")


async def _enter(attempt: Attempt, employer: Employer, way: _Way) -> bool:
    """Log in, and choose the unit where the portal asks; false where a first login wants more (G3).

    The popup names other units too: the step's picture is taken when it has gone.
    """
    landed = await way.log_in(attempt)
    if landed in HandlerPage.landmark:
        return False
    await _come_to(attempt.session, employer)
    return True
