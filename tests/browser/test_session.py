"""Seeing where a page stands: whichever sign shows first, and what goes wrong meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Interruption, Sign
from rpa.browser.speech import Occasion
from rpa.browser.translate import translated
from rpa.errors import PortalChanged, Refused, RpaError, SessionExpired, Unavailable
from tests.support.portal import portal_at
from tests.support.wire import Wire, nobody_there

pytestmark = pytest.mark.asyncio(loop_scope="session")

LATER = "<script>setTimeout(() => document.body.innerHTML += '<p>{}</p>', 60)</script>"
FADING = (
    "<div id=d style='position:fixed;z-index:9;opacity:0;transition:opacity {}'>温馨提示"
    "<p>单位名称不能为空</p><button>确定</button></div>"
    "<script>requestAnimationFrame(() => requestAnimationFrame(() => d.style.opacity = 1))</script>"
)


async def test_the_first_of_several_signs_that_shows(running: RunningBrowser) -> None:
    pages = {"/": "<p>正在加载</p>" + LATER.format("办理进度查询")}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        seen = await session.see(Sign("我的待提交业务"), Sign("办理进度查询"))
    assert seen.sign == Sign("办理进度查询")


async def test_signs_are_seen_in_frames_and_across_a_redirect(running: RunningBrowser) -> None:
    pages = {
        "/": "<script>setTimeout(() => location.href = '/next', 50)</script>首页",
        "/next": "<iframe src='/inner'></iframe>",
        "/inner": "<iframe src='/core'></iframe>",
        "/core": "<td>审 核 结 果 查 询：</td>",
    }
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        seen = await session.see(Sign("审核结果查询"))
    assert seen.words == "审 核 结 果 查 询："


async def test_hidden_text_is_no_sign(running: RunningBrowser) -> None:
    pages = {
        "/": "<p hidden>提交成功</p><p style='visibility:hidden'>提交成功</p><script>'提交成功'</script>末行"
    }
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("末行"))
        with pytest.raises(PortalChanged, match="提交成功"):
            await session.see(Sign("提交成功"), seconds=0.5)


async def test_an_interruption_stops_what_is_waited_for(running: RunningBrowser) -> None:
    pages = {"/": LATER.format("未登录或登录超时。请重新登录，谢谢！")}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.waiter.interruptions = [Interruption(Sign("未登录或登录超时"), SessionExpired)]
        await session.go(wire.url + "/")
        with pytest.raises(SessionExpired, match="请重新登录"):
            await session.see(Sign("首页"))


async def test_a_native_alert_is_read_and_answered(running: RunningBrowser) -> None:
    pages = {"/": "<script>alert('未登录或登录超时。请重新登录，谢谢！')</script>"}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.waiter.interruptions = [Interruption(Sign("未登录或登录超时"), SessionExpired)]
        await session.go(wire.url + "/")
        with pytest.raises(SessionExpired):
            await session.see(Sign("首页"))
        assert session.waiter.dialogs == ["未登录或登录超时。请重新登录，谢谢！"]


@pytest.mark.parametrize(("meant", "shown"), [(False, "没有删除"), (True, "已提交")])
async def test_a_native_confirm_is_refused_unless_it_is_meant(
    running: RunningBrowser, *, meant: bool, shown: str
) -> None:
    ask = "document.body.innerHTML = confirm('确定要提交申报吗?') ? '已提交' : '没有删除'"
    pages = {"/": f'<button onclick="{ask}">办理</button>'}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        heard = await session.ask(
            lambda: session.click("办理"),
            Sign("已提交"),
            Sign("没有删除"),
            occasion=Occasion("办理时平台提示", answers=meant),
        )
    assert heard.sign == Sign(shown)


async def test_a_dialog_counts_when_it_stands_at_full_strength(running: RunningBrowser) -> None:
    notice = "<h3>温馨提示</h3>" + FADING.format("200ms")
    dialog = Sign("温馨提示", dialog=True)
    async with Wire({"/": notice}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        seen = await session.see(Sign("保存成功"), dialog)
        opacity = await session.page.evaluate("getComputedStyle(d).opacity")
    assert seen.sign is dialog
    assert float(opacity) >= 0.99


async def test_an_interruption_counts_before_words(running: RunningBrowser) -> None:
    page = "<div style='position:fixed;z-index:9'><b>温馨提示</b><p>已经申请过稳岗补贴</p></div>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        session.waiter.interruptions = [Interruption(Sign("已经申请过"), Refused)]
        await session.go(wire.url + "/")
        with pytest.raises(Refused, match=r"^已经申请过稳岗补贴$"):
            await session.hear(Sign("保存成功"), occasion=Occasion("保存时平台提示"))


async def test_gone_waits_until_the_text_no_longer_shows(running: RunningBrowser) -> None:
    page = "<p id=p>资金用途告知</p><button onclick='setTimeout(() => p.remove(), 80)'>确定</button>"
    async with Wire({"/": page}).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.click("确定")
        await session.see(Sign("资金用途告知", gone=True))
        assert await session.page.evaluate("document.body.innerText.trim()") == "确定"


async def test_fresh_means_newer_than_the_mark(running: RunningBrowser) -> None:
    ask = "fetch('/rows').then(r => r.text()).then(t => document.getElementById('list').innerHTML = t)"
    pages = {
        "/": f'<button onclick="{ask}">查询</button><div id=list>总行数: 0</div>',
        "/rows": "总行数: 1",
    }
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("查询"))
        await session.mark()
        with pytest.raises(PortalChanged):
            await session.see(Sign("总行数", fresh=True), seconds=0.4)
        await session.click(Spot("查询"))
        await session.see(Sign("总行数: 1", fresh=True))


async def test_an_http_error_is_told_at_once(running: RunningBrowser) -> None:
    broken = Wire({"/": "<h1>系统错误</h1>"}, status="500 Oops")
    async with (
        broken.listening(),
        Session.open(running, portal_at(broken.url, step_seconds=200.0)) as session,
    ):
        await session.go(broken.url + "/")
        async with asyncio.timeout(100):
            with pytest.raises(Unavailable, match="HTTP 500"):
                await session.see(Sign("首页"))


async def test_a_portal_that_is_not_there_is_unavailable(running: RunningBrowser) -> None:
    with nobody_there() as gone:
        async with Session.open(running, portal_at(gone)) as session:
            with pytest.raises(Unavailable, match="ERR_CONNECTION_REFUSED"), translated():
                await session.go(gone + "/")


async def test_a_failure_before_anybody_looked_is_told_at_once(running: RunningBrowser) -> None:
    with nobody_there() as gone:
        wire = Wire({"/": f"<button onclick=\"location.href = '{gone}/'\">办理</button>"})
        portal = {"extra_origins": (gone,), "step_seconds": 90.0}
        async with wire.listening(), Session.open(running, portal_at(wire.url, **portal)) as session:
            await session.go(wire.url + "/")
            async with session.page.expect_event("requestfailed"):
                await session.click("办理")
            async with asyncio.timeout(60):
                with pytest.raises(Unavailable, match="ERR_CONNECTION_REFUSED"):
                    await session.see(Sign("首页"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PlaywrightTimeout("Timeout 30000ms exceeded: fill('secret')"), "规定时间"),
        (
            PlaywrightError("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://x/?secret"),
            "ERR_NAME_NOT_RESOLVED",
        ),
        (PlaywrightError("Target page, context or browser has been closed; secret"), "关闭或崩溃"),
        (PlaywrightError("Locator.fill: something new with secret"), "浏览器操作失败"),
    ],
)
async def test_no_browser_error_gets_through_and_none_is_quoted(error: PlaywrightError, words: str) -> None:
    with pytest.raises(RpaError, match=words) as caught, translated():
        raise error
    assert isinstance(caught.value, Unavailable)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def test_a_column_has_the_other_names_that_the_settings_give_it(running: RunningBrowser) -> None:
    table = "<table><tr><th>申请时间</th><th>状态</th></tr><tr><td>2026-03-05</td><td>通过</td></tr></table>"
    async with Wire({"/": table}).listening() as wire:
        portal = portal_at(wire.url).model_copy(update={"labels": {"受理时间": ("申请时间",)}})
        async with Session.open(running, portal) as session:
            await session.go(wire.url + "/")
            (row,) = await session.rows(["受理时间"], optional=["统筹区"])
    assert (row["受理时间"], row.get("统筹区")) == ("2026-03-05", "")


async def test_a_list_whose_data_did_not_come_is_not_empty(running: RunningBrowser) -> None:
    """One of which nothing tells that may be."""
    page = "<table><tr><th>单位名称</th></tr></table><script>{}</script>"
    pages = {"/": page.format("fetch('/units')"), "/empty": page.format("")}
    async with Wire(pages).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.page.route("**/units", lambda route: route.fulfill(status=500, body="{}"))
        await session.go(wire.url + "/")
        with pytest.raises(Unavailable, match="HTTP 500"):
            await session.rows(["单位名称"])
        await session.go(wire.url + "/empty")
        assert not await session.rows(["单位名称"])
