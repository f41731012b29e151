"""A page whose script never ends: nothing that asks it waits for ever, and its session can be left."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.screencast import glance
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.errors import Unavailable
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """<button>下一步</button><label>联系人 <input></label><script>setTimeout(() => {
  const last = new XMLHttpRequest();
  last.open('GET', '/stuck', false);
  last.send();
  for (;;);
})</script>"""
"""From its last request on it answers nobody."""
LONGEST = 60.0
"""Seconds; with limits of half a second each."""


@pytest_asyncio.fixture(loop_scope="session")
async def stuck(running: RunningBrowser, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    async with Wire({"/": PAGE}).listening() as wire:
        portal = portal_at(wire.url, step_seconds=0.5, save_seconds=0.5)
        async with Session.open(running, portal) as session:
            session.windows.context.set_default_timeout(60_000)  # to get there takes its time
            await session.go(wire.url + "/")
            await wire.asked_for("/stuck")
            monkeypatch.setattr("rpa.browser.timeouts.ANSWER_SECONDS", 0.5)
            yield session
            began = time.monotonic()
        assert time.monotonic() - began < LONGEST, "its context is closed all the same"


@pytest.mark.parametrize(
    "ask",
    [
        lambda session: session.see(Sign("首页")),
        lambda session: session.shows(Sign("首页")),
        lambda session: session.mark(),
        lambda session: session.click("下一步"),
        lambda session: session.fill({"联系人": "张示例"}),
        lambda session: session.read(["联系人"]),
        lambda session: session.image_at(Spot("验证码")),
        lambda session: session.windows.enter(session.page),
    ],
    ids=["see", "shows", "mark", "click", "fill", "read", "captcha", "window"],
)
async def test_it_is_told(stuck: Session, ask: Callable[[Session], Awaitable[object]]) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="页面卡住了"):
        await ask(stuck)
    assert time.monotonic() - began < LONGEST


async def test_its_picture_is_left_out(stuck: Session) -> None:
    began = time.monotonic()
    assert await stuck.camera.take() is None
    await glance(stuck.front)
    assert time.monotonic() - began < LONGEST


async def test_another_page_takes_its_place(stuck: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpa.browser.timeouts.ANSWER_SECONDS", 60.0)  # the new page has time
    old = stuck.page
    await stuck.forget_login()
    assert old.is_closed()
    assert await stuck.page.evaluate("1 + 1") == 2
