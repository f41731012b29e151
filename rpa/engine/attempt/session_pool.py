"""The browser sessions of attempts: each its own, but for logins that serve many employers.

Such a login's session is opened by the first attempt of its series, handed from one attempt to the next, and
closed when that is over. An attempt that ended badly takes it along: the next one logs in afresh.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.translate import translated
from rpa.engine.attempt.session_store import Binding, SessionStore, StoredSession
from rpa.errors import Cancelled, LoginRefused, NeedsPerson, Refused, RehearsalEnded, Unavailable
from rpa.filing import Filing
from rpa.settings.addresses import origin_of
from rpa.settings.portal import PortalSettings

_LEFT_WELL = (Refused, NeedsPerson, RehearsalEnded, Cancelled)
"""Endings that say something about one filing, and nothing against the session it was made in."""


@dataclass(frozen=True, slots=True)
class _PooledSession:
    """A session between attempts, or in one."""

    session: Session
    closing: AsyncExitStack
    way: str
    """登录方式 that its login was made by."""
    binding: Binding
    until: datetime
    """When it may no longer be kept."""


class SessionPool:
    """Gives each attempt its session.

    Args:
        browser: gives the browser that all share, a new one where the last one died.
        kept: states of former sessions.
    """

    def __init__(self, browser: Callable[[], Awaitable[RunningBrowser]], kept: SessionStore) -> None:
        self._browser = browser
        self._kept = kept
        self._idle: dict[str, _PooledSession] = {}

    @asynccontextmanager
    async def open(self, filing: Filing, login: str, portal: PortalSettings) -> AsyncIterator[Session]:
        """The session of one attempt at a filing.

        Args:
            filing: what is attempted.
            login: its row's stored login, as :attr:`rpa.ledger.data.Task.login` names it.
            portal: its portal.
        """
        if not (login and portal.login_way(filing.employer.login).shared):
            async with Session.open(await self._browser(), portal) as session:
                yield session
            return
        held = await self._take(filing, login, portal)
        well = False
        try:
            await held.session.fresh_start()
            yield held.session
            well = True
        except _LEFT_WELL as stop:
            well = not isinstance(stop, LoginRefused)
            raise
        finally:
            if well and login not in self._idle:
                self._idle[login] = held
            else:
                await self._drop(held)

    async def end_series(self, login: str) -> None:
        """The login's series is over: close its session, and keep its state where the portal allows that."""
        held = self._idle.pop(login, None)
        if held is None:
            return
        async with held.closing:
            if held.session.signed_in and datetime.now(UTC) < held.until:
                with suppress(Unavailable), translated():  # the browser is gone, and the session with it
                    self._kept.save(held.binding, StoredSession(await held.session.state(), held.until))

    async def close(self) -> None:
        """Close every session that no attempt is in."""
        while self._idle:
            _, held = self._idle.popitem()
            await held.closing.aclose()

    async def _take(self, filing: Filing, login: str, portal: PortalSettings) -> _PooledSession:
        way = filing.employer.login or portal.default_login
        held = self._idle.pop(login, None)
        if held and held.way == way:
            return held
        if held:
            await self._drop(held)
        binding = Binding(filing.portal_key, origin_of(portal.base_url), login)
        minutes = timedelta(minutes=portal.keep_session_minutes)
        kept = self._kept.load(binding) if minutes else None
        until = kept.until if kept else datetime.now(UTC) + minutes
        async with AsyncExitStack() as stack:
            opening = Session.open(await self._browser(), portal, state=kept.state if kept else None)
            session = await stack.enter_async_context(opening)
            return _PooledSession(session, stack.pop_all(), way, binding, until)

    async def _drop(self, held: _PooledSession) -> None:
        self._kept.discard(held.binding)
        await held.closing.aclose()
