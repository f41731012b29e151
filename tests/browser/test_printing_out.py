"""Whatever a portal does when it prints is kept where it can be had, and neither stays nor stops anything."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from rpa.browser.labels.spots import Spot
from rpa.browser.launch import launch
from rpa.browser.printouts import Printed
from rpa.browser.running_browser import RunningBrowser, running_browser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.settings.settings import BrowserSettings
from tests.support.display import display
from tests.support.portal import portal_at
from tests.support.served_files import File, ServedFiles, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
ATTACHED = {"Content-Disposition": "attachment; filename=form.pdf"}
PAPER = "<title>申报表</title><h1>稳岗返还申报表</h1>"
FORM = """<h2>稳岗返还申请</h2><button>打印申报表</button><p>保存</p><script>
const bytes = Uint8Array.from(atob("%s"), (one) => one.charCodeAt(0));
const file = () => URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
const add = (name, facts) => document.body.append(Object.assign(document.createElement(name), facts));
document.querySelector("button").onclick = () => { %s };
</script>"""
FILES: dict[str, Any] = {
    "/form.pdf": lambda: File("application/pdf", PDF),
    "/late.pdf": lambda: File("application/pdf", PDF, seconds=4),
    "/attached.pdf": lambda: File("application/pdf", PDF, headers=ATTACHED),
    "/notes.zip": lambda: File("application/zip", b"PK", headers={"Content-Disposition": "attachment"}),
    "/paper": page(PAPER),
    "/printing": page(f"{PAPER}<script>onload = () => print()</script>"),
    "/closing": page(f"{PAPER}<script>onload = () => {{ print(); close() }}</script>"),
    "/gone": page("<script>close()</script>"),
}
PDFS = {
    "a window": "open('/form.pdf')",
    "a window without an opener": "open('/form.pdf', '_blank', 'noopener')",
    "a window, late": "open('/late.pdf')",
    "an attachment in a window": "open('/attached.pdf')",
    "a download": "add('a', { href: '/attached.pdf', download: '申报表.pdf', id: 'd' }); d.click()",
    "a download of bytes": "add('a', { href: file(), download: '申报表.pdf', id: 'd' }); d.click()",
    "bytes in a window": "open(file())",
    "bytes in a frame": "add('iframe', { src: file() })",
    "bytes in a frame, released": "const at = file(); add('iframe', { src: at }); URL.revokeObjectURL(at)",
    "bytes embedded": "add('embed', { type: 'application/pdf', src: file() })",
    "bytes as an object": "add('object', { type: 'application/pdf', data: file() })",
    "data in a frame": "add('iframe', { src: 'data:application/pdf;base64,' + "
    "btoa(String.fromCharCode(...bytes)) })",
    "a file in a frame": "add('iframe', { src: '/form.pdf' })",
    "a file embedded": "add('embed', { type: 'application/pdf', src: '/form.pdf' })",
    "fetched for a dialog": "fetch('/late.pdf', { method: 'POST' }).then((it) => it.blob()).then((it) => "
    "add('iframe', { src: URL.createObjectURL(it) }))",
    "fetched for a canvas": "fetch('/form.pdf', { method: 'POST' }).then((it) => it.arrayBuffer())",
}
PICTURES = {
    "a window": "open('/paper')",
    "a window that is written into": f"open('').document.write('{PAPER}')",
    "a window that prints": "open('/printing')",
    "a window that prints and closes itself": "open('/closing')",
    "a frame that nobody sees": "add('iframe', { src: '/paper', width: 0, height: 0, "
    "onload: (event) => event.target.contentWindow.print() })",
    "the page itself": "print()",
    "the page itself, as of old": "document.execCommand('print')",
}
NOTHING = {
    "nothing": ("", "没有出现打印件"),
    "a window that closes itself": ("open('/gone')", "自己关闭"),
    "a file of another kind": ("open('/notes.zip')", "不是 PDF"),
    "an alert": ("alert('暂无单据！')", "没有出现打印件"),
}


@pytest.fixture(scope="module")
def screen() -> Iterator[None]:
    with display() as shown, pytest.MonkeyPatch.context() as patch:
        for name, value in shown.items():
            patch.setenv(name, value)
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def headed(screen: None) -> AsyncIterator[RunningBrowser]:
    """A browser with windows; its driver is started when there is a screen."""
    settings = BrowserSettings(headed=True)
    async with async_playwright() as driver:
        browser = await launch(driver, settings)
        async with running_browser(settings, driver, browser) as shared:
            yield shared
        await browser.close()


@pytest.fixture(params=["headless", "headed"])
def either(request: pytest.FixtureRequest, running: RunningBrowser, headed: RunningBrowser) -> RunningBrowser:
    return running if request.param == "headless" else headed


async def _print(browser: RunningBrowser, act: str) -> Printed:
    """Print, and see that the page is there as before, and alone."""
    form = FORM % (base64.b64encode(PDF).decode(), act)
    async with (
        ServedFiles({"/": page(form), **FILES}).listening() as served,
        Session.open(browser, portal_at(served.url)) as session,
    ):
        await session.go(served.url + "/")
        printed = await session.windows.print_out(lambda: session.click(Spot("打印申报表")), seconds=20)
        await session.see(Sign("保存"))
        assert len(session.windows.context.pages) == 1
        assert session.page.url == served.url + "/"
        return printed


@pytest.mark.parametrize("how", PDFS)
async def test_a_pdf_is_kept(either: RunningBrowser, how: str) -> None:
    printed = await _print(either, PDFS[how])
    assert printed.pdfs == (PDF,)
    assert not printed.missing


@pytest.mark.parametrize("how", PICTURES)
async def test_what_is_no_file_is_pictured(either: RunningBrowser, how: str) -> None:
    printed = await _print(either, PICTURES[how])
    (picture,) = printed.pictures
    assert picture.jpeg.startswith(b"\xff\xd8")
    assert not printed.missing


@pytest.mark.parametrize("how", NOTHING)
async def test_what_does_not_come_is_said(either: RunningBrowser, how: str) -> None:
    act, said = NOTHING[how]
    printed = await _print(either, act)
    assert not printed.pdfs
    assert not printed.pictures
    assert said in printed.missing
