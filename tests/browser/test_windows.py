"""A window that a click opens is in front until it is left; starting over leaves nothing behind."""

from __future__ import annotations

import pytest
from playwright.async_api import Error as PlaywrightError

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.browser.signs import Interruption, Sign
from rpa.errors import PortalChanged, Refused, SessionExpired
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPENER = "<h1>首页</h1><button onclick=\"window.open('/window')\">单位办理</button>"
SEND = "<form method=post action=/send><button>提交</button></form>"
FORM = f"<h1>单位信息确认</h1><label>联系人 <input></label>{SEND}"
ARRIVED = Sign("单位信息确认")


async def _open(session: Session, wire: Wire) -> None:
    await session.go(wire.url + "/")
    seen = await session.follow(lambda: session.click("单位办理"), ARRIVED)
    assert seen.sign is ARRIVED


async def test_a_window_is_in_front_until_it_is_left(running: RunningBrowser) -> None:
    pages = {"/": OPENER, "/window": FORM, "/done": "<h1>提交成功</h1>"}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await _open(session, wire)
        assert session.address == f"{wire.url}/window"
        held = await session.fill({"联系人": "张三"})
        assert held["联系人"].text == "张三"
        shot = await session.camera.take()
        assert shot is not None
        assert shot.address.endswith("/window")
        async with session.single_send() as sent:
            await session.click("提交")
            await session.see(Sign("提交成功"))
        assert [one.address for one in sent.left] == [f"{wire.url}/send"]
        assert len(wire.posts) == 1
        await session.windows.leave()
        assert session.address == f"{wire.url}/"
        assert len(session.windows.context.pages) == 1


async def test_what_stays_on_the_page_is_followed_too(running: RunningBrowser) -> None:
    show = "document.body.innerHTML = '<iframe src=/window></iframe>'"
    pages = {"/": f'<button onclick="{show}">单位办理</button>', "/window": FORM}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await _open(session, wire)
        assert session.address == f"{wire.url}/"
        await session.windows.leave()
        await session.see(ARRIVED)


@pytest.mark.parametrize("where", ["here", "window"])
async def test_the_portals_own_words_come_from_either_page(running: RunningBrowser, where: str) -> None:
    refusal = "<p>不在名单内</p>"
    here = f"<button onclick=\"document.body.innerHTML = '{refusal}'\">单位办理</button>"
    pages = {"/": here if where == "here" else OPENER, "/window": refusal}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.waiter.interruptions = [Interruption(Sign("不在名单内"), Refused)]
        with pytest.raises(Refused):
            await _open(session, wire)


async def test_a_portal_that_closes_its_window_is_no_trouble(running: RunningBrowser) -> None:
    pages = {"/": OPENER, "/window": FORM + "<button onclick='window.close()'>返回</button>"}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await _open(session, wire)
        async with session.page.expect_event("close"):
            await session.click("返回")
        await session.windows.leave()
        await session.see(Sign("首页"))


async def test_a_window_that_just_went_elsewhere_is_closed_all_the_same(running: RunningBrowser) -> None:
    reload = "location.reload(); new Promise(() => {})"
    async with (
        Wire({"/": OPENER, "/window": FORM}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        for _ in range(2):  # without asking again Chromium leaves nearly every one of them open for ever
            await _open(session, wire)
            with pytest.raises(PlaywrightError, match="navigation"):
                await session.page.evaluate(reload)
            await session.windows.leave()
            assert len(session.windows.context.pages) == 1


async def test_nothing_shows_anywhere(running: RunningBrowser) -> None:
    pages = {"/": "<button>单位办理</button>"}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.waiter._portal = portal_at(wire.url, step_seconds=0.5)  # all but the looking has time
        with pytest.raises(PortalChanged, match="单位信息确认"):
            await _open(session, wire)


async def test_a_fresh_start_leaves_windows_and_words_but_not_the_login(running: RunningBrowser) -> None:
    async with (
        Wire({"/": "<script>alert('请核对')</script>" + OPENER, "/window": FORM}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        first = session.waiter
        await _open(session, wire)
        session.signed_in = True
        assert first.dialogs == ["请核对"]
        await session.fresh_start()
        assert len(session.windows.context.pages) == 1
        assert session.address == "about:blank"
        assert session.waiter is first
        assert not first.dialogs
        assert session.signed_in
        assert {cookie["name"] for cookie in await session.windows.context.cookies()} == {"before"}


async def test_forgetting_the_login_clears_cookies_and_storage(running: RunningBrowser) -> None:
    keep = "<script>localStorage.token = sessionStorage.token = 'x'</script><h1>首页</h1>"
    show = "<script>document.write('记得' + (localStorage.token || sessionStorage.token || '没有'))</script>"
    pages = {"/": keep, "/after": show}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        expired = [Interruption(Sign("登录已失效"), SessionExpired)]
        session.waiter.interruptions = expired
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        session.signed_in = True
        await session.forget_login()
        assert await session.windows.context.cookies() == []
        assert not session.signed_in
        assert session.waiter.interruptions == expired
        await session.go(wire.url + "/after")
        await session.see(Sign("记得没有"))


class Home(Screen):
    landmark = (Sign("首页"),)


async def test_back_comes_home_out_of_every_window_and_loads_anew(running: RunningBrowser) -> None:
    pages = {"/": OPENER + "<button onclick='document.body.innerHTML = `坏`'>弄坏</button>", "/window": FORM}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/#/home")
        home = await Home.arrive(session)
        await session.follow(lambda: session.click("单位办理"), ARRIVED)
        await home.back()
        await session.click("弄坏")
        await home.back()
        assert session.address == f"{wire.url}/#/home"
        assert await session.has(Spot("单位办理"))
    assert wire.gets.count("/") == 3


async def test_a_page_that_asks_whether_to_leave_is_left(running: RunningBrowser) -> None:
    page = "<input><script>onbeforeunload = (event) => event.preventDefault()</script>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.page.locator("input").press("1")  # without a person's hand on it no page may ask
        await session.fresh_start()
        assert session.address == "about:blank"
        assert session.waiter.dialogs == []
