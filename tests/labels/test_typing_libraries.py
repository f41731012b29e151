"""Typing in the libraries themselves: what their models hold afterwards is what the page would send."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page

from rpa.browser.labels import Labels
from rpa.browser.labels.spots import Match
from rpa.errors import NeedsPerson
from tests.labels.conftest import Show
from tests.labels.drawn import show_drawn

pytestmark = pytest.mark.asyncio(loop_scope="session")

BRANCHES = "['中原银行南阳第1支行', '中原银行南阳第2支行', '中原银行郑州支行', '中原银行洛阳支行']"

ANGULAR = """
<div id=hall ng-controller="Form as f"><table>
  <tr><td>联系人</td><td><input ng-model=f.contact ng-model-options="{ debounce: 300 }"></td></tr>
  <tr><td>联系方式</td><td><input ng-model=f.phone ng-pattern="/^1[0-9]{10}$/" ng-model-options="{ updateOn: 'blur' }"></td></tr>
  <tr><td>座机</td><td><input ng-model=f.landline ui-mask="9999-99999999"></td></tr>
  <tr><td>发放方式</td><td><select ng-model=f.way ng-options="o.value as o.name for o in f.ways"><option value="">-- 请选择 --</option></select></td></tr>
  <tr><td>开户银行</td><td><input ng-model=f.bank uib-typeahead="b for b in f.find($viewValue)" typeahead-wait-ms=100></td></tr>
  <tr><td>户名</td><td><input ng-model=f.name></td></tr>
  <tr><td>支行</td><td style="width:300px"><ui-select ng-model=f.branch theme=bootstrap><ui-select-match>{{$select.selected}}</ui-select-match>
    <ui-select-choices repeat="b in f.found" refresh="f.search($select.search)" refresh-delay=100>{{b}}</ui-select-choices></ui-select></td></tr>
  <tr><td>填报日期</td><td><input readonly ng-model=f.day uib-datepicker-popup=yyyy-MM-dd is-open=f.open ng-click="f.open = true" show-button-bar=false></td></tr>
