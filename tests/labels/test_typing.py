"""Typing as a page hears it: each kind of listener, each kind of field, and what the page would send afterwards."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

from rpa.browser.labels.spots import Match
from rpa.errors import NeedsPerson
from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACCOUNT = "6222021234567890123"

HEARS = {
    "every event is trusted": (
        """<label>值 <input id=f></label><script>window.got = [];
        for (const kind of ['focus', 'keydown', 'keyup', 'beforeinput', 'input', 'change', 'blur'])
          f.addEventListener(kind, (e) => { if (!got.includes(kind + e.isTrusted)) got.push(kind + e.isTrusted); });</script>""",
        ["focustrue", "beforeinputtrue", "inputtrue", "keydowntrue", "keyuptrue", "changetrue", "blurtrue"],
    ),
    "takes trusted input only": (
        "<label>值 <input id=f></label><script>f.oninput = (e) => { if (e.isTrusted) window.got = f.value; };</script>",
        ACCOUNT,
    ),
    "listens to keyup": (
        "<label>值 <input id=f></label><script>f.onkeyup = () => { window.got = f.value; };</script>",
        ACCOUNT,
    ),
    "builds the value from keypress": (
        """<label>值 <input id=f></label><script>let kept = ''; f.onkeydown = (e) => { if (e.key === 'Delete') kept = ''; };
        f.onkeypress = (e) => { e.preventDefault(); kept += e.key; f.value = kept; window.got = kept; };
        f.onbeforeinput = (e) => e.preventDefault();</script>""",
        ACCOUNT,
    ),
    "formats while one types": (
        """<label>值 <input id=f></label><script>f.oninput = () => { const plain = f.value.replaceAll(' ', '');
        f.value = plain.replace(/(.{4})(?=.)/g, '$1 '); window.got = plain; };</script>""",
        ACCOUNT,
    ),
    "refuses to paste": (
        "<label>值 <input id=f onpaste='return false'></label><script>f.onchange = () => { window.got = f.value; };</script>",
        ACCOUNT,
    ),
    "turns Enter into Tab and sends on Enter": (
        """<form onsubmit="window.got = 'sent'; return false"><label>值 <input id=f></label><button>保存</button></form>
        <script>window.got = ''; document.onkeydown = (e) => { if (e.key === 'Enter') window.got += 'enter'; };
        f.onchange = () => { window.got += f.value; };</script>""",
        ACCOUNT,
    ),
    "has a value already": (
        "<label>值 <input id=f value=410000></label><script>f.onchange = () => { window.got = f.value; };</script>",
        ACCOUNT,
    ),
    "loses the selection on focus": (
        """<label>值 <input id=f value=旧值></label><script>f.onfocus = () => setTimeout(() => f.setSelectionRange(0, 0));
        f.onchange = () => { window.got = f.value; };</script>""",
        ACCOUNT,
    ),
    "read-only until it has the focus": (
        "<label>值 <input id=f readonly onfocus='this.readOnly = false' onblur='this.readOnly = true; window.got = this.value'></label>",
        ACCOUNT,
    ),
    "read-only until it is clicked": (
        "<label>值 <input id=f readonly onclick='this.readOnly = false' onchange='window.got = this.value'></label>",
        ACCOUNT,
    ),
}
"""What a page listens to: its markup, and what its own script has got of one account number."""


@pytest.mark.parametrize("name", HEARS)
async def test_the_page_gets_what_was_typed(name: str, show: Show, page: Page) -> None:
    html, got = HEARS[name]
    labels = await show(html)
    held = (await labels.fill({"值": ACCOUNT}, timeout=30))["值"]
    assert held.match.agrees
    assert await page.evaluate("window.got") == got


LISTENERS = {
    "a field": "<script>f.addEventListener('keyup', () => { document.title = f.value; })</script>",
    "an attribute around it": "<script>f.parentElement.setAttribute('onkeyup', 'document.title = f.value')</script>",
    "the window": "<script>addEventListener('keyup', () => { document.title = f.value; })</script>",
}


@pytest.mark.parametrize("framed", [False, True], ids=["in the page", "in a frame"])
@pytest.mark.parametrize("name", LISTENERS)
async def test_whoever_listens_to_keys_hears_one(name: str, framed: bool, show: Show, page: Page) -> None:
    html = f"<p>值 <input id=f></p>{LISTENERS[name]}"
    labels = await show(f'<iframe srcdoc="{html}"></iframe>' if framed else html)
    await labels.fill({"值": ACCOUNT}, timeout=30)
    assert await page.frames[-1].title() == ACCOUNT


async def test_a_page_without_such_listeners_is_filled_at_once(show: Show, page: Page) -> None:
    labels = await show("""<label>联系人 <input></label><label>户名 <input></label><script>window.got = [];
      document.addEventListener('input', (e) => got.push(`${e.target.value} ${e.isTrusted} ${e.inputType}`));</script>""")
    await labels.fill({"联系人": "张三", "户名": "某公司"}, timeout=30)
    assert await page.evaluate("got") == ["张三 true insertText", "某公司 true insertText"]


async def test_chinese_comes_as_from_an_input_method(show: Show, page: Page) -> None:
    labels = await show("""<label>值 <input id=f></label><script>window.got = [];
      for (const kind of ['keydown', 'input', 'keyup']) f.addEventListener(kind, (e) => got.push(`${kind} ${e.key ?? e.data}`));</script>""")
    await labels.fill({"值": "河南试验机械有限公司"}, timeout=30)
    assert await page.evaluate("got") == ["keydown Process", "input 河南试验机械有限公司", "keyup Process"]


async def test_upper_casing_pages_are_taken_as_they_are(show: Show) -> None:
    labels = await show("<label>代码 <input oninput='this.value = this.value.toUpperCase()'></label>")
    held = (await labels.fill({"代码": "91410100ma00019860"}, timeout=30))["代码"]
    assert (held.text, held.match) == ("91410100MA00019860", Match.CHANGED)


async def test_a_field_is_emptied(show: Show, page: Page) -> None:
    labels = await show("<label>值 <input value=旧值 oninput='window.got = this.value'></label>")
    assert (await labels.fill({"值": ""}, timeout=30))["值"].match is Match.SAME
    assert await page.evaluate("window.got") == ""


async def test_keys_never_reach_another_field(show: Show, page: Page) -> None:
    """The page moves the focus as soon as the field has it: nothing is typed where nobody meant it."""
    labels = await show("""<label>密码 <input id=f></label><label>备注 <input id=g></label>
      <script>f.onfocus = () => setTimeout(() => g.focus()); f.onkeydown = () => {};</script>""")
    held = await labels.fill({"密码": "s3cret"}, timeout=30)
    assert await page.evaluate("g.value") == ""
    assert held["密码"].match is Match.CHANGED


BOXES = """<label>县市 <select id=s><option>请选择<option>县<option>市<option disabled>省<option>国</select></label>
<p><input type=checkbox id=c> 我已阅读</p>
<table><tr><td>派遣</td><td><label><input type=radio name=r>是</label><label><input type=radio name=r>否</label></td></tr></table>
<script>window.got = []; document.addEventListener('change', (e) => got.push(`${e.target.value} ${e.isTrusted}`));</script>"""


@pytest.mark.parametrize("option", ["县", "市", "国"])
async def test_choices_are_trusted_and_told_once(option: str, show: Show, page: Page) -> None:
    labels = await show(BOXES)
    asked: dict[str, str | bool] = {"县市": option, "我已阅读": True, "派遣": "否"}
    held = await labels.fill(asked, timeout=30)
    assert {one.match for one in held.values()} == {Match.SAME}
    assert await page.evaluate("got") == [f"{option} true", "on true", "on true"]


BEHIND: dict[str, tuple[str, Match]] = {
    "the hidden field that is sent": (
        "<span><input id=f oninput='h.value = this.value'><input type=hidden id=h name=account></span>",
        Match.SAME,
    ),
    "a hidden field that was cut": (
        "<span><input id=f oninput='h.value = this.value.slice(0, 4)'><input type=hidden id=h name=account></span>",
        Match.CUT,
    ),
    "a hidden field that knows nothing": (
        "<span><input id=f><input type=hidden id=h name=account></span>",
        Match.CHANGED,
    ),
}


@pytest.mark.parametrize("name", BEHIND)
async def test_what_will_be_sent_counts(name: str, show: Show) -> None:
    html, match = BEHIND[name]
    labels = await show(f"<table><tr><td>值</td><td>{html}</td></tr></table>")
    held = (await labels.fill({"值": ACCOUNT}, timeout=30))["值"]
    assert (held.text, held.match) == (ACCOUNT, match)


SUGGESTIONS = """<label>开户银行 <input id=f role=combobox autocomplete=off></label><p><label>户名 <input id=g></label></p>
<ul id=list style="display:none;position:absolute;background:#fff;margin:0;z-index:9;width:300px;height:200px"></ul>
<script>const all = ['中原银行南阳支行', '中原银行郑州支行']; window.got = '';
f.oninput = () => setTimeout(() => { const box = f.getBoundingClientRect(); list.style.left = box.left + 'px'; list.style.top = box.bottom + 'px';
  list.replaceChildren(...all.map((one) => { const item = document.createElement('li'); item.textContent = one; item.onmousedown = (e) => e.preventDefault();
    item.onclick = () => { got = f.value = one; list.style.display = 'none'; }; return item; })); list.style.display = 'block'; }, 150);
