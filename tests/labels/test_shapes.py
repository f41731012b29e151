"""One case for each shape in which a page may keep a label."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

TARGET = "<input id=target>"

SHAPES = {
    "label for": f"<label for=target>联系人</label><p>说明</p>{TARGET}",
    "wrapping label": f"<label>联系人 {TARGET}</label>",
    "aria-label": "<input id=target aria-label=联系人>",
    "aria-labelledby": "<span id=a>联系</span><span id=b>人</span><p></p><input id=target aria-labelledby='a b'>",
    "placeholder": "<input id=target placeholder=联系人>",
    "placeholder with 请输入": "<input id=target placeholder=请输入联系人>",
    "title": "<input id=target title=联系人>",
    "td to the left": f"<table><tr><td>联系人</td><td>{TARGET}</td><td>电话</td><td><input></td></tr></table>",
    "th to the left": f"<table><tr><th>电话</th><td><input></td><th>联系人</th><td>{TARGET}</td></tr></table>",
    "td to the left of a nested table": (
        f"<table><tr><td>联系人</td><td><table><tr><td>{TARGET}</td></tr></table></td></tr></table>"
    ),
    "header cell above": (
        f"<table><thead><tr><th>序号</th><th>联系人</th><th>电话</th></tr></thead>"
        f"<tbody><tr><td>1</td><td>{TARGET}</td><td><input></td></tr></tbody></table>"
    ),
    "header cell above, no thead": (
        f"<table><tr><td>联系人</td><td>电话</td></tr><tr><td>{TARGET}</td><td><input></td></tr></table>"
    ),
    "element-ui form item": (
        f"<div class=el-form-item><label class=el-form-item__label>联系人</label>"
        f"<div class=el-form-item__content><div class=el-input>{TARGET}</div></div></div>"
    ),
    "layui form item": (
        f"<div class=layui-form-item><label class=layui-form-label>联系人</label>"
        f"<div class=layui-input-block>{TARGET}</div></div>"
    ),
    "sibling span": f"<div><span>联系人</span><span>{TARGET}</span></div>",
    "sibling div of the parent": f"<div><div>联系人</div><div><div>{TARGET}</div></div></div>",
    "text in the same cell": f"<table><tr><td>联系人：{TARGET}</td><td>电话：<input></td></tr></table>",
    "dt and dd": f"<dl><dt>联系人</dt><dd>{TARGET}</dd><dt>电话</dt><dd><input></dd></dl>",
    "star, spaces, colon": f"<table><tr><td><font color=red>*</font> 联 系&nbsp;人 ：</td><td>{TARGET}</td></tr></table>",
    "full width": f"<label for=target>＊联系人：</label>{TARGET}",
    "zero-width characters": f"<label for=target>联\u200b系\ufeff人</label>{TARGET}",
    "numbered": f"<label for=target>2、联系人（必填）</label>{TARGET}",
    "exact wins over longer": f"<label>单位联系人 <input></label><label>联系人 {TARGET}</label>",
    "longer name with the same head": f"<label>单位联系人 {TARGET}</label><label>电话 <input></label>",
    "label wins over another's placeholder": f"<label>电话 <input placeholder=联系人></label><label>联系人 {TARGET}</label>",
    "hidden twin": f"<div style='display:none'><label>联系人 <input></label></div><label>联系人 {TARGET}</label>",
    "invisible twin": f"<label style='visibility:hidden'>联系人 <input></label><label>联系人 {TARGET}</label>",
    "twin without an area": (
        f"<div style='height:0;overflow:hidden'><label>联系人<input style='height:0;border:0;padding:0'></label></div>"
        f"<label>联系人 {TARGET}</label>"
    ),
    "type=hidden": f"<input type=hidden title=联系人><label>联系人 {TARGET}</label>",
    "textarea": "<label>联系人 <textarea id=target></textarea></label>",
}


@pytest.mark.parametrize("html", SHAPES.values(), ids=SHAPES.keys())
async def test_fill_by_the_label_that_a_person_sees(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    held = await labels.fill({"联系人": "张三"}, timeout=30)
    assert held["联系人"].text == "张三"
    assert await page.locator("#target").input_value() == "张三"
