"""Small pictures for somebody who looks on: true, small, and nothing to the page or to the evidence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.screencast import glance
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from tests.browser.test_camera import size_of
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

STILL = "<body bgcolor=white><button onclick=\"document.body.style.background='black'\">变</button>"
RESTLESS = "<p id=it>0</p><script>setInterval(() => it.textContent = ++window.n || (n = 1), 5)</script>末行"
TALL = "<body style='margin:0'><div style='height:1990px'></div>末行"


@asynccontextmanager
async def shown(running: RunningBrowser, pages: Mapping[str, str], sign: str) -> AsyncIterator[Session]:
    async with (
        Wire(dict(pages)).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        await session.see(Sign(sign))
        yield session


async def picture(session: Session, *, other_than: bytes | None = None) -> bytes:
    """A busy machine may show nothing for a second, and what it paints a moment later."""
    async with asyncio.timeout(60):
        while (frame := await glance(session.front)) in (None, other_than):
            """Not yet."""
    assert frame
    return frame


async def settled(session: Session, *, other_than: bytes) -> bytes:
    """Two pictures in a row are the same: a pressed button's own colours may be on their way before."""
    frame = await picture(session, other_than=other_than)
    async with asyncio.timeout(60):
        while (later := await picture(session)) != frame:
            frame = later
    return frame


async def test_it_is_small_and_of_now(running: RunningBrowser) -> None:
    async with shown(running, {"/": STILL}, "变") as session:
        before = await picture(session)
        await session.click("变")
        after = await settled(session, other_than=before)
        again = await picture(session)
    assert size_of(before) == (480, 300)
    assert after == again, "nothing has changed"


async def test_nothing_is_sent_in_between(running: RunningBrowser) -> None:
    async with shown(running, {"/": RESTLESS}, "末行") as session:
        frames = [await picture(session) for _ in range(3)]
        assert len(set(frames)) > 1, "the page goes on, and so do its pictures"
        late: list[object] = []
        session.front.cdp.on("Page.screencastFrame", lambda event: late.extend([event]))
        for _ in range(2):
            late.clear()  # what was under way arrives in the first turn
            before = await session.page.evaluate("n")
            await session.page.wait_for_function(f"n > {before + 50}")
        assert late == []


async def test_the_pictures_of_the_evidence_are_the_same(running: RunningBrowser) -> None:
    async with shown(running, {"/": TALL}, "末行") as session:
        alone = await session.camera.take()
        async with looked_on(session) as frames:
            beside = [await session.camera.take() for _ in range(3)]
            while not frames:
                beside.append(await session.camera.take())
        assert await session.page.evaluate("[innerWidth, innerHeight]") == [1280, 800]
    assert beside == [alone] * len(beside)


@asynccontextmanager
async def looked_on(session: Session) -> AsyncIterator[list[bytes]]:
    """Somebody looks on while the block lasts; gives what they have seen so far."""
    frames: list[bytes] = []

    async def look_on() -> None:
        while True:
            if frame := await glance(session.front):
                frames.append(frame)

    looking = asyncio.create_task(look_on())
    try:
        async with asyncio.timeout(100):
            yield frames
        assert not looking.done(), "nothing disturbs them"
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_it_is_of_the_window_in_front(running: RunningBrowser) -> None:
    pages = {
        "/": "<button onclick=\"window.open('/window')\">打开</button>",
        "/window": "<body bgcolor=navy>窗口",
    }
    async with shown(running, pages, "打开") as session:
        first = await picture(session)
        await session.follow(lambda: session.click("打开"), Sign("窗口"))
        window = await picture(session, other_than=first)
        await session.windows.leave()
        await picture(session, other_than=window)


async def test_a_page_that_is_gone_shows_nothing(running: RunningBrowser) -> None:
    async with shown(running, {"/": STILL}, "变") as session:
        async with looked_on(session):
            await picture(session)
            await session.page.close()
        assert await glance(session.front) is None


async def test_going_elsewhere_meanwhile_disturbs_nobody(running: RunningBrowser) -> None:
    pages = {"/": STILL, **{f"/{number}": f"<p>第{number}页</p>" for number in range(8)}}
    async with shown(running, pages, "变") as session:
        top = session.address
        async with looked_on(session) as frames:
            for number in range(8):
                await session.go(f"{top}{number}")
                await session.see(Sign(f"第{number}页"))
            while len(frames) < 2:
                await session.see(Sign("第7页"))
