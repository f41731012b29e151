"""The drawn selects, pickers and boxes of the libraries themselves, set by what a person sees."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page

from rpa.browser.labels import Labels
from rpa.browser.labels.spots import ControlContent, Match
from rpa.errors import NeedsPerson
from tests.labels.conftest import Show
from tests.labels.drawn import show_drawn

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAYUI = """
<form class=layui-form>
  <div class=layui-form-item><label class=layui-form-label>发放方式</label><div class=layui-input-block>
    <select name=way><option value="">请选择</option><option value=1>单位</option><option value=2>个人</option></select>
  </div></div>
  <table><tr><td>隶属关系</td><td>
    <select name=level lay-search><option value="">请选择</option><option value=50>县</option><option value=40>市</option></select>
  </td></tr></table>
  <div class=layui-form-item><label class=layui-form-label>填报日期</label><div class=layui-input-block>
    <input id=day class=layui-input></div></div>
  <div class=layui-form-item><label class=layui-form-label>办理月份</label><div class=layui-input-block>
    <input id=month class=layui-input readonly></div></div>
  <div class=layui-form-item><label class=layui-form-label>申请年度</label><div class=layui-input-block>
    <input id=year class=layui-input></div></div>
  <div class=layui-form-item><label class=layui-form-label>劳务派遣</label><div class=layui-input-block>
    <input type=radio name=sent value=1 title=是><input type=radio name=sent value=0 title=否></div></div>
  <div class=layui-form-item><label class=layui-form-label>承诺</label><div class=layui-input-block>
    <input type=checkbox name=agreed title=我已阅读 lay-skin=primary></div></div>
  <div class=layui-form-item><label class=layui-form-label>短信通知</label><div class=layui-input-block>
    <input type=checkbox name=notice lay-skin=switch></div></div>
</form>
"""

LAYUI_START = """() => new Promise((resolve) => layui.use(['form', 'laydate'], () => {
  layui.form.render();
  layui.laydate.render({ elem: '#day' });
  layui.laydate.render({ elem: '#month', type: 'month', format: 'yyyyMM' });
  layui.laydate.render({ elem: '#year', type: 'year' });
  resolve();
}))"""

EASYUI = """
<table>
  <tr><td>发放方式</td><td><select id=way class=easyui-combobox style="width:200px">
    <option value=1>单位</option><option value=2>个人</option></select></td></tr>
  <tr><td>隶属关系</td><td><input id=level></td></tr>
  <tr><td>填报日期</td><td><input class=easyui-datebox style="width:200px"></td></tr>
  <tr><td>联系人</td><td><input class=easyui-textbox style="width:200px"></td></tr>
  <tr><td>人数</td><td><input class=easyui-numberbox data-options="groupSeparator:',',precision:2"></td></tr>
</table>
<div><input class=easyui-textbox label=联系方式： labelPosition=left style="width:300px"></div>
"""

EASYUI_START = """() => { $('#level').combobox({ width: 200, editable: false, valueField: 'id', textField: 'text',
  data: Array.from({ length: 30 }, (_, index) => ({ id: index, text: `第${index}类` })).concat([{ id: 50, text: '县' }]) }); }"""

ELEMENT = """
<div id=app><el-form label-width="120px">
  <el-form-item label="发放方式"><el-select v-model="way" placeholder="请选择">
    <el-option v-for="o in ways" :key="o.value" :label="o.label" :value="o.value"></el-option></el-select></el-form-item>
  <el-form-item label="隶属关系"><el-select v-model="level">
    <el-option v-for="n in 40" :key="n" :label="'第' + n + '类'" :value="n"></el-option></el-select></el-form-item>
  <el-form-item label="填报日期"><el-date-picker v-model="day" value-format="yyyy-MM-dd"></el-date-picker></el-form-item>
  <el-form-item label="办理月份"><el-date-picker v-model="month" type="month" :editable="false"
    format="yyyyMM" value-format="yyyyMM"></el-date-picker></el-form-item>
  <el-form-item label="申请年度"><el-date-picker v-model="year" type="year" value-format="yyyy"></el-date-picker></el-form-item>
  <el-form-item label="劳务派遣"><el-radio-group v-model="sent">
    <el-radio label="1">是</el-radio><el-radio label="0">否</el-radio></el-radio-group></el-form-item>
  <el-form-item label="承诺"><el-checkbox v-model="agreed">我已阅读</el-checkbox></el-form-item>
  <el-form-item label="短信通知"><el-switch v-model="notice"></el-switch></el-form-item>
  <el-form-item label="联系人"><el-input v-model="contact"></el-input></el-form-item>