f.onkeydown = (e) => { if (e.key === 'Tab') list.style.display = 'none'; };</script>"""


@pytest.mark.parametrize(("bank", "got"), [("中原银行郑州支行", "中原银行郑州支行"), ("某银行", "")])
async def test_a_suggestion_is_chosen_or_the_list_closed(bank: str, got: str, show: Show, page: Page) -> None:
    labels = await show(SUGGESTIONS)
    held = await labels.fill({"开户银行": bank, "户名": "某公司"}, timeout=30)
    assert {one.match for one in held.values()} == {Match.SAME}
    assert await page.evaluate("[got, list.checkVisibility()]") == [got, False]


def calendar(head: str, body: str, shows: str) -> str:
    """A locked field with a calendar of the page's own make. `draw`, `year`, `month` are its script's words."""
    return f"""<label>日期 <input id=f readonly value={shows}></label>
      <div id=panel style="display:none;position:absolute;background:#fff;border:1px solid;padding:4px"></div>
      <script>let [year, month] = [2026, 11]; const pad = (n) => String(n).padStart(2, '0');
      const at = (n) => {{ [year, month] = [year + Math.floor((month - 1 + n) / 12), ((month - 1 + n) % 12 + 12) % 12 + 1]; draw(); }};
      const take = (value) => {{ f.value = value; panel.style.display = 'none'; }};
      const draw = () => {{ panel.innerHTML = `{head}<div id=cells>{body}</div>`; }};
      f.onclick = () => {{ draw(); const box = f.getBoundingClientRect(); panel.style.left = box.left + 'px'; panel.style.top = box.bottom + 'px'; panel.style.display = 'block'; }};</script>"""


MONTHS = "${Array.from({ length: 12 }, (_, n) => `<a onclick=\"take('${year}' + pad(${n} + 1))\">${n + 1}月</a> `).join('')}"
CHINESE_MONTHS = "${'一二三四五六七八九'.split('').concat('十', '十一', '十二').map((name, n) => `<span onclick=\"take('${year}' + pad(${n} + 1))\">${name}月</span> `).join('')}"
DAYS = "${[29, 30, 31].map((n) => `<i>${n}</i> `).join('')}${Array.from({ length: 31 }, (_, n) => `<b onclick=\"take(year + '-' + pad(month) + '-' + pad(${n} + 1))\">${n + 1}</b> `).join('')}"

CALENDARS: dict[str, tuple[str, str, str]] = {
    "months under one year": (
        calendar("<a onclick=at(-12)>&lt;</a> <b>${year}</b> <a onclick=at(12)>&gt;</a>", MONTHS, "202611"),
        "202403",
        "202403",
    ),
    "months by their Chinese names": (
        calendar(
            "<button onclick=at(-12)>‹</button> ${year}年 <button onclick=at(12)>›</button>".replace(
                "${year}年", "<em>${year}年</em>"
            ),
            CHINESE_MONTHS,
            "202611",
        ),
        "2027-12",
        "202712",
    ),
    "days, one pair of arrows": (
        calendar(
            "<a onclick=at(-1)>◀</a> <span>${year}年${month}月</span> <a onclick=at(1)>▶</a>",
            DAYS,
            "2026-11-30",
        ),
        "2026-08-05",
        "2026-08-05",
    ),
    "days, arrows for years and months, today below": (
        calendar(
            "<a onclick=at(-12)>«</a> <a onclick=at(-1)>‹</a> <span>${year}</span> <span>${month}月</span> <a onclick=at(1)>›</a> <a onclick=at(12)>»</a>",
            DAYS + "<p><u>今天：2026年11月30日</u></p>",
            "2026-11-30",
        ),
        "2024-03-29",
        "2024-03-29",
    ),
}


@pytest.mark.parametrize("name", CALENDARS)
async def test_a_calendar_of_the_page_s_own_make(name: str, show: Show, page: Page) -> None:
    html, asked, shown = CALENDARS[name]
    labels = await show(html)
    held = (await labels.fill({"日期": asked}, timeout=30))["日期"]
    assert (held.text, held.match.agrees) == (shown, True)


LOCKED = {
    "a picker that nobody understands": "<input readonly value=202611 onclick=\"this.title='opened'\">",
    "a field that sets itself back": "<input value=202611 onblur=\"this.value='202611'\">",
}


@pytest.mark.parametrize("name", LOCKED)
async def test_what_cannot_be_set_is_said(name: str, show: Show) -> None:
    labels = await show(f"<label>月份 {LOCKED[name]}</label>")
    held = (await labels.fill({"月份": "202603"}, timeout=30))["月份"]
    assert (held.text, held.match) == ("202611", Match.CHANGED)
    with pytest.raises(NeedsPerson, match="没有表格中要的选项"):
        await (await show(CALENDARS["days, one pair of arrows"][0])).fill({"日期": "2026-11"}, timeout=1)


async def test_a_mask_that_stays_as_one_types(show: Show, page: Page) -> None:
    labels = await show("""<label>电话 <input id=f></label><script>const mask = (digits) => '___-____-____'.split('').map((c) => c === '_' ? digits.shift() ?? '_' : c).join('');
      f.onfocus = () => { if (!f.value) f.value = '___-____-____'; };
      f.oninput = () => { f.value = mask([...f.value.replace(/\\D/g, '')]); };</script>""")
    held: Any = (await labels.fill({"电话": "13800000000"}, timeout=30))["电话"]
    assert (held.text, held.match) == ("138-0000-0000", Match.FORMATTED)
