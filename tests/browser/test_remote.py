"""A browser behind a Playwright server, as on another machine: the same work, the same guards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Playwright

from rpa.browser.labels.spots import Spot
from rpa.browser.launch import launch
from rpa.browser.running_browser import RunningBrowser, running_browser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.translate import translated
from rpa.errors import ForeignOrigin, Unavailable, UserError
from rpa.settings.settings import BrowserSettings, load_settings
from tests.support.portal import portal_at
from tests.support.remote_browser import playwright_server
from tests.support.wire import Wire

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

FORM = (
    "<form method=post action=/submit><label>单位名称 <input name=name></label><button>提交</button></form>"
    "<label>证明材料 <input type=file id=paper></label><a href='/print' target=_blank>打印</a>"
)
PAGES = {"/": FORM, "/done": "<p>提交成功</p>", "/print": "<p>申报表</p>"}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with playwright_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def remote(driver: Playwright, endpoint: str) -> AsyncIterator[RunningBrowser]:
    settings = BrowserSettings(ws_endpoint=endpoint)
    browser = await launch(driver, settings)
    async with running_browser(settings, driver, browser) as shared:
        yield shared
    await browser.close()


@pytest.fixture(params=["here", "elsewhere"])
def either(request: pytest.FixtureRequest, running: RunningBrowser, remote: RunningBrowser) -> RunningBrowser:
    """The browser of this machine, and the remote one."""
    return running if request.param == "here" else remote


async def test_a_form_is_filled_pictured_and_sent(remote: RunningBrowser, tmp_path: Path) -> None:
    paper = tmp_path / "证明.txt"
    paper.write_text("证明材料的内容", encoding="utf-8")
    async with Wire(PAGES).listening() as wire, Session.open(remote, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        held = await session.fill({"单位名称": "河南试验机械有限公司"})
        await session.upload(Spot("证明材料"), [paper])
        received = await session.page.evaluate("document.getElementById('paper').files[0].text()")
        printed = await session.windows.print_out(lambda: session.click("打印"), seconds=20)
        async with session.single_send() as sent:
            await session.click("提交")
            await session.see(Sign("提交成功"))
        shot = await session.camera.take()
    assert held["单位名称"].text == "河南试验机械有限公司"
    assert received == "证明材料的内容"
    assert len(printed.pictures) == 1
    assert shot is not None
    assert shot.jpeg.startswith(b"\xff\xd8")
    assert [one.address for one in sent.left] == [wire.url + "/submit"]
    assert [(path, cookie) for path, _, cookie in wire.posts] == [("/submit", "before=1")]


async def test_a_commit_whose_answer_is_lost_leaves_once(remote: RunningBrowser) -> None:
    async with Wire(PAGES, resets=frozenset({"/submit"})).listening() as wire:
        for _ in range(3):
            async with Session.open(remote, portal_at(wire.url)) as session:
                await session.go(wire.url + "/")
                async with session.single_send() as sent:
                    await session.click("提交")
                    with pytest.raises(Unavailable):
                        await session.see(Sign("提交成功"))
                assert len(sent.requests) == len(sent.unanswered) == 1
    assert len(wire.posts) == 3


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_a_page_wants_from_elsewhere_is_refused(either: RunningBrowser, scheme: str) -> None:
    ask = "url => fetch(url).then(answer => answer.status, () => 'refused')"
    portal, foreign = Wire({"/": "<p>平台</p>"}), Wire({"/": "<p>外站</p>"})
    async with portal.listening(), foreign.listening():
        async with Session.open(either, portal_at(portal.url)) as session:
            await session.go(portal.url + "/")
            answer = await session.page.evaluate(ask, foreign.url.replace("http", scheme))
        assert answer in ("refused", 403)
    assert foreign.gets == []


async def _arrive(session: Session, url: str) -> None:
    """Go where a page leads elsewhere, and look for what the portal would show."""
    with translated():
        async with session.page.expect_event("framenavigated", lambda frame: url not in frame.url):
            await session.go(url + "/")
        await session.see(Sign("单位办事通道"), seconds=1)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_page_that_leads_away_stops_the_filing_by_name(either: RunningBrowser, scheme: str) -> None:
    foreign = Wire({"/": "<p>单位办事通道</p><input placeholder='账号'>"})
    async with foreign.listening():
        away = foreign.url.replace("http", scheme)
        portal = Wire({"/": f"<script>location.href = '{away}/'</script>"})
        async with portal.listening(), Session.open(either, portal_at(portal.url)) as session:
            with pytest.raises(ForeignOrigin, match=away):
                await _arrive(session, portal.url)
    assert foreign.gets == []


async def test_a_redirect_that_leads_away_stops_the_filing_by_name(either: RunningBrowser) -> None:
    away = "https://elsewhere.example"
    portal = Wire({"/": ""}, status=f"302 Found\r\nLocation: {away}/?secret")
    async with portal.listening(), Session.open(either, portal_at(portal.url)) as session:
        with pytest.raises(ForeignOrigin, match=away) as caught, translated():
            await session.go(portal.url + "/")
    assert "secret" not in str(caught.value)


async def test_a_frame_from_elsewhere_is_refused_and_the_work_goes_on(either: RunningBrowser) -> None:
    portal = Wire({"/": "<iframe src='https://counter.example/'></iframe><p>单位办事通道</p>"})
    async with portal.listening(), Session.open(either, portal_at(portal.url)) as session:
        await session.go(portal.url + "/")
        await session.page.wait_for_load_state("load")
        seen = await session.see(Sign("单位办事通道"))
    assert seen.words == "单位办事通道"


async def test_a_server_that_is_not_there_is_told_without_its_path(driver: Playwright) -> None:
    settings = BrowserSettings(ws_endpoint="ws://127.0.0.1:1/token")
    with pytest.raises(UserError, match=r"127\.0\.0\.1:1）连不上：拒绝连接") as caught:
        await launch(driver, settings)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        ("428 Precondition Required", "Playwright version mismatch:", "同一版本"),
        ("400 Bad Request", "", "核对整个地址"),
    ],
)
async def test_a_server_that_refuses_is_explained(
    driver: Playwright, status: str, words: str, said: str
) -> None:
    async with Wire({"/token": words}, status=status).listening() as wire:
        address = wire.url.replace("http", "ws") + "/token"
        with pytest.raises(UserError, match=said) as caught:
            await launch(driver, BrowserSettings(ws_endpoint=address))
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("address", ["wss://browsers.example/token", "ws://127.0.0.1:3000/token", ""])
async def test_addresses_that_are_accepted(address: str) -> None:
    assert load_settings(browser={"ws_endpoint": address}).browser.ws_endpoint == address


@pytest.mark.parametrize("address", ["ws://browsers.example/token", "https://browsers.example", "wss://"])
async def test_addresses_that_are_not(address: str) -> None:
    with pytest.raises(UserError, match=r"ws_endpoint：.*wss://") as caught:
        load_settings(browser={"ws_endpoint": address})
    assert "browsers" not in str(caught.value)