</el-form></div>
"""

ELEMENT_START = """() => { window.vm = new Vue({ el: '#app', data: {
  ways: [{ value: '1', label: '单位' }, { value: '2', label: '个人' }], contact: '',
  way: '', level: '', day: '', month: '', year: '', sent: '', agreed: false, notice: false } }); }"""


LAYUI_FILES = ("{0}/dist/css/layui.css", "{0}/dist/layui.js")
EASYUI_FILES = (
    "jquery-easyui/css/easyui.css",
    "jquery/dist/jquery.min.js",
    "jquery-easyui/js/jquery.easyui.min.js",
    "jquery-easyui/locale/easyui-lang-zh_CN.js",
)
ELEMENT_FILES = ("element-ui/lib/theme-chalk/index.css", "vue/dist/vue.min.js", "element-ui/lib/index.js")

FORMS = {
    "layui": (LAYUI, [path.format("layui") for path in LAYUI_FILES], LAYUI_START),
    "layui 2.6": (LAYUI, [path.format("layui-2.6") for path in LAYUI_FILES], LAYUI_START),
    "easyui": (EASYUI, EASYUI_FILES, EASYUI_START),
    "element-ui": (ELEMENT, ELEMENT_FILES, ELEMENT_START),
}


async def show_form(name: str, show: Show, page: Page) -> Labels:
    """A form drawn by the library itself."""
    html, paths, start = FORMS[name]
    return await show_drawn(html, paths, start, show, page)


def shown(held: dict[str, ControlContent]) -> dict[str, tuple[str, Match]]:
    return {label: (one.text, one.match) for label, one in held.items()}


ANSWERS: dict[str, str | bool] = {
    "发放方式": "单位",
    "隶属关系": "县",
    "填报日期": "2024-03-05",
    "办理月份": "2023-12",
    "申请年度": "2024",
    "劳务派遣": "否",
    "我已阅读": True,
    "短信通知": True,
}


WIDGETS = {
    "layui": {
        "发放方式": "select",
        "隶属关系": "select that is searched",
        "填报日期": "date picker",
        "办理月份": "month picker, read-only",
        "申请年度": "year picker",
        "劳务派遣": "radio buttons",
        "我已阅读": "checkbox",
        "短信通知": "switch",
    },
    "easyui": {
        "发放方式": "select",
        "隶属关系": "select, read-only",
        "填报日期": "date picker",
        "联系人": "field",
        "人数": "field that formats when it is left",
        "联系方式": "field with the library's own label",
    },
    "element-ui": {
        "发放方式": "select",
        "隶属关系": "select with many options",
        "填报日期": "date picker",
        "办理月份": "month picker, read-only",
        "申请年度": "year picker",
        "劳务派遣": "radio buttons",
        "我已阅读": "checkbox",
        "短信通知": "switch",
        "联系人": "field",
    },
}
"""Library → label → what it is, for docs/page-shapes.md."""


@pytest.mark.parametrize("name", ["layui", "layui 2.6"])
async def test_layui(name: str, show: Show, page: Page) -> None:
    labels = await show_form(name, show, page)
    held = await labels.fill(ANSWERS, timeout=30)
    assert shown(held) == {
        "发放方式": ("单位", Match.SAME),
        "隶属关系": ("县", Match.SAME),
        "填报日期": ("2024-03-05", Match.SAME),
        "办理月份": ("202312", Match.FORMATTED),
        "申请年度": ("2024", Match.SAME),
        "劳务派遣": ("否", Match.SAME),
        "我已阅读": ("是", Match.SAME),
        "短信通知": ("是", Match.SAME),
    }
    form = await page.evaluate("Object.fromEntries(new FormData(document.querySelector('form')))")
    assert form == {"way": "1", "level": "50", "sent": "0", "agreed": "on", "notice": "on"}


async def test_easyui(show: Show, page: Page) -> None:
    labels = await show_form("easyui", show, page)
    asked = {
        "发放方式": "个人",
        "隶属关系": "县",
        "填报日期": "2024-03-05",
        "联系人": "张三",
        "人数": "38412.6",
        "联系方式": "13800000000",
    }
    held = await labels.fill(asked, timeout=30)
    assert shown(held) == {
        "发放方式": ("个人", Match.SAME),
        "隶属关系": ("县", Match.SAME),
        "填报日期": ("2024-03-05", Match.SAME),
        "联系人": ("张三", Match.SAME),
        "人数": ("38,412.60", Match.FORMATTED),
        "联系方式": ("13800000000", Match.SAME),
    }
    assert await page.evaluate("[$('#way').combobox('getValue'), $('#level').combobox('getValue')]") == [
        "2",
        "50",
    ]


async def test_element_ui(show: Show, page: Page) -> None:
    labels = await show_form("element-ui", show, page)
    held = await labels.fill({**ANSWERS, "隶属关系": "第37类", "联系人": "张三"}, timeout=30)
    assert {one.match for label, one in held.items() if label != "办理月份"} == {Match.SAME}
    assert held["办理月份"].match is Match.FORMATTED
    data = await page.evaluate("({...vm.$data, ways: undefined})")
    assert data == {
        "way": "1",
        "level": 37,
        "day": "2024-03-05",
        "month": "202312",
        "year": "2024",
        "sent": "0",
        "agreed": True,
        "notice": True,
        "contact": "张三",
        "ways": None,
    }


@pytest.mark.parametrize("name", FORMS)
async def test_an_option_that_is_not_there(name: str, show: Show, page: Page) -> None:
    labels = await show_form(name, show, page)
    with pytest.raises(NeedsPerson, match=r"“发放方式”里没有表格中要的选项，平台上有：.*单位、个人"):
        await labels.fill({"发放方式": "其他"}, timeout=4)
