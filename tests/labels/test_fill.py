"""What filling does and refuses to do: events, order, comparison with what the page holds, where it may type."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page

from rpa.browser.labels import Labels
from rpa.browser.labels.page_scripts import PageScripts
from rpa.browser.labels.spots import ControlKind, Match, Spot, compare
from rpa.errors import ForeignOrigin, NeedsPerson, PortalChanged, Unavailable
from tests.labels.conftest import ORIGIN, Show

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>没有表单</p>", "页面上找不到“联系人”"),
        ("<label>联系人电话 <input></label>", "页面上找不到“联系人”"),
        ("<div style='display:none'><label>联系人 <input></label></div>", "页面上找不到“联系人”"),
        ("<input type=hidden title=联系人>", "页面上找不到“联系人”"),
        ("<table><tr><td>联系人</td><td>张三</td><td><input></td></tr></table>", "页面上找不到“联系人”"),
        (
            "<fieldset><legend>确认信息</legend><label>联系人 <input></label></fieldset>"
            "<fieldset><legend>发放信息</legend><label>联系人 <input></label></fieldset>",
            r"页面上有 2 处“联系人”，无法判断是哪一处：“确认信息”下，.+；“发放信息”下，",
        ),
        ("<table><tr><td>联系人</td><td><input>至<input></td></tr></table>", "页面上找不到“联系人”"),
        ("<label>联系人 <input></label><p>或</p><label>联系人 <input></label>", "页面上有 2 处“联系人”"),
        ("<button>联系人</button>", "页面上找不到“联系人”"),
    ],
)
async def test_missing_or_twice_is_an_error(show: Show, html: str, says: str) -> None:
    labels = await show(html)
    with pytest.raises(PortalChanged, match=says):
        await labels.fill({"联系人": "张三"}, timeout=0.2)


EVENTS = """
<label>联系人 <input id=a></label><label>联系方式 <input id=b></label>
<script>
  window.seen = [];
  for (const name of ['focus', 'input', 'change', 'blur']) for (const el of document.querySelectorAll('input'))
    el.addEventListener(name, () => seen.push(el.id + ' ' + name + ' ' + el.value));
