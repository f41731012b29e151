"""Clicks: what a label means for a click, and what has to be true before it."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.errors import PortalChanged, Unavailable
from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIT = 'onclick="document.title=`hit`"'

SHAPES = {
    "button": f"<button {HIT}>保存</button>",
    "spaces": f"<button {HIT}>保 存</button>",
    "input button": f"<input type=button value=保存 {HIT}>",
    "link": f"<a href=javascript:void(0) {HIT}>保存</a>",
    "tile": f"<a href=javascript:void(0) {HIT}><h3>保存</h3><p>保存后请提交</p></a>",
    "tile of divs": f"<div style=cursor:pointer {HIT}><img><span>保存</span></div>",
    "tab": f"<ul><li role=tab {HIT}>保存</li></ul>",
    "span in a button": f"<button {HIT}><i></i><span>保存</span></button>",
    "with a count": f"<a href=javascript:void(0) {HIT}>保存(3)</a>",
    "count in an element": f"<a href=javascript:void(0) {HIT}>保存 <b>12</b></a>",
    "picture button": f"<img alt=保存 style=width:40px;height:20px {HIT}>",
    "aria-label": f"<button aria-label=保存 {HIT}>×</button>",
    "list item with a link": f"<ul><li><a href=javascript:void(0) {HIT}>保存</a></li></ul>",
    "exact wins over longer": f"<button>保存并提交</button><button {HIT}>保存</button>",
    "button wins over words": f"<h2>保存</h2><button {HIT}>保存</button><p>点击<b>保存</b></p>",
    "words alone": "<div><p id=p>保存</p></div><script>p.addEventListener('click', () => document.title = 'hit')</script>",
    "hidden twin": f"<button style=display:none>保存</button><button {HIT}>保存</button>",
    "far below": f"<div style=height:3000px></div><button {HIT}>保存</button>",
    "in a scrolling box": f"<div style=height:80px;overflow:auto><div style=height:900px></div><button {HIT}>保存</button></div>",
    "under a dialog, twin in it": (
        f"<button>保存</button><div style='position:fixed;inset:0;background:#0008'></div>"
        f"<div role=dialog style='position:fixed;top:100px;left:100px'><button {HIT}>保存</button></div>"
    ),
    "text in a widget's label": f"<label style=cursor:pointer {HIT}><span>保存</span></label>",
}


@pytest.mark.parametrize("html", SHAPES.values(), ids=SHAPES.keys())
async def test_click_by_what_a_person_reads(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    await labels.click("保存", timeout=30)
    await expect(page).to_have_title("hit")


POINTER = "style=cursor:pointer"
AS_BUTTONS = {
    "div": f"<h2>保存</h2><div class='act btn' {POINTER} {HIT.replace('onclick', 'onmouseup')}>保存</div>",
    "span with words in it": f"<span class=u-button {POINTER}><b onmouseup='document.title=`hit`'>保存</b></span>",
    "beside a link": f"<a href=javascript:void(0)>保存</a><div class=btn {POINTER} onmouseup='document.title=`hit`'>保存</div>",
}


@pytest.mark.parametrize("shown", ["批量删除", "清空", "首页"])
async def test_no_line_leads_to_what_destroys_or_has_nothing_in_common(show: Show, shown: str) -> None:
    labels = await show(f"<button>{shown}</button>")
    with pytest.raises(PortalChanged) as missing:
        await labels.click(Spot("批量申报" if shown == "批量删除" else "选择框"), timeout=0.2)
    assert f"页面上有：“{shown}”" in missing.value.message
    assert "[labels]" not in missing.value.message


@pytest.mark.parametrize("html", AS_BUTTONS.values(), ids=AS_BUTTONS.keys())
async def test_what_looks_and_reacts_like_a_button_is_one(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    await labels.click(Spot("保存", kind=ControlKind.BUTTON), timeout=5)
    await expect(page).to_have_title("hit")


@pytest.mark.parametrize(
    "html", ["<div class=btn>保存</div>", f"<div class=btn-group {POINTER}>保存<button>取消</button></div>"]
)
async def test_a_class_alone_makes_no_button(show: Show, html: str) -> None:
    labels = await show(html)
    with pytest.raises(PortalChanged):
        await labels.click(Spot("保存", kind=ControlKind.BUTTON), timeout=0.2)


async def test_the_only_thing_that_reacts_in_a_box_is_its_button(show: Show, page: Page) -> None:
    labels = await show(
        "<button>保存</button><div style='position:fixed;inset:100px;z-index:9;background:#fff'><p>告知的内容</p>"
        f"<p><span {POINTER}>取消</span> <span {POINTER} onmouseup='document.title=`hit`'>阅读完毕</span></p></div>"
    )
    await labels.click(Spot("", kind=ControlKind.BUTTON, above=True), timeout=5)
    await expect(page).to_have_title("hit")


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<button>保存并提交</button>", "找不到“保存”"),
        ("<button>批量保存</button>", "找不到“保存”"),
        ("<button hidden>保存</button>", "找不到“保存”"),
        ("<button>保存</button><p>x</p><button>保存</button>", "有 2 处“保存”"),
        ("<select><option>保存</select>", "找不到“保存”"),
    ],
)
async def test_never_a_guess(show: Show, html: str, says: str) -> None:
    labels = await show(html)
    with pytest.raises(PortalChanged, match=says):
        await labels.click("保存", timeout=0.2)


WAITS = {
    "appears": "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', B), 150)</script>",
    "countdown": (
        "<button id=b disabled>保存</button><script>setTimeout(() => { b.disabled = false; b.onclick = hit }, 150)</script>"
    ),
    "mask": (
        "<button onclick=hit()>保存</button><div id=m style='position:fixed;inset:0'></div>"
        "<script>setTimeout(() => m.remove(), 150)</script>"
    ),
    "slides in": (
        "<style>@keyframes in { from { margin-top: 500px } } button { animation: in 200ms linear }</style>"
        "<button onclick=hit()>保存</button>"
    ),
    "frame loads late": (
        "<script>setTimeout(() => { const f = document.createElement('iframe');"
        "f.srcdoc = '<button onclick=top.hit()>保存</button>'; document.body.append(f) }, 150)</script>"
    ),
    "two for a moment": (
        "<button id=old>保存</button><button onclick=hit()>保存</button><script>setTimeout(() => old.remove(), 150)</script>"
    ),
}


@pytest.mark.parametrize("html", WAITS.values(), ids=WAITS.keys())
async def test_waits_until_a_person_could(show: Show, page: Page, html: str) -> None:
    start = "<script>var hit = () => { document.title = 'hit' }; const B = '<button onclick=hit()>保存</button>'</script>"
    labels = await show(start + html)
    await labels.click("保存", timeout=30)
    await expect(page).to_have_title("hit")


async def test_greyed_out_for_good(show: Show) -> None:
    labels = await show("<button disabled>保存</button>")
    with pytest.raises(Unavailable, match="“保存”一直不可用"):
        await labels.click("保存", timeout=0.2)


async def test_covered_for_good(show: Show) -> None:
    labels = await show("<button>保存</button><div style='position:fixed;inset:0'>系统维护</div>")
    with pytest.raises(Unavailable, match="“保存”一直被“系统维护”挡住"):
        await labels.click("保存", timeout=0.2)


async def test_the_click_is_trusted_and_complete(show: Show, page: Page) -> None:
    labels = await show("""<button id=b>保存</button><script>window.seen = [];
      for (const name of ['mousemove', 'pointerdown', 'mousedown', 'mouseup', 'click'])
        b.addEventListener(name, (e) => seen.push([e.type, e.isTrusted, e.detail]));</script>""")
    await labels.click("保存", timeout=30)
    assert await page.evaluate("seen") == [
        ["mousemove", True, 0],
        ["pointerdown", True, 0],
        ["mousedown", True, 1],
        ["mouseup", True, 1],
        ["click", True, 1],
    ]


WITHIN = """
<div class=dialog><div class=head><span>温馨提示</span><i>×</i></div><p>申报成功</p><div><button id=d1>确定</button></div></div>
<div class=dialog><div class=head><span>告知</span><i>×</i></div><p>资金用途</p><div><button id=d2>确定</button></div></div>
<h3>确认信息</h3><div><button id=s1>编辑</button></div><h3>发放信息</h3><div><button id=s2>编辑</button></div>
<table><tr><td colspan=2>单位甲的材料</td></tr><tr><td>营业执照</td><td><button id=r1>上传</button></td></tr>
<tr><td>授权书</td><td><button id=r2>上传</button></td></tr></table>
<fieldset><legend>一、甲</legend><a href=# id=f1>查看</a></fieldset><fieldset><legend>二、乙</legend><a href=# id=f2>查看</a></fieldset>
<script>document.addEventListener('click', (e) => { document.title = e.target.id; e.preventDefault() })</script>"""


@pytest.mark.parametrize(
    ("label", "within", "hit"),
    [
        ("确定", "温馨提示", "d1"),
        ("确定", "告知", "d2"),
        ("编辑", "确认信息", "s1"),
        ("编辑", "发放信息", "s2"),
        ("上传", "营业执照", "r1"),
        ("上传", "授权书", "r2"),
        ("查看", "甲", "f1"),
        ("查看", "乙", "f2"),
    ],
)
async def test_within(show: Show, page: Page, label: str, within: str, hit: str) -> None:
    labels = await show(WITHIN)
    await labels.click(Spot(label, within=within), timeout=30)
    await expect(page).to_have_title(hit)


@pytest.mark.parametrize(
    ("label", "within"), [("编辑", "温馨提示"), ("上传", "单位乙"), ("查看", "营业执照")]
)
async def test_not_within(show: Show, label: str, within: str) -> None:
    labels = await show(WITHIN)
    with pytest.raises(PortalChanged, match=f"找不到“{label}”（在“{within}”下）"):
        await labels.click(Spot(label, within=within), timeout=0.2)


async def test_aliases_and_kinds(show: Show, page: Page) -> None:
    labels = await show(
        f"<a href=javascript:void(0) {HIT}>普通稳岗返还信息确认</a>"
        "<button onclick=\"document.title='b'\">登录</button><a href=javascript:void(0) onclick=\"document.title='a'\">登录</a>"
    )
    await labels.click(Spot("普通稳岗返还申请", aliases=("普通稳岗返还信息确认",)), timeout=30)
    await expect(page).to_have_title("hit")
    await labels.click(Spot("登录", kind=ControlKind.LINK), timeout=30)
    await expect(page).to_have_title("a")
    await labels.click(Spot("登录", kind=ControlKind.BUTTON), timeout=30)
    await expect(page).to_have_title("b")


REDRAWN = """
<div id=list><button onclick=count(1)>办理</button></div><button onclick=count(100)>返回</button>
<script>let clicks = 0;
function count(more) { clicks += more; document.title = clicks; if (more < 100) draw() }
function draw() { list.innerHTML = '<button onclick=count(1)>办理</button>' }
%s</script>
"""


@pytest.mark.parametrize(
    "redraw",
    ["", "list.addEventListener('mousedown', draw)", "list.addEventListener('mouseup', draw)"],
    ids=["by the click itself", "between press and release", "by the release"],
)
async def test_a_target_that_is_drawn_anew_is_clicked_once(show: Show, page: Page, redraw: str) -> None:
    labels = await show(REDRAWN % redraw)
    for number in ("1", "2"):
        await labels.click("办理", timeout=30)
        await page.wait_for_function(f"document.title === '{number}'")
    await labels.click("返回", timeout=30)
    await page.wait_for_function("document.title === '102'")


async def test_a_row_that_is_drawn_anew_is_clicked_once(show: Show, page: Page) -> None:
    table = "<table><thead><tr><th>序号</th><th>操作</th></tr></thead><tbody id=b></tbody></table>"
    row = "<tr><td>1</td><td><a href=javascript:void(0) onclick=document.title+=1>详情</a></td></tr>"
    draw = f"const draw = () => {{ b.innerHTML = `{row}` }}; draw(); b.addEventListener('mousedown', draw)"
    labels = await show(f"<title></title>{table}<script>{draw}</script>")
    (only,) = await labels.rows(["序号"])
    await labels.click_in(only, "详情", timeout=30)
    await page.wait_for_function("document.title === '1'")
