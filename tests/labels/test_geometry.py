"""What is clicked is what a person sees there, however the page is scaled, turned, framed and pinned."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Frame, Page

from rpa.browser.labels import Labels
from rpa.browser.labels.errors import Answer
from rpa.browser.labels.page_scripts import Job, PageScripts
from rpa.errors import Unavailable
from tests.labels.conftest import ORIGIN, Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNITS = "甲乙丙丁戊"
ROWS = "".join(
    f"<tr><td>{unit}</td><td><button onclick='hit(`{unit}`)'>提交</button></td></tr>" for unit in UNITS
)
TABLE = f"<table border=1><thead><tr><th>单位</th><th>操作</th></tr></thead><tbody>{ROWS}</tbody></table>"
HIT = "<script>function hit(name) { top.postMessage(name, '*') }</script>"
HEARD = "<script>window.heard = []; addEventListener('message', (event) => heard.push(event.data))</script>"


def framed(inner: str, style: str = "", *, doctype: str = "<!doctype html>") -> str:
    """A document in a frame of the portal."""
    whole = escape(f"{doctype}<meta charset=utf-8>{HIT}{inner}", quote=True)
    return f'<iframe style="width:500px;height:300px;border:4px solid;padding:6px;{style}" srcdoc="{whole}"></iframe>'


def boxed(inner: str, style: str) -> str:
    return f'<div style="{style}">{inner}</div>'


SHAPES = {
    "plain": TABLE,
    "scaled": boxed(TABLE, "transform:scale(.6)"),
    "turned": boxed(TABLE, "transform:rotate(30deg);margin:150px"),
    "zoomed": boxed(TABLE, "zoom:1.4"),
    "whole page zoomed": f"<style>html {{ zoom: .8 }}</style>{TABLE}",
    "whole page scaled": f"<style>body {{ transform: scale(.7); transform-origin: 0 0 }}</style>{TABLE}",
    "framed": framed(TABLE),
    "framed in quirks mode": framed(TABLE, doctype=""),
    "scaled frame": framed(TABLE, "transform:scale(.5,.8)"),
    "turned frame": framed(TABLE, "transform:rotate(90deg) scale(1.2);margin:150px"),
    "zoomed frame": framed(TABLE, "zoom:1.5"),
    "frame in what is zoomed": boxed(framed(TABLE), "zoom:.75"),
    "frame turned by its own property": framed(TABLE, "rotate:20deg;scale:.9;translate:30px 40px"),
    "frame in what is skewed": boxed(framed(TABLE), "transform:skewX(15deg);transform-origin:0 0"),
    "two frames deep": framed(framed(TABLE)),
    "scaled, two frames deep": framed(
        framed(TABLE, "transform:scale(.8)"), "transform:scale(.7) rotate(10deg)"
    ),
    "zoomed, two frames deep": boxed(framed(framed(TABLE, "zoom:.8"), "zoom:1.3"), "zoom:1.2"),
    "far down in scrolled frames": framed(
        f"<div style=height:900px></div>{framed(f'<div style=height:700px></div>{TABLE}', 'transform:scale(.8)')}",
        "margin-top:1500px;transform:rotate(-10deg)",
    ),
    "under a pinned head": (
        "<div style='height:900px'></div>"
        f"<div style='height:420px;overflow:auto'><div style='position:sticky;top:0;height:190px;background:#ddd'>待提交业务</div>{TABLE}<div style=height:900px></div></div>"
    ),
    "over a pinned foot": f"<div style=height:790px></div>{TABLE}<div style=height:600px></div><div style='position:fixed;bottom:0;left:0;right:0;height:120px;background:#ddd'>版权所有</div>",
    "beside a pinned column": (
        "<div style='width:300px;overflow:auto'><div style='display:flex;width:1200px'><div style='position:sticky;left:0;width:180px;flex:none;background:#ddd'>序号<br>1<br>2<br>3</div>"
        f"<div style='flex:none;width:400px'></div>{TABLE}</div></div>"
    ),
}


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=[1, 1.25, 1.5, 2], ids="{}x".format)
async def dense_page(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page on a screen of so many pixels for each of a page's."""
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 900}, device_scale_factor=request.param
    )
    yield await context.new_page()
    await context.close()


async def shown(page: Page, html: str) -> Labels:
    await page.route(
        f"{ORIGIN}/",
        lambda route: route.fulfill(
            body=f"<!doctype html><meta charset=utf-8>{HEARD}{HIT}<body>{html}", content_type="text/html"
        ),
    )
    await page.goto(f"{ORIGIN}/")
    await page.unroute_all()
    scripts = PageScripts(page, await page.context.new_cdp_session(page))
    return Labels(page, scripts, origins=frozenset({ORIGIN}))


@pytest.mark.parametrize("html", SHAPES.values(), ids=SHAPES.keys())
async def test_the_row_that_is_meant_is_submitted(dense_page: Page, html: str) -> None:
    labels = await shown(dense_page, html)
    rows = await labels.rows(["单位", "操作"], timeout=30)
    for row in (rows[2], rows[4]):
        await labels.click_in(row, "提交", timeout=30)
    await dense_page.wait_for_function("heard.length === 2")
    assert await dense_page.evaluate("heard") == ["丙", "戊"]


async def test_what_stays_covered_is_not_clicked_and_the_page_stays_where_it_was(
    show: Show, page: Page
) -> None:
    foot = "<div style='position:fixed;bottom:0;left:0;right:0;height:200px'>版权所有</div>"
    labels = await show(
        f"{HEARD}{HIT}<div style=height:2000px></div><button onclick=hit('甲')>提交</button>{foot}"
    )
    await page.evaluate("scrollTo(0, 300)")
    with pytest.raises(Unavailable, match="“提交”一直被“版权所有”挡住"):
        await labels.click("提交", timeout=0.3)
    assert await page.evaluate("[heard.length, scrollY]") == [0, 300]


COMES_BETWEEN = """<button onclick="document.title += '提交'">提交</button>
<div id=over onclick="document.title += '删除'" style="position:fixed;inset:0;display:none">删除</div>"""


async def test_what_shows_only_under_the_pointer_keeps_the_press_away(show: Show, page: Page) -> None:
    labels = await show(
        f"{COMES_BETWEEN}<script>onmousemove = () => {{ over.style.display = 'block'; setTimeout(() => over.remove(), 200) }}</script>"
    )
    await labels.click("提交", timeout=30)
    await page.wait_for_function("document.title === '提交'")


class Interrupting(PageScripts):
    """Lays something over the page in the last moment before the first press, and takes it away after that."""

    looks = 0

    async def run(self, frame: Frame, main: str, job: Job, seconds: float) -> Answer | None:
        answer = await super().run(frame, main, job, seconds)
        if main == "pointed":
            self.looks += 1
            await self._page.evaluate(
                "(shown) => { over.style.display = shown }", "block" if self.looks == 1 else "none"
            )
        elif main == "pressed":
            await self._page.evaluate("over.style.display = 'none'")
        return answer


async def test_a_press_that_would_land_elsewhere_is_kept_from_it(show: Show, page: Page) -> None:
    await show(COMES_BETWEEN)
    scripts = Interrupting(page, await page.context.new_cdp_session(page))
    await Labels(page, scripts, origins=frozenset({ORIGIN})).click("提交", timeout=30)
    await page.wait_for_function("document.title === '提交'")
    assert scripts.looks == 2
