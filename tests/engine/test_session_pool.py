"""Whose session an attempt works in: its own, or the one that its login's attempts hand on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.engine.attempt.session_pool import SessionPool
from rpa.engine.attempt.session_store import SessionStore
from rpa.errors import (
    Cancelled,
    Drained,
    LoginRefused,
    Mismatch,
    NeedsPerson,
    PortalChanged,
    Refused,
    RehearsalEnded,
    SessionExpired,
    Unanswered,
    Unconfirmed,
)
from rpa.filing import Filing
from rpa.privacy.sealing import Seal
from rpa.settings.portal import LoginWay, PortalSettings
from tests.ledger.builders import shared
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOGIN = "0123456789abcdef"


def by(way: str) -> Filing:
    """A filing whose row names a 登录方式."""
    filing = shared(2, "张三经办")
    return replace(filing, employer=replace(filing.employer, login=way))


@dataclass
class Portal:
    """A tiny one, and the sessions at it; ``again`` is another run of the program."""

    running: RunningBrowser
    settings: PortalSettings
    folder: Path
    seal: Seal
    wire: Wire

    def __post_init__(self) -> None:
        self.sessions = self.again()

    def again(self) -> SessionPool:
        async def browser() -> RunningBrowser:
            return self.running

        return SessionPool(browser, SessionStore(self.folder, self.seal))

    def minutes(self, minutes: float) -> None:
        self.settings = self.settings.model_copy(update={"keep_session_minutes": minutes})

    async def attempt(
        self, *, sign_in: bool = True, filing: Filing | None = None, ending: BaseException | None = None
    ) -> tuple[Session, bool]:
        """One attempt; its session, and whether it was signed in at its beginning."""
        found = []
        with suppress(*([type(ending)] if ending else [])):
            async with self.sessions.open(filing or shared(1, "张三经办"), LOGIN, self.settings) as session:
                found.append((session, session.signed_in))
                await session.go(self.wire.url + "/")
                if sign_in:
                    session.signed_in = True
                    await session.windows.context.add_cookies(
                        [{"name": "ticket", "value": "once", "url": self.wire.url}]
                    )
                if ending:
                    raise ending
        return found[0]


@pytest_asyncio.fixture(loop_scope="session")
async def portal(running: RunningBrowser, tmp_path: Path, seal: Seal) -> AsyncIterator[Portal]:
    async with Wire({"/": "<p>首页</p>"}).listening() as wire:
        ways = {"个人登录": LoginWay(stored=True, shared=True), "单位登录": LoginWay(stored=True)}
        settings = portal_at(wire.url, logins=ways, default_login="个人登录", step_seconds=60.0)
        made = Portal(running, settings, tmp_path / "sessions", seal, wire)
        yield made
        await made.sessions.close()


async def test_attempts_of_a_shared_login_hand_their_session_on(portal: Portal) -> None:
    first, _ = await portal.attempt()
    second, signed_in = await portal.attempt(filing=shared(2, "张三经办"))
    assert second is first
    assert signed_in
    assert not first.page.is_closed()
    await portal.sessions.end_series(LOGIN)
    assert first.page.is_closed()
    third, signed_in = await portal.attempt()
    assert third is not first
    assert not signed_in


async def test_a_login_that_serves_one_employer_has_a_session_for_each_attempt(portal: Portal) -> None:
    own = by("单位登录")
    first, _ = await portal.attempt(filing=own)
    assert first.page.is_closed()
    _, signed_in = await portal.attempt(filing=own)
    assert not signed_in


async def test_no_stored_login_no_common_session(portal: Portal) -> None:
    for _ in range(2):
        async with portal.sessions.open(shared(1, ""), "", portal.settings) as session:
            assert not session.signed_in
            session.signed_in = True


@pytest.mark.parametrize(
    "ending",
    [
        Refused("不在名单内"),
        NeedsPerson("劳务派遣"),
        Mismatch(()),
        RehearsalEnded("试办"),
        Cancelled("不同意"),
    ],
    ids=lambda ending: type(ending).__name__,
)
async def test_what_ends_one_filing_says_nothing_against_the_session(
    portal: Portal, ending: Exception
) -> None:
    first, _ = await portal.attempt(ending=ending)
    second, signed_in = await portal.attempt()
    assert second is first
    assert signed_in


@pytest.mark.parametrize(
    "ending",
    [
        SessionExpired("登录已失效"),
        PortalChanged("找不到“提交”"),
        Unconfirmed("没有找到"),
        LoginRefused("账号或密码错误"),
        Unanswered("无人答复"),
        Drained("停下"),
        RuntimeError("a mistake of ours"),
        asyncio.CancelledError(),
    ],
    ids=lambda ending: type(ending).__name__,
)
async def test_after_anything_else_the_next_attempt_begins_afresh(
    portal: Portal, ending: BaseException
) -> None:
    first, _ = await portal.attempt(ending=ending)
    assert first.page.is_closed()
    second, signed_in = await portal.attempt()
    assert second is not first
    assert not signed_in


async def test_another_way_of_the_same_login_is_another_session(portal: Portal) -> None:
    both = {"个人登录": LoginWay(shared=True), "法人登录": LoginWay(shared=True)}
    portal.settings = portal.settings.model_copy(update={"logins": both})
    first, _ = await portal.attempt()
    second, signed_in = await portal.attempt(filing=by("法人登录"))
    assert second is not first
    assert not signed_in
    assert first.page.is_closed()


async def test_closing_ends_every_session(portal: Portal) -> None:
    first, _ = await portal.attempt()
    await portal.sessions.close()
    assert first.page.is_closed()
    await portal.sessions.end_series(LOGIN)


# Kept for a later run


async def test_nothing_is_written_unless_the_portal_allows_it(portal: Portal) -> None:
    await portal.attempt()
    await portal.sessions.end_series(LOGIN)
    assert not portal.folder.exists()


async def test_a_later_run_goes_on_signed_in(portal: Portal) -> None:
    portal.minutes(30)
    await portal.attempt()
    await portal.sessions.end_series(LOGIN)
    portal.sessions = portal.again()
    session, signed_in = await portal.attempt(sign_in=False)
    assert signed_in
    cookies = await session.windows.context.cookies()
    assert ("ticket", "once") in [(one.get("name"), one.get("value")) for one in cookies]


async def test_what_was_never_signed_in_is_not_kept(portal: Portal) -> None:
    portal.minutes(30)
    await portal.attempt(sign_in=False)
    await portal.sessions.end_series(LOGIN)
    assert not portal.folder.exists()


async def test_a_kept_state_that_did_not_do_is_thrown_away(portal: Portal) -> None:
    portal.minutes(30)
    await portal.attempt()
    await portal.sessions.end_series(LOGIN)
    portal.sessions = portal.again()
    _, signed_in = await portal.attempt(ending=SessionExpired("登录已失效"))
    assert signed_in
    assert list(portal.folder.iterdir()) == []
    _, signed_in = await portal.attempt(sign_in=False)
    assert not signed_in


async def test_using_a_state_does_not_prolong_it(portal: Portal) -> None:
    portal.minutes(30)
    await portal.attempt()
    await portal.sessions.end_series(LOGIN)
    (path,) = portal.folder.iterdir()
    until = [portal.seal.open(path.read_text())]
    portal.sessions = portal.again()
    portal.minutes(600)
    await portal.attempt(sign_in=False)
    await portal.sessions.end_series(LOGIN)
    until.append(portal.seal.open(path.read_text()))
    assert len({text.partition('"until": ')[2][:30] for text in until}) == 1


async def test_a_browser_that_is_gone_keeps_nothing(portal: Portal) -> None:
    portal.minutes(30)
    session, _ = await portal.attempt()
    await session.windows.context.close()
    await portal.sessions.end_series(LOGIN)
    assert not portal.folder.exists()
