"""The commit's request leaves once, though Chromium would send it again."""

from __future__ import annotations

import pytest

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.single_send import Sent
from rpa.errors import Unavailable
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

PAGES = {
    "/": "<p>首页</p><iframe src='/form'></iframe>",
    "/form": "<form method=post action=/submit><input name=name value=单位><button>提交</button></form>",
    "/done": "<p>提交成功</p>",
}
CLICKS = 5


async def _commit(running: RunningBrowser, wire: Wire, **settings: bool) -> Sent:
    """One click whose answer is lost, as a commit makes it."""
    async with Session.open(running, portal_at(wire.url, **settings)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("提交"))
        await session.page.wait_for_load_state("load")
        async with session.single_send() as sent:
            await session.page.frames[1].click("button")
            with pytest.raises(Unavailable):
                await session.see(Sign("提交成功"))
    return sent


async def test_with_the_guard_each_click_is_one_request(running: RunningBrowser) -> None:
    async with Wire(PAGES, resets=frozenset({"/submit"})).listening() as wire:
        sent = [await _commit(running, wire) for _ in range(CLICKS)]
    assert len(wire.posts) == CLICKS
    assert all(one.posts == one.lost == [wire.url + "/submit"] for one in sent)


async def test_switched_off_the_commit_leaves_as_chromium_sends_it(running: RunningBrowser) -> None:
    """And why the guard is there: should this ever fail, Chromium has changed its ways."""
    async with Wire(PAGES, resets=frozenset({"/submit"})).listening() as wire:
        sent = [await _commit(running, wire, single_send=False) for _ in range(CLICKS)]
    assert len(wire.posts) > CLICKS
    assert sent == [Sent()] * CLICKS


async def test_an_answered_commit_looks_normal_to_the_page(running: RunningBrowser) -> None:
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("提交"))
        async with session.single_send() as sent:
            await session.page.frames[1].click("button")
            await session.see(Sign("提交成功"))
        cookies = {cookie["name"]: cookie["value"] for cookie in await session.windows.context.cookies()}
    assert sent.posts == [wire.url + "/submit"]
    assert sent.lost == []
    assert wire.posts == [("/submit", b"name=%E5%8D%95%E4%BD%8D", "before=1")]
    assert cookies["after"] == "2"