</table></div>"""

ANGULAR_FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "ui-select/dist/select.min.css",
    "jquery/dist/jquery.min.js",
    "angular/angular.min.js",
    "angular-sanitize/angular-sanitize.min.js",
    "angular-ui-bootstrap/dist/ui-bootstrap-tpls.js",
    "angular-ui-mask/dist/mask.min.js",
    "ui-select/dist/select.min.js",
)

ANGULAR_START = f"""() => {{ const all = {BRANCHES};
  angular.module('hall', ['ui.bootstrap', 'ui.mask', 'ui.select', 'ngSanitize']).controller('Form', function ($timeout) {{
    const f = window.model = this; f.day = new Date(2026, 10, 30);
    f.ways = [{{ value: '1', name: '单位' }}, {{ value: '2', name: '个人' }}];
    f.find = (words) => $timeout(() => all.filter((one) => one.includes(words.slice(0, 4))), 60);
    f.found = []; f.search = (words) => $timeout(() => {{ f.found = words ? all.filter((one) => one.includes(words)) : []; }}, 60);
  }});
  angular.bootstrap(document.getElementById('hall'), ['hall']); }}"""

ANGULAR_ASKED = {
    "联系人": "张三",
    "联系方式": "13800000000",
    "座机": "037100000000",
    "发放方式": "单位",
    "开户银行": "中原银行郑州支行",
    "户名": "某公司",
    "支行": "中原银行南阳第2支行",
    "填报日期": "2025-03-05",
}
ANGULAR_WIDGETS = {
    "联系人": "model that waits before it takes a value",
    "联系方式": "model that takes a value on leaving, with a pattern",
    "座机": "mask (ui-mask)",
    "发放方式": "select",
    "开户银行": "suggestions while one types",
    "支行": "select whose options the server sends while one types",
    "填报日期": "date picker, read-only",
}
"""Label → what it is, for docs/page-shapes.md."""


async def angular(show: Show, page: Page) -> Labels:
    return await show_drawn(ANGULAR, ANGULAR_FILES, ANGULAR_START, show, page)


async def test_angularjs(show: Show, page: Page) -> None:
    labels = await angular(show, page)
    held = await labels.fill(ANGULAR_ASKED, timeout=30)
    assert {label: one.match.agrees for label, one in held.items()} == dict.fromkeys(ANGULAR_ASKED, True)
    assert await page.evaluate(
        "(({ contact, phone, landline, way, bank, name, branch }) => [contact, phone, landline, way, bank, name, branch])(model)"
    ) == [*("张三", "13800000000", "037100000000", "1", "中原银行郑州支行", "某公司", "中原银行南阳第2支行")]
    assert await page.evaluate(
        "[model.day.getFullYear(), model.day.getMonth() + 1, model.day.getDate()]"
    ) == [2025, 3, 5]


async def test_angularjs_keeps_an_invalid_value_out_of_its_model(show: Show, page: Page) -> None:
    labels = await angular(show, page)
    held = (await labels.fill({"联系方式": "0371-1"}, timeout=30))["联系方式"]
    assert (held.text, held.match) == ("0371-1", Match.CHANGED)


ELEMENT = """<div id=app><el-form label-width="120px" style="width:600px">
<el-form-item label="开户银行"><el-autocomplete v-model="bank" :fetch-suggestions="find" style="width:400px"></el-autocomplete></el-form-item>
<el-form-item label="发放方式"><el-select v-model="way"><el-option v-for="o in ['单位', '个人']" :key="o" :label="o" :value="o"></el-option></el-select></el-form-item>
<el-form-item label="银行账号"><el-input v-model="account" @input="account = account.replace(/ /g, '').replace(/(.{4})(?=.)/g, '$1 ')"></el-input></el-form-item>
<el-form-item label="支行"><el-select v-model="branch" filterable remote :remote-method="search"><el-option v-for="o in found" :key="o" :label="o" :value="o"></el-option></el-select></el-form-item>
<el-form-item label="县区"><el-select v-model="county" filterable><el-option v-for="n in 40" :key="n" :label="'第' + n + '区'" :value="n"></el-option></el-select></el-form-item>
<el-form-item label="填报日期"><el-date-picker v-model="day" value-format="{date}"></el-date-picker></el-form-item>
<el-form-item label="办理月份"><el-date-picker v-model="month" type="month" :editable="false" format="{month}" value-format="{month}"></el-date-picker></el-form-item>
</el-form></div>"""

ELEMENT_DATA = f"""{{ bank: '', way: '', account: '', branch: '', county: '', day: '', month: '', found: [] }}), methods: {{
  find(words, tell) {{ setTimeout(() => tell({BRANCHES}.filter((one) => one.includes(words.slice(0, 4))).map((value) => ({{ value }}))), 60); }},
  search(words) {{ setTimeout(() => {{ this.found = {BRANCHES}.filter((one) => one.includes(words)); }}, 60); }} }}"""

VUE = {
    "element-ui": (
        ELEMENT.replace("{date}", "yyyy-MM-dd").replace("{month}", "yyyyMM"),
        ("element-ui/lib/theme-chalk/index.css", "vue/dist/vue.min.js", "element-ui/lib/index.js"),
        f"() => {{ window.vm = new Vue({{ el: '#app', data: () => ({ELEMENT_DATA} }}); }}",
    ),
    "element-plus": (
        ELEMENT.replace("{date}", "YYYY-MM-DD").replace("{month}", "YYYYMM"),
        (
            "element-plus/dist/index.css",
            "vue3/dist/vue.global.prod.js",
            "element-plus/dist/index.full.min.js",
        ),
        f"() => {{ window.vm = Vue.createApp({{ data: () => ({ELEMENT_DATA} }}).use(ElementPlus).mount('#app'); }}",
    ),
}

ELEMENT_ASKED = {
    "发放方式": "单位",
    "银行账号": "6222021234567890123",
    "支行": "中原银行南阳第2支行",
    "县区": "第37区",
    "填报日期": "2025-03-05",
    "办理月份": "202312",
}
ELEMENT_WIDGETS = {
    "开户银行": "suggestions while one types",
    "发放方式": "select",
    "银行账号": "field that formats while one types",
    "支行": "select whose options the server sends while one types",
    "县区": "select that is searched",
    "填报日期": "date picker",
    "办理月份": "month picker, read-only",
}


async def vue(name: str, show: Show, page: Page) -> Labels:
    html, paths, start = VUE[name]
    return await show_drawn(html, paths, start, show, page)


@pytest.mark.parametrize("name", VUE)
@pytest.mark.parametrize("bank", ["中原银行郑州支行", "某银行"])
async def test_element(name: str, bank: str, show: Show, page: Page) -> None:
    labels = await vue(name, show, page)
    asked = {"开户银行": bank, **ELEMENT_ASKED}
    held = await labels.fill(asked, timeout=30)
    assert {label: one.match.agrees for label, one in held.items()} == dict.fromkeys(asked, True)
    data = await page.evaluate(
        "['bank', 'way', 'account', 'branch', 'county', 'day', 'month'].map((name) => vm[name])"
    )
    assert data == [
        bank,
        "单位",
        "6222 0212 3456 7890 123",
        "中原银行南阳第2支行",
        37,
        "2025-03-05",
        "202312",
    ]


@pytest.mark.parametrize("name", VUE)
@pytest.mark.parametrize("label", ["支行", "县区"])
async def test_a_search_that_finds_nothing(name: str, label: str, show: Show, page: Page) -> None:
    labels = await vue(name, show, page)
    with pytest.raises(NeedsPerson, match=f"“{label}”里没有表格中要的选项"):
        await labels.fill({label: "某支行"}, timeout=3)


ANTD = "<div id=app style='width:600px'></div>"
ANTD_FILES = (
    "antd/dist/reset.css",
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "dayjs/dayjs.min.js",
    "antd/dist/antd.min.js",
)
ANTD_START = f"""() => {{ const all = {BRANCHES}; const {{ Form, Input, Select, DatePicker }} = antd; const e = React.createElement;
  const named = (one) => ({{ value: one, label: one }});
  function Page() {{
    const [found, setFound] = React.useState([]); const [name, setName] = React.useState('');
    const search = (words) => setTimeout(() => setFound(words ? all.filter((one) => one.includes(words)).map(named) : []), 60);
    window.name_ = name;
    return e(Form, {{ onValuesChange: (_, values) => {{ window.model = values; }}, labelCol: {{ span: 6 }} }},
      e(Form.Item, {{ label: '联系人', name: 'contact' }}, e(Input)),
      e('label', null, '户名', e('input', {{ value: name, onChange: (event) => setName(event.target.value.toUpperCase()) }})),
      e(Form.Item, {{ label: '发放方式', name: 'way' }}, e(Select, {{ options: ['单位', '个人'].map(named) }})),
      e(Form.Item, {{ label: '县区', name: 'county' }}, e(Select, {{ options: Array.from({{ length: 40 }}, (_, n) => named(`第${{n + 1}}区`)) }})),
      e(Form.Item, {{ label: '支行', name: 'branch' }}, e(Select, {{ showSearch: true, filterOption: false, onSearch: search, options: found }})),
      e(Form.Item, {{ label: '填报日期', name: 'day' }}, e(DatePicker)));
  }}
  ReactDOM.createRoot(document.getElementById('app')).render(e(Page)); }}"""

ANTD_ASKED = {
    "联系人": "张三",
    "户名": "ABC公司",
    "发放方式": "个人",
    "县区": "第37区",
    "支行": "中原银行南阳第2支行",
    "填报日期": "2025-03-05",
}
ANTD_WIDGETS = {
    "联系人": "field",
    "户名": "field that the page sets anew (React)",
    "发放方式": "select",
    "县区": "select that draws its options in view only",
    "支行": "select whose options the server sends while one types",
    "填报日期": "date picker",
}


async def test_antd(show: Show, page: Page) -> None:
    labels = await show_drawn(ANTD, ANTD_FILES, ANTD_START, show, page)
    held = await labels.fill(ANTD_ASKED, timeout=30)
    assert {label: one.match.agrees for label, one in held.items()} == dict.fromkeys(ANTD_ASKED, True)
    got = await page.evaluate(
        "[model.contact, name_, model.way, model.county, model.branch, model.day.format('YYYY-MM-DD')]"
    )
    assert got == list(ANTD_ASKED.values())
