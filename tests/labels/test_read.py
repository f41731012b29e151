"""Reading: controls, read-only texts, tables, pictures; and uploads."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.errors import PortalChanged, Unavailable
from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTPUTS = {
    "next cell": "<table><tr><td>单位编号：</td><td> 410000000001 </td><td>类型</td><td>企业</td></tr></table>",
    "same cell": "<table><tr><td>单位编号：410000000001</td><td>类型：企业</td></tr></table>",
    "bold label": "<p><b>单位编号：</b>410000000001</p>",
    "sibling span": "<div><span>单位编号</span><span>410000000001</span></div>",
    "dt and dd": "<dl><dt>单位编号</dt><dd>410000000001</dd></dl>",
    "element-ui": (
        "<div class=el-form-item><label class=el-form-item__label>单位编号</label>"
        "<div class=el-form-item__content>410000000001</div></div>"
    ),
    "layui": (
        "<div class=layui-form-item><label class=layui-form-label>单位编号</label>"
        "<div class=layui-form-mid>410000000001</div></div>"
    ),
    "readonly input": "<label>单位编号 <input readonly value=410000000001></label>",
    "disabled input": "<label>单位编号 <input disabled value=410000000001></label>",
    "shown twice alike": (
        "<header><span>单位编号</span><span>410000000001</span></header><p>单位编号：410000000001</p>"
    ),
    "chosen option": "<label>单位编号 <select><option>1<option selected>410000000001</select></label>",
}


@pytest.mark.parametrize("html", OUTPUTS.values(), ids=OUTPUTS.keys())
async def test_read(show: Show, html: str) -> None:
    labels = await show(html)
    assert (await labels.read(["单位编号"]))["单位编号"].text == "410000000001"


async def test_read_says_what_is_missing(show: Show) -> None:
    labels = await show("<table><tr><td>单位编号</td><td>1</td></tr></table>")
    with pytest.raises(PortalChanged, match="找不到“户名”"):
        await labels.read(["单位编号", "户名"])


async def test_two_different_values_are_an_error(show: Show) -> None:
    labels = await show("<p>单位编号：1</p><p>单位编号：2</p>")
    with pytest.raises(PortalChanged, match="有 2 处“单位编号”"):
        await labels.read(["单位编号"])


async def test_read_waits_if_asked(show: Show) -> None:
    labels = await show(
        "<div id=d></div><script>setTimeout(() => { d.textContent = '状态：已通过' }, 150)</script>"
    )
    assert (await labels.read(["状态"], timeout=30))["状态"].text == "已通过"


async def test_read_waits_for_values_if_asked(show: Show, page: Page) -> None:
    labels = await show("<table><tr><td>单位名称</td><td id=d></td></tr></table>")
    assert (await labels.read(["单位名称"], timeout=30))["单位名称"].text == ""
    await page.evaluate("void setTimeout(() => { d.textContent = '甲公司' }, 150)")
    assert (await labels.read(["单位名称"], timeout=30, filled=True))["单位名称"].text == "甲公司"


async def test_read_says_what_stays_empty(show: Show) -> None:
    labels = await show("<label>单位名称 <input></label>")
    with pytest.raises(Unavailable, match="“单位名称”一直是空的"):
        await labels.read(["单位名称"], timeout=0.2, filled=True)


HEAD = "<tr><th>操作 功能</th><th>序号</th><th>单位名称</th></tr>"
ACTS = "<a href=javascript:void(0) onclick=\"document.title=this.closest('tr').rowIndex+this.textContent\">详情</a> <a>删除</a>"
TABLE = (
    f"<table><thead>{HEAD}</thead><tbody>"
    f"<tr><td>{ACTS}</td><td>1</td><td>甲公司</td></tr><tr><td>{ACTS}</td><td>2</td><td>乙 公司</td></tr></tbody></table>"
)
SPLIT = (
    f"<div class=el-table><div><table><thead>{HEAD}</thead></table></div><div><table><tbody>"
    f"<tr><td>{ACTS}</td><td>1</td><td>甲公司</td></tr><tr><td>{ACTS}</td><td>2</td><td>乙 公司</td></tr></tbody></table></div></div>"
)


@pytest.mark.parametrize("html", [TABLE, SPLIT, f"<table><tr><td>{TABLE}</td></tr></table>"])
async def test_rows(show: Show, html: str) -> None:
    labels = await show(f"<table><tr><td>别的表</td></tr></table>{html}")
    rows = await labels.rows(["序号", "单位名称"])
    assert [(row["序 号"], row["单位名称"], row["操作功能"]) for row in rows] == [
        ("1", "甲公司", "详情 删除"),
        ("2", "乙 公司", "详情 删除"),
    ]


@pytest.mark.parametrize("html", [TABLE, SPLIT])
async def test_click_in_a_row(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    rows = await labels.rows(["单位名称"])
    await page.evaluate("document.querySelectorAll('tbody tr')[0].remove()")
    await labels.click_in(rows[1], "详情", timeout=30)
    await expect(page).to_have_title(re.compile("详情$"))
    with pytest.raises(PortalChanged, match="找不到“详情”"):
        await labels.click_in(rows[0], "详情", timeout=0.2)


async def test_tick_a_row(show: Show, page: Page) -> None:
    row = "<tr><td><input type=checkbox></td><td>{}</td></tr>"
    head = "<tr><th></th><th>单位名称</th></tr>"
    labels = await show(f"<table>{head}{row.format('甲公司')}{row.format('乙公司')}</table>")
    rows = await labels.rows(["单位名称"])
    for _ in range(2):  # a second time changes nothing
        await labels.tick(rows[1], timeout=30)
    ticked = "Array.from(document.querySelectorAll('input'), (box) => box.checked)"
    assert await page.evaluate(ticked) == [False, True]


EL_RADIO = (
    "<style>.el-radio__inner{display:inline-block;width:16px;height:16px;position:relative}.el-radio__input{position:relative}"
    ".el-radio__original{position:absolute;inset:0;opacity:0;z-index:-1}</style><div class=el-table><div><table><thead>"
    "<tr><th></th><th>单位名称</th></tr></thead></table></div><div><table><tbody>"
    + "".join(
        "<tr><td><label class=el-radio><span class=el-radio__input><span class=el-radio__inner></span>"
        f"<input type=radio class=el-radio__original name=unit></span></label></td><td>{name}</td></tr>"
        for name in ("甲公司", "乙公司")
    )
    + "</tbody></table></div></div>"
)


async def test_tick_a_row_by_a_drawn_radio_button(show: Show, page: Page) -> None:
    labels = await show(EL_RADIO)
    await labels.tick((await labels.rows(["单位名称"]))[1], timeout=30)
    ticked = "Array.from(document.querySelectorAll('input'), (box) => box.checked)"
    assert await page.evaluate(ticked) == [False, True]


async def test_a_first_row_is_waited_for_if_asked(show: Show, page: Page) -> None:
    row = "<tr><td>1</td><td>甲公司</td></tr>"
    labels = await show("<table><tbody id=t><tr><th>序号</th><th>单位名称</th></tr></tbody></table>")
    assert await labels.rows(["序号"], timeout=30) == []
    await page.evaluate(f"void setTimeout(() => {{ t.innerHTML += '{row}' }}, 150)")
    assert [row["单位名称"] for row in await labels.rows(["序号"], timeout=30, some=True)] == ["甲公司"]
    empty = await show("<table><tr><th>序号</th><th>单位名称</th></tr></table>")
    assert await empty.rows(["序号"], timeout=0.2, some=True) == []


async def test_an_empty_table_has_no_rows(show: Show) -> None:
    labels = await show(f"<table>{HEAD}<tr><td colspan=3>暂无数据</td></tr></table>")
    assert await labels.rows(["序号"]) == []


async def test_no_such_table(show: Show) -> None:
    labels = await show(TABLE)
    with pytest.raises(PortalChanged, match="找不到“序号、户名”"):
        await labels.rows(["序号", "户名"])


CAPTCHA = (
    "<img src='' alt=logo style='width:9px;height:9px'><table><tr><td>账号:</td><td><input></td></tr><tr><td>验证码:</td>"
    "<td><input><img id=c onclick=\"document.title='new'\" style='width:90px;height:30px'></td></tr></table>"
)


async def test_the_picture_beside_a_field(show: Show, page: Page) -> None:
    labels = await show(CAPTCHA)
    box = await labels.box(Spot("验证码", kind=ControlKind.PICTURE))
    assert box is not None
    assert (box.width, box.height) == (90, 30)
    shown = await page.locator("#c").bounding_box()
    assert shown is not None
    assert (box.x, box.y) == (shown["x"], shown["y"])
    await labels.click(Spot("验证码", kind=ControlKind.PICTURE), timeout=30)
    await expect(page).to_have_title("new")
    assert await labels.box(Spot("二维码", kind=ControlKind.PICTURE)) is None


QR = (
    "<div style='position:relative;width:90px;height:90px'><img alt=二维码 onclick=\"document.title='new'\" "
    "style='width:90px;height:90px'><div style='position:absolute;inset:0'>二维码已失效</div></div>"
)


async def test_the_mask_over_a_picture_is_part_of_it(show: Show) -> None:
    labels = await show(QR)
    await labels.click(Spot("二维码", kind=ControlKind.PICTURE), timeout=30)
    other = await show(QR + "<div style='position:fixed;inset:0'>请先同意</div>")
    with pytest.raises(Unavailable, match="被“请先同意”挡住"):
        await other.click(Spot("二维码", kind=ControlKind.PICTURE), timeout=0.2)


UPLOADS = {
    "field": "<table><tr><td>营业执照</td><td><input type=file id=f></td></tr></table>",
    "row of a list of materials": (
        "<table><tr><td>营业执照</td><td>0/1</td><td>*非必录</td><td><input type=file></td></tr>"
        "<tr><td>授权书</td><td>0/1</td><td>*非必录</td><td><input type=file></td></tr></table>"
    ),
    "hidden field behind a button": (
        "<div><div style='cursor:pointer' onclick=f.click()><button>营业执照</button>"
        "<input type=file id=f style='display:none'></div></div>"
    ),
    "label as a button": "<label for=f>营业执照</label><input type=file id=f hidden>",
    "chooser": (
        "<button id=b>营业执照</button><script>b.onclick = () => { const i = document.createElement('input');"
        "i.type = 'file'; i.onchange = () => { document.title = i.files[0].name }; i.click() }</script>"
    ),
}


@pytest.mark.parametrize("html", UPLOADS.values(), ids=UPLOADS.keys())
async def test_upload(show: Show, page: Page, tmp_path: Path, html: str) -> None:
    paper = tmp_path / "营业 执照.pdf"
    paper.write_bytes(b"%PDF-1.4")
    labels = await show(
        f"{html}<script>onchange = (e) => {{ document.title = e.target.files[0].name }}</script>"
    )
    await labels.upload("营业执照", [paper], timeout=30)
    await expect(page).to_have_title("营业 执照.pdf")