</script>"""


async def test_a_fill_is_a_real_fill_one_control_after_the_other(show: Show, page: Page) -> None:
    labels = await show(EVENTS)
    await labels.fill({"联系人": "张三", "联系方式": "1"}, timeout=30)
    assert await page.evaluate("seen") == [
        *("a focus ", "a input 张三", "a change 张三", "a blur 张三"),
        *("b focus ", "b input 1", "b change 1", "b blur 1"),
    ]


async def test_nothing_is_left_in_the_page(show: Show, page: Page) -> None:
    labels = await show("<label>联系人 <input></label><button>保存</button>")
    before = await page.evaluate("Object.keys(window)")
    await labels.fill({"联系人": "张三"}, timeout=30)
    await labels.click("保存", timeout=30)
    assert await page.evaluate("Object.keys(window)") == before


@pytest.mark.parametrize(
    ("control", "asked", "shown", "state"),
    [
        ("<input>", "6222021234567890123", "6222021234567890123", Match.SAME),
        (
            "<input onblur=\"this.value=this.value.replace(/(.{4})(?=.)/g,'$1 ')\">",
            "6222021234567890123",
            "6222 0212 3456 7890 123",
            Match.FORMATTED,
        ),
        (
            '<input onchange="this.value=Number(this.value).toLocaleString(`en`,{minimumFractionDigits:2})">',
            "38412.6",
            "38,412.60",
            Match.FORMATTED,
        ),
        ("<input maxlength=11>", "13800000000123", "13800000000", Match.CUT),
        ('<input oninput="this.value=this.value.slice(0,4)">', "410000000001", "4100", Match.CUT),
        ("<input onblur=\"this.value='李四'\">", "张三", "李四", Match.CHANGED),
        ("<input type=number>", "abc", "", Match.CHANGED),
        ("<input readonly value=410000000001>", "410000000001", "410000000001", Match.SAME),
        ("<input readonly value=410000000001>", "410000000002", "410000000001", Match.CHANGED),
        ("<input type=month>", "202403", "2024-03", Match.FORMATTED),
        ("<input type=date>", "2024年3月5日", "2024-03-05", Match.FORMATTED),
        ("<select><option>县<option>市</select>", "市", "市", Match.SAME),
        (
            "<select><option value=''>请选择<option>1.单位（对公）</select>",
            "单位",
            "1.单位（对公）",
            Match.CHANGED,
        ),
        ("<textarea></textarea>", "一\n二", "一\n二", Match.SAME),
        ("<div contenteditable style='width:90px;height:20px'></div>", "张三", "张三", Match.SAME),
    ],
)
async def test_what_the_page_made_of_it(
    show: Show, control: str, asked: str, shown: str, state: Match
) -> None:
    labels = await show(f"<table><tr><td>值</td><td>{control}</td></tr></table>")
    held = (await labels.fill({"值": asked}, timeout=30))["值"]
    assert (held.text, held.match) == (shown, state)


@pytest.mark.parametrize(
    ("asked", "shown", "state"),
    [
        ("0123", "123", Match.CHANGED),
        ("100", "10", Match.CUT),
        ("100.10", "100.1", Match.FORMATTED),
        ("2024-03", "2024年3月", Match.FORMATTED),
        ("2024-03-05", "2024/3/5", Match.FORMATTED),
        ("2024-03", "2024-04", Match.CHANGED),
        ("河南（南阳）公司", "河南(南阳)公司", Match.FORMATTED),
        ("张三", "", Match.CHANGED),
        ("6222021234567890123", "6222****0123", Match.MASKED),
        ("6222021234567890123", "6222 **** **** 124", Match.CHANGED),
        ("张三", "张*", Match.MASKED),
        ("甲公司", "甲公司 【免数字证书认证】", Match.FORMATTED),
        ("甲公司", "甲公司 【分公司】", Match.CHANGED),
        ("", "", Match.SAME),
        ("甲,乙", "甲乙", Match.CHANGED),
    ],
)
async def test_compare(asked: str, shown: str, state: Match) -> None:
    assert compare(asked, shown) is state


BOXES = """
<table><tr><td>性别</td><td><label><input type=radio name=s value=1>男</label><label><input type=radio name=s value=2>女</label></td></tr>
<tr><td>派遣</td><td><input type=radio name=t value=1 id=y><label for=y>是</label><input type=radio name=t value=0 id=n><label for=n>否</label></td></tr></table>
<fieldset><legend>发放方式</legend><input type=radio name=w value=1> 单位 <input type=radio name=w value=2> 个人</fieldset>
<p><input type=checkbox id=c> 我已阅读并同意<a>《协议》</a></p>
<label><input type=checkbox checked> 短信通知</label>
<table><tr><td>缓交</td><td><input type=checkbox></td></tr></table>"""


async def test_check_boxes_and_radio_buttons(show: Show) -> None:
    labels = await show(BOXES)
    asked: dict[str, str | bool] = {
        "性别": "女",
        "派遣": "否",
        "发放方式": "单位",
        "我已阅读并同意": True,
        "短信通知": False,
        "缓交": True,
    }
    held = await labels.fill(asked, timeout=30)
    assert [(one.text, one.match) for one in held.values()] == [
        (text, Match.SAME) for text in ("女", "否", "单位", "是", "否", "是")
    ]
    single: dict[Spot | str, str | bool] = {
        "我已阅读并同意《协议》": True,
        Spot("男", kind=ControlKind.RADIO): True,
    }
    again = await labels.fill(single, timeout=30)
    assert [one.text for one in again.values()] == ["是", "是"]
    assert (await labels.read(["性别"]))["性别"].text == "男"


async def test_a_missing_option_names_those_that_are_there(show: Show) -> None:
    labels = await show("<label>隶属关系 <select><option>县<option>市<option disabled>省</select></label>")
    with pytest.raises(NeedsPerson, match="“隶属关系”里没有表格中要的选项，平台上有：县、市"):
        await labels.fill({"隶属关系": "省"}, timeout=0.2)


async def test_fields_that_appear_after_an_answer_are_waited_for(show: Show) -> None:
    labels = await show("""<label>地市 <select id=c><option>请选择<option>南阳</select></label>
      <label>区县 <select id=d></select></label><div id=more></div>
      <script>c.onchange = () => setTimeout(() => { d.innerHTML = '<option>卧龙区';
        more.innerHTML = '<label>银行账号 <input></label>'; }, 120)</script>""")
    held = await labels.fill({"地市": "南阳", "区县": "卧龙区", "银行账号": "1"}, timeout=30)
    assert [one.text for one in held.values()] == ["南阳", "卧龙区", "1"]


async def test_a_control_replaced_by_the_page_is_found_again(show: Show) -> None:
    labels = await show("""<div id=form></div><script>
      const draw = (v) => { form.innerHTML = `<label>联系人 <input value="${v}"></label><label>年度 <input id=y></label>`;
        form.querySelector('input').onchange = (e) => draw(e.target.value); }; draw('');</script>""")
    held = await labels.fill({"联系人": "张三", "年度": "2024"}, timeout=30)
    assert {one.match for one in held.values()} == {Match.SAME}


async def test_a_password_is_never_read_back(show: Show, page: Page) -> None:
    labels = await show("<label>密码 <input type=password></label>")
    held = (await labels.fill({"密码": "s3cret-word"}, timeout=30))["密码"]
    assert "s3cret" not in repr(held)
    assert held.match is Match.SAME
    assert await page.locator("input").input_value() == "s3cret-word"


@pytest.mark.parametrize("depth", [1, 2])
async def test_nested_frames(show: Show, page: Page, depth: int) -> None:
    html = "<label>联系人 <input></label><button onclick=\"document.title='ok'\">保存</button>"
    for _ in range(depth):
        html = f'<h2>外框</h2><iframe style="margin:30px;width:600px;height:400px" srcdoc="{html.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    labels = await show(html)
    await labels.fill({"联系人": "张三"}, timeout=30)
    await labels.click("保存", timeout=30)
    await page.frames[-1].wait_for_function("document.title === 'ok'")
    assert (await labels.read(["联系人"]))["联系人"].text == "张三"


async def test_a_hidden_frame_does_not_count(show: Show) -> None:
    twin = "<iframe style='display:none' srcdoc='<label>联系人 <input></label>'></iframe>"
    labels = await show(f"{twin}<label>联系人 <input></label>")
    assert (await labels.fill({"联系人": "张三"}, timeout=30))["联系人"].match is Match.SAME


async def foreign_page(show: Show, page: Page, origins: set[str]) -> Labels:
    other = "<label>密码 <input></label><button onclick=\"document.title='ok'\">登录</button>"
    await page.route(
        "http://other.test/",
        lambda route: route.fulfill(body=f"<meta charset=utf-8>{other}", content_type="text/html"),
    )
    frame = "<iframe src=http://other.test/ style='margin:40px;border:7px solid;padding:5px'></iframe>"
    await show(f"<label>联系人 <input></label>{frame}")
    scripts = PageScripts(page, await page.context.new_cdp_session(page))
    return Labels(page, scripts, origins=frozenset(origins))


async def test_nothing_is_typed_into_a_foreign_frame(show: Show, page: Page) -> None:
    labels = await foreign_page(show, page, {ORIGIN})
    with pytest.raises(ForeignOrigin, match="“密码”所在的页面属于其他网站"):
        await labels.fill({"密码": "x"}, timeout=30)
    assert await page.frames[-1].locator("input").input_value() == ""


async def test_an_allowed_frame_of_another_origin(show: Show, page: Page) -> None:
    labels = await foreign_page(show, page, {ORIGIN, "http://other.test"})
    held = await labels.fill({"密码": "x", "联系人": "张三"}, timeout=30)
    assert [one.match for one in held.values()] == [Match.SAME, Match.SAME]
    await labels.click("登录", timeout=30)
    await page.frames[-1].wait_for_function("document.title === 'ok'")


async def test_a_strict_content_security_policy(show: Show, page: Page) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    labels = await show(f"{policy}<label>联系人 <input></label>")
    assert (await labels.fill({"联系人": "张三"}, timeout=30))["联系人"].match is Match.SAME


async def test_a_covered_form_is_not_typed_into(show: Show, page: Page) -> None:
    labels = await show("""<label>联系人 <input></label>
      <div style="position:fixed;inset:0;background:#0008">正在加载</div>""")
    with pytest.raises(Unavailable, match="“联系人”一直被“正在加载”挡住"):
        await labels.fill({"联系人": "张三"}, timeout=0.2)
    assert await page.locator("input").input_value() == ""


async def test_a_navigation_in_the_middle_is_survived(show: Show, page: Page) -> None:
    labels = await show("<script>setTimeout(() => location.reload(), 100)</script>")
    await page.route(  # the newest counts
        f"{ORIGIN}/",
        lambda route: route.fulfill(
            body="<meta charset=utf-8><label>联系人 <input></label>", content_type="text/html"
        ),
    )
    held = await labels.fill({"联系人": "张三"}, timeout=30)
    assert held["联系人"].match is Match.SAME


async def test_what_a_person_could_change(show: Show) -> None:
    labels = await show(
        "<label>联系人 <input></label><label>户名 <input readonly></label><label>银行账号 <input disabled></label>"
        "<p>开户银行：某银行</p><label>发放方式 <select><option>单位</select></label>"
        "<iframe srcdoc='<label>联系电话 <input></label>'></iframe>"
    )
    asked = ["联系人", "户名", "银行账号", "开户银行", "发放方式", "联系电话", "备注"]
    assert await labels.editable(asked) == {"联系人", "发放方式", "联系电话"}
