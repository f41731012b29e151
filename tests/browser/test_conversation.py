"""Asking a portal and hearing its answer: what is returned, what stops, what is clicked away."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Route

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion, Tone, Utterance
from rpa.errors import (
    LoginRefused,
    Maintenance,
    NeedsPerson,
    PortalChanged,
    Refused,
    SessionExpired,
    Stop,
    Unavailable,
)
from tests.support.portal import portal_at

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

ORIGIN = "http://127.0.0.1:1"  # whatever is asked for there, the test itself answers
REFUSED = "银行账号与户名不一致，请核对后重新保存"
SAVING = Occasion("保存时平台提示", accepts={Tone.SUCCESS})
SUBMITTING = Occasion("提交时平台提示", after_commit=True)
SAVED = Sign("已存为草稿")

BOXES = """<script>
let depth = 10;
function box(title, words, ...buttons) { // the newest stands first in the document, and on top
  const frame = document.createElement('div');
  frame.style.cssText = `position:fixed;inset:0;background:#0003;z-index:${depth++}`;
  const inner = document.createElement('div');
  inner.style.cssText = 'margin:150px auto;width:400px;background:#fff';
  inner.innerHTML = `<h3>${title}</h3><p>${words}</p>`;
  for (const [name, act] of buttons) {
    const button = document.createElement('button');
    button.textContent = name;
    button.onclick = () => { if (act?.(button) !== false) frame.remove(); };
    inner.append(button);
  }
  frame.append(inner);
  document.body.prepend(frame);
}
function toast(words, milliseconds) {
  const el = document.createElement('div');
  el.style.cssText = 'position:fixed;top:20px;left:400px;z-index:99;background:#000;color:#fff';
  el.className = 'x-toast';
  el.textContent = words;
  document.body.append(el);
  setTimeout(() => el.remove(), milliseconds);
}
function log(words) { document.title += `${words};`; }
</script>"""
PAGE = """<!doctype html><meta charset=utf-8><title></title><body>{boxes}<h2>稳岗返还申请</h2>
<label>银行账号 <input id=field></label><div id=err></div><p id=state></p><button onclick="act()">保存</button>
<script>function act() {{ {act} }}</script>{more}"""


@asynccontextmanager
async def showing(
    running: RunningBrowser, act: str, *, more: str = "", seconds: float = 20.0, **pages: Any
) -> AsyncIterator[Session]:
    """A page whose button 保存 runs a script; ``pages`` are further answers of its server."""

    async def serve(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).lstrip("/").partition("?")[0]
        if path:
            await route.fulfill(**pages[path])
        else:
            await route.fulfill(body=PAGE.format(boxes=BOXES, act=act, more=more), content_type="text/html")

    async with Session.open(running, portal_at(ORIGIN, step_seconds=seconds)) as session:
        await session.page.route(f"{ORIGIN}/**", serve)
        await session.go(f"{ORIGIN}/")
        await session.page.wait_for_load_state("load")
        yield session


REFUSALS = {
    "toast": f"toast('{REFUSED}', 300)",
    "inline": f"err.className = 'el-form-item__error'; err.textContent = '{REFUSED}'",
    "box of another title": f"box('信息', '{REFUSED}', ['确定'])",
    "native": f"alert('{REFUSED}')",
}


@pytest.mark.parametrize("act", REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_in_any_shape(running: RunningBrowser, act: str) -> None:
    async with showing(running, act) as session:
        with pytest.raises(Refused, match=f"^保存时平台提示：{REFUSED}$"):
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)


@pytest.mark.parametrize("act", REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_refusal_is_heard_by_whoever_waits_for_a_sign_alone(
    running: RunningBrowser, act: str
) -> None:
    async with showing(running, act, seconds=3) as session:
        await session.click("保存")
        with pytest.raises((Refused, PortalChanged), match=REFUSED):
            await session.see(SAVED)


STOPS: dict[str, type[Stop]] = {
    "系统繁忙，请稍后再试": Unavailable,
    "会话已过期，请重新登录。": SessionExpired,
    "系统正在维护，请稍后再试..": Maintenance,
    "账号或密码错误": LoginRefused,
    "验证码错误": LoginRefused,
    "已经申请过稳岗补贴": LoginRefused,
    "该类单位请到专用系统办理": NeedsPerson,
}


@pytest.mark.parametrize(("words", "stop"), STOPS.items())
async def test_what_stops_and_how(running: RunningBrowser, words: str, stop: type[Stop]) -> None:
    occasion = Occasion("登录时平台提示", refusal=LoginRefused)
    async with showing(running, f"box('提示', '{words}', ['确定'])") as session:
        with pytest.raises(Stop) as caught:
            await session.ask(lambda: session.click("保存"), SAVED, occasion=occasion)
    assert type(caught.value) is stop
    assert caught.value.message == f"登录时平台提示：{words}"


async def test_what_the_occasion_accepts_is_returned(running: RunningBrowser) -> None:
    occasion = Occasion("登录时平台提示", accepts={Tone.CAPTCHA})
    async with showing(running, "toast('校验码有误', 200)") as session:
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=occasion)
    assert heard.sign is None
    assert heard.tone(Tone.CAPTCHA)
    assert heard.words == "校验码有误"


async def test_a_sign_counts_before_words(running: RunningBrowser) -> None:
    act = "toast('系统繁忙，请稍后再试', 900); setTimeout(() => { state.textContent = '已存为草稿'; }, 200)"
    async with showing(running, act) as session:
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
    assert heard.sign is SAVED
    assert heard.tone(Tone.TRANSIENT)


async def test_a_notice_is_closed_and_the_waiting_goes_on(running: RunningBrowser) -> None:
    act = "box('系统公告', '8月1日起启用新版', ['知道了', () => box('提示', '查询到已保存申请信息，可修改！', ['确定', () => { state.textContent = '已存为草稿'; }])])"
    async with showing(running, act) as session:
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
    assert heard.sign is SAVED
    assert [one.tone for one in heard.said] == [Tone.INFORMATION] * 2


async def test_notices_on_notices_are_closed_from_the_top(running: RunningBrowser) -> None:
    act = "box('公告', '第一条', ['确定', () => { state.textContent = '已存为草稿'; }]); box('公告', '第二条', ['确定'])"
    async with showing(running, act) as session:
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
    assert heard.sign is SAVED
    assert {one.words for one in heard.said} == {"第一条", "第二条"}


ASKS = {
    "drawn": "box('提示', '提交后不能修改，确认提交？', ['否', () => log('否')], ['是', () => { log('是'); box('提示', '申报提交成功！', ['确定']); }])",
    "native": "if (confirm('确定要提交吗？')) { log('是'); alert('申报提交成功！'); } else { log('否'); }",
}


@pytest.mark.parametrize("act", ASKS.values(), ids=ASKS.keys())
async def test_a_question_is_answered_where_that_is_meant(running: RunningBrowser, act: str) -> None:
    occasion = Occasion("提交时平台提示", accepts={Tone.SUCCESS}, answers=True)
    async with showing(running, act) as session:
        heard = await session.ask(lambda: session.click("保存"), occasion=occasion)
        assert heard.tone(Tone.SUCCESS)
        assert await session.page.title() == "是;"


@pytest.mark.parametrize(("act", "title"), [(ASKS["drawn"], ""), (ASKS["native"], "否;")], ids=ASKS.keys())
async def test_a_question_that_nobody_expected_is_a_persons(
    running: RunningBrowser, act: str, title: str
) -> None:
    async with showing(running, act) as session:
        with pytest.raises(NeedsPerson, match="提交"):
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
        assert await session.page.title() == title


async def test_several_dialogs_for_several_calls_are_one_stop(running: RunningBrowser) -> None:
    act = "for (let n = 0; n < 3; n++) box('错误提示', '会话已过期，请重新登录。', ['确定'])"
    async with showing(running, act) as session:
        with pytest.raises(SessionExpired, match="会话已过期"):
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
        assert len(session.said) == 3


AFTER = {
    "failed": ("box('错误提示', '申报提交失败！undefined', ['确定'])", Tone.TRANSIENT),
    "refused": ("toast('申报提交失败！该单位不在名单内', 200)", Tone.REFUSAL),
    "unknown": ("box('提示', '回执另行寄送', ['好'])", Tone.UNKNOWN),
    "asked": (ASKS["drawn"], Tone.SUCCESS),
}


@pytest.mark.parametrize(("act", "tone"), AFTER.values(), ids=AFTER.keys())
async def test_after_a_commit_words_are_collected(running: RunningBrowser, act: str, tone: Tone) -> None:
    told: list[Utterance] = []
    async with showing(running, act) as session:
        session.on_said = told.append
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=SUBMITTING)
    assert heard.said[-1].tone is tone
    assert [one.words for one in told] == [one.words for one in heard.said]


async def test_after_a_commit_silence_is_told_as_such(running: RunningBrowser) -> None:
    async with showing(running, "", seconds=1) as session:
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=SUBMITTING)
        assert (heard.sign, heard.said) == (None, ())
        with pytest.raises(Unavailable, match="没有任何提示"):
            SUBMITTING.require_success(heard)


async def test_a_notice_that_covers_a_control_is_closed(running: RunningBrowser) -> None:
    more = "<script>box('系统公告', '端午节放假安排', ['知道了'])</script>"
    async with showing(running, "state.textContent = '已存为草稿'", more=more) as session:
        await session.click("保存")
        await session.see(SAVED)


@pytest.mark.parametrize(("words", "stop"), [("申报已截止", Refused), ("请使用新版页面", NeedsPerson)])
async def test_what_covers_a_control_is_told_in_its_own_words(
    running: RunningBrowser, words: str, stop: type[Stop]
) -> None:
    more = f"<script>box('提示', '{words}', ['确定'])</script>"
    async with showing(running, "", more=more, seconds=6) as session:
        with pytest.raises(stop, match=words):
            await session.click("保存")


WAITS: dict[str, Callable[[Session], Awaitable[object]]] = {
    "reading": lambda session: session.read(["户名"]),
    "filling": lambda session: session.fill({"户名": "示例"}),
    "waiting": lambda session: session.see(SAVED),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS.keys())
async def test_a_refusal_that_comes_with_the_data_is_heard(
    running: RunningBrowser, wait: Callable[[Session], Awaitable[object]]
) -> None:
    more = "<script>setTimeout(() => box('提示', '贵单位不在名单内', ['确定']), 300)</script>"
    async with showing(running, "", more=more, seconds=6) as session:
        with pytest.raises(Refused, match="不在名单内"):
            await wait(session)


CALLS = {
    500: Unavailable,
    401: SessionExpired,
    503: Maintenance,
}


@pytest.mark.parametrize(("status", "stop"), CALLS.items())
async def test_a_call_that_failed_in_silence_is_named(
    running: RunningBrowser, status: int, stop: type[Stop]
) -> None:
    answer = {"status": status, "body": "{}"}
    async with showing(running, "fetch('/save?account=1')", seconds=2, save=answer) as session:
        with pytest.raises(stop, match=f"HTTP {status}") as caught:
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
        assert [(call.status, call.path) for call in session.failed_calls] == [(status, "/save")]
    assert "account" not in caught.value.message


@pytest.mark.parametrize(("status", "stop"), [*CALLS.items(), (200, NeedsPerson)])
async def test_words_that_nobody_knows_mean_what_the_failed_call_tells(
    running: RunningBrowser, status: int, stop: type[Stop]
) -> None:
    answer = {"status": status, "body": "{}"}
    act = "fetch('/save').then(() => box('提示', '小憩片刻', ['确定']))"
    async with showing(running, act, seconds=6, save=answer) as session:
        with pytest.raises(Stop, match="小憩片刻") as caught:
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
    assert type(caught.value) is stop


async def test_after_a_commit_unknown_words_and_then_silence_are_all_that_comes(
    running: RunningBrowser,
) -> None:
    """The answer may come long after them, while the request is under way: that is waited for."""
    late = "setTimeout(() => fetch('/late').then(() => toast('已送达经办机构', 900)), 100)"
    act = f"toast('正替您办着', 900); {late}"
    async with showing(running, act, seconds=60, late={"body": "{}"}) as session:
        heard = await session.ask(lambda: session.click("保存"), occasion=SUBMITTING)
    assert [one.words for one in heard.said] == ["正替您办着", "已送达经办机构"]


@pytest.mark.parametrize(("signed_in", "stop"), [(True, SessionExpired), (False, PortalChanged)])
async def test_a_login_page_in_the_middle_means_that_nobody_is_signed_in(
    running: RunningBrowser, *, signed_in: bool, stop: type[Stop]
) -> None:
    act = "document.body.innerHTML = '<label>密码 <input type=password></label><button>登 录</button>'"
    async with showing(running, act, seconds=2) as session:
        session.signed_in = signed_in
        await session.click("保存")
        with pytest.raises(Stop) as caught:
            await session.see(SAVED)
        assert isinstance(caught.value, stop)
        with pytest.raises(Stop) as caught:
            await session.click("保存")
        assert isinstance(caught.value, stop)


async def test_menus_lists_and_forms_are_no_messages(running: RunningBrowser) -> None:
    parts = """<div style="position:fixed;top:0;left:0;width:100%;z-index:5" class=top-nav><a>首页</a><a>单位业务</a></div>
    <ul style="position:absolute;z-index:9" class=el-select-dropdown><li>不能选</li></ul>
    <div style="position:fixed;z-index:9;top:90px" role=dialog><h3>错误登记</h3><label>原因 <input></label><button>确定</button></div>
    <div style="position:absolute;z-index:9;top:300px" role=tooltip>账号不能为空</div>
    <div style="position:fixed;inset:0;z-index:10" class=el-loading-mask><p>正在加载</p></div>"""
    act = f"document.body.insertAdjacentHTML('beforeend', `{parts}`); state.textContent = '已存为草稿'"
    async with showing(running, act) as session:
        await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
        assert [one for one in session.front.ear.standing if one.telling] == []


async def test_a_box_in_a_frame_that_came_later(running: RunningBrowser) -> None:
    inner = f"{BOXES}<script>box('提示', '{REFUSED}', ['确定', () => parent.log('关')])</script>"
    frame = {"body": f"<!doctype html><meta charset=utf-8><body>{inner}", "content_type": "text/html"}
    act = "document.body.insertAdjacentHTML('beforeend', '<iframe src=/inner width=700 height=500 style=\"margin:40px;border:7px solid\"></iframe>')"
    async with showing(running, act, inner=frame) as session:
        with pytest.raises(Refused, match=REFUSED):
            await session.ask(lambda: session.click("保存"), SAVED, occasion=SAVING)
        await session.dismiss(session.said[0])
        assert await session.page.title() == "关;"
