"""Pictures: the whole page where it scrolls, frames included, and never later than the next action."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from rpa.browser.camera import PagePicture
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SIZE_MARKERS = (0xC0, 0xC1, 0xC2)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while True:
        marker, length = struct.unpack(">xBH", jpeg[at : at + 4])
        if marker in _SIZE_MARKERS:
            height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
            return width, height
        at += 2 + length


async def _picture(running: RunningBrowser, pages: dict[str, str]) -> PagePicture:
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("末行"))
        await session.page.wait_for_load_state("load")
        shot = await session.camera.take()
        assert shot is not None
        assert await session.page.evaluate("innerHeight") == 800
        return shot


async def test_a_page_that_fits_is_pictured_as_the_viewport(running: RunningBrowser) -> None:
    shot = await _picture(running, {"/": "<title>首页</title><p>末行</p>"})
    assert size_of(shot.jpeg) == (1280, 800)
    assert shot.title == "首页"
    assert shot.address.startswith("http://127.0.0.1:")


async def test_a_page_that_scrolls_is_pictured_whole(running: RunningBrowser) -> None:
    shot = await _picture(running, {"/": "<body style='margin:0'><div style='height:1990px'></div>末行"})
    width, height = size_of(shot.jpeg)
    assert width == 1280
    assert 1990 < height < 2100


async def test_a_frame_that_scrolls_is_pictured_whole(running: RunningBrowser) -> None:
    pages = {
        "/": "<body style='margin:0'><iframe src=/inner style='border:0;width:100%;height:100vh'></iframe>",
        "/inner": "<div style='height:1500px'></div>末行",
    }
    assert size_of((await _picture(running, pages)).jpeg)[1] > 1500


LINES = "".join(f"<div style='height:100px'>第{n}行</div>" for n in range(1, 161)) + "<p id=end>末行</p>"


def _last_line(shot: PagePicture) -> list[tuple[int, ...]]:
    """Where the pictures of a page have the colour of its last line, as rows of the first and last pixel."""
    found: list[tuple[int, ...]] = []
    for one in (shot, *shot.further):
        with Image.open(io.BytesIO(one.jpeg)) as picture:
            reds = [y for y in range(picture.height) if _is_red(picture.getpixel((600, y)))]
        found.append((reds[0], reds[-1]) if reds else ())
    return found


def _is_red(pixel: float | tuple[int, ...] | None) -> bool:
    return isinstance(pixel, tuple) and pixel[0] > 200 and max(pixel[1:3]) < 60


@pytest.mark.parametrize("framed", [False, True])
async def test_a_page_taller_than_a_picture_is_pictured_in_several(
    running: RunningBrowser, framed: bool
) -> None:
    style = "<style>body { margin: 0 } #end { background: red; height: 60px; margin: 0 }</style>"
    frame = "<iframe src=/inner style='border:0;width:100%;height:100vh;display:block'></iframe>"
    pages = {"/": style + frame if framed else style + LINES, "/inner": style + LINES}
    shot = await _picture(running, pages)
    assert size_of(shot.jpeg)[1] == 12_000
    (rest,) = shot.further
    assert size_of(rest.jpeg)[1] == 16_060 - 12_000 + 800
    assert shot.left == 0
    first, last = _last_line(shot)
    assert not first
    assert last[1] >= 4858


async def test_a_page_without_end_says_how_much_is_missing(running: RunningBrowser) -> None:
    shot = await _picture(running, {"/": "<body style='margin:0'>末行<div style='height:80000px'></div>"})
    assert len(shot.further) == 4
    assert 20_000 < shot.left < 25_000


async def test_personal_data_is_found_in_every_picture(running: RunningBrowser) -> None:
    page = (
        "<meta charset=utf-8><body style='margin:0'><div style='height:13000px'></div><p>末行 <b>张示例</b>"
    )
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.personal.learn("联系人", "张示例")
        await session.go(wire.url + "/")
        shot = await session.camera.take()
    assert shot is not None
    assert not shot.private
    assert [box.what for box in shot.further[0].private] == ["联系人"]
    assert shot.further[0].private[0].y > 1000


async def test_the_next_action_waits_for_the_picture(running: RunningBrowser) -> None:
    page = "<body bgcolor=white><button onclick=\"document.body.style.background='black'\">变</button>"
    kept: list[PagePicture | None] = []
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("变"))
        before = await session.camera.take()
        session.camera.start(kept.append)
        await session.click("变")
        after = await session.camera.take()
    assert before is not None
    assert after is not None
    assert [shot and shot.jpeg for shot in kept] == [before.jpeg]
    assert after.jpeg != before.jpeg


async def test_a_page_that_is_gone_leaves_no_picture(running: RunningBrowser) -> None:
    page = "<p>末行</p>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("末行"))
        await session.front.close()
        assert await session.camera.take() is None
