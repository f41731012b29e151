"""待办 in several pages at once, over reloads and restarts, and the reminder that brings a person back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from rpa.errors import UserError
from tests.pages.engine import answer, ask, ask_many, card, holder, press_until
from tests.support.console import Served, reserved_port, served_console, settings_at
from tests.support.waiting import until


def test_two_people_see_different_cards(console: Served, desk: Page, another: Callable[[], Page]) -> None:
    other = another()
    other.get_by_role("button", name="经办人").click()
    other.get_by_role("textbox", name="姓名").fill("王五")
    other.get_by_role("button", name="确定").click()
    expect(other.get_by_role("button", name="经办人：王五")).to_be_visible()
    one = ask(console.ledger, seconds=500)
    until(lambda: holder(console.ledger, one))
    two = ask(console.ledger, seconds=600)
    until(lambda: holder(console.ledger, two))
    mine, theirs = (one, two) if holder(console.ledger, one) == "王芳" else (two, one)
    card(desk, mine)
    card(other, theirs)
    expect(desk.locator("#rows").get_by_text("王五处理中")).to_be_visible()
    expect(other.locator("#rows").get_by_text("王芳处理中")).to_be_visible()
    expect(desk.locator("#rows button:disabled")).to_have_count(1)
    desk.keyboard.type("7K2X")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="1 件待办都有人在处理")).to_be_visible()
    assert answer(console.ledger, mine) == "7K2X"
    other.close()  # lets go of it
    card(desk, theirs)
    until(lambda: holder(console.ledger, theirs) == "王芳")


def test_who_was_slower_is_told_and_goes_on(console: Served, desk: Page) -> None:
    first, second = ask_many(console.ledger, 2)
    shown = card(desk, first)
    until(lambda: holder(console.ledger, first) == "王芳")
    _take_over(console, first)
    card(desk, second)
    desk.keyboard.type("7K")
    until(lambda: holder(console.ledger, second) == "王芳")
    _take_over(console, second)
    shown = card(desk, second)
    expect(shown.get_by_role("alert")).to_contain_text("由王五处理中")
    expect(desk.get_by_role("button", name="看下一条")).to_be_focused()


def _take_over(console: Served, request_id: str) -> None:
    """王五 has it from now on, once the page that has it renews its lease no more in between."""

    def taken() -> bool:
        mine = next(one.holder for one in console.ledger.requests.waiting() if one.id == request_id)
        console.ledger.leases.release(request_id, holder=mine)
        with suppress(UserError):
            console.ledger.leases.take(request_id, holder="x:y", name="王五", seconds=300)
            return True
        return False

    until(taken)


def test_a_reload_loses_nothing(console: Served, desk: Page) -> None:
    _, second = ask_many(console.ledger, 2)
    desk.locator("#rows li").nth(1).click()
    card(desk, second)
    desk.keyboard.type("7K2")
    desk.reload()
    card(desk, second)
    expect(desk.locator("#answer")).to_have_value("7K2")
    expect(desk.locator("#answer")).to_be_focused()
    desk.keyboard.type("X")
    desk.keyboard.press("Enter")
    assert answer(console.ledger, second) == "7K2X"


def test_a_duplicated_tab_is_another_page(console: Served, desk: Page) -> None:
    one = ask(console.ledger)
    card(desk, one)
    until(lambda: holder(console.ledger, one))
    with desk.expect_popup() as opened:
        desk.evaluate("() => { window.open('/'); }")
    twin = opened.value  # has all that the first one remembers
    expect(twin.get_by_text("您的另一个页面处理中")).to_be_visible()
    assert twin.evaluate("sessionStorage.tab") != desk.evaluate("sessionStorage.tab")
    expect(card(desk, one)).to_be_visible()
    twin.close()


def test_a_restart_of_the_server_loses_nothing(page: Page, tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    with reserved_port() as port:
        with served_console(settings, port=port) as before:
            page.goto(before.link())
            one = ask(before.ledger)
            card(page, one)
            page.keyboard.type("7K2")
        expect(page.get_by_text("连接中断，正在重连")).to_be_visible()
        page.keyboard.type("X")
        page.keyboard.press("Enter")
        expect(card(page, one).get_by_role("alert")).to_contain_text("没有送到")
        with served_console(settings, port=port) as after:
            expect(page.get_by_text("连接中断，正在重连")).to_be_hidden()
            expect(page.locator("#answer")).to_have_value("7K2X")
            assert press_until(page, "Enter", lambda: after.ledger.requests.take_answer(one)).text == "7K2X"
            expect(page.get_by_role("heading", name="现在没有待办")).to_be_visible()
            page.goto("about:blank")  # lets the server go at once


def test_a_session_that_is_over_leads_to_the_door(console: Served, desk: Page) -> None:
    expect(desk.get_by_role("heading", name="现在没有待办")).to_be_visible()
    for session in (console.settings.home / "console" / "sessions").iterdir():
        session.unlink()
    ask(console.ledger)  # what is written now is told to nobody any more
    expect(desk).to_have_url(f"{console.url}/login")


_SPY = """
  window.heard = { tones: 0, notes: [], told: 0 };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { heard.tones += 1; return start.apply(this, when); };
  window.Notification = class extends Notification {
    constructor(title, more) { super(title, more); heard.notes.push(more.body); }
  };
  window.EventSource = class extends EventSource {
    constructor(...all) { super(...all); this.addEventListener("arrivals", () => { heard.told += 1; }); }
  };
"""


def test_the_reminder(console: Served, context: BrowserContext) -> None:
    context.grant_permissions(["notifications"], origin=console.url)
    context.add_init_script(_SPY)
    page = context.new_page()
    page.goto(console.link())
    expect(page.get_by_role("heading", name="现在没有待办")).to_be_visible()
    first = ask(console.ledger)
    card(page, first)
    assert page.evaluate("heard.tones") == 0  # not switched on
    page.get_by_role("button", name="提醒：关").click()
    expect(page.get_by_role("button", name="提醒：开")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("提醒已打开")).to_be_visible()
    tones = page.evaluate("heard.tones")
    assert tones > 0  # so that the person knows the sound
    second = ask(console.ledger)
    expect(page.locator("#rows li")).to_have_count(2)
    assert page.evaluate("heard.tones") == tones  # the person is at it
    for one in (first, second):
        console.ledger.requests.withdraw(one)
    expect(page.get_by_role("heading", name="现在没有待办")).to_be_visible()
    ask(console.ledger)
    page.wait_for_function("tones => heard.tones > tones && heard.notes.length === 1", arg=tones)
    assert page.evaluate("heard.notes[0]") == "有 1 件新的待办等您答复"
    page.close()


def test_other_pages_count_and_remind_as_well(console: Served, context: BrowserContext) -> None:
    context.grant_permissions(["notifications"], origin=console.url)
    context.add_init_script(_SPY + "localStorage.setItem('reminder', 'on');")
    first = context.new_page()
    first.goto(console.link())
    first.goto(f"{console.url}/portals")
    second = context.new_page()
    second.goto(f"{console.url}/portals")
    for page in (first, second):
        page.keyboard.press("Shift")  # a page may sound once the person has done something on it
    first.wait_for_function("() => heard.told > 0")  # what comes from now on is new to it
    one = ask(console.ledger)
    for page in (first, second):
        expect(page.locator("#waiting")).to_have_text("1")
    expect(first).to_have_title("(1) 平台 · 稳岗返还操作台")
    first.wait_for_function("() => heard.notes.length === 1")
    assert second.evaluate("heard.notes.length") == 0  # one reminder, not one a page
    first.close()
    console.ledger.requests.withdraw(one)
    expect(second.locator("#waiting")).to_be_hidden()  # the other one listens now
    third = context.new_page()
    third.goto(console.url)
    expect(third.get_by_role("heading", name="现在没有待办")).to_be_visible()
    told = second.evaluate("heard.told")
    other = ask(console.ledger)
    card(third, other)
    third.wait_for_function("() => heard.notes.length === 1")
    second.wait_for_function("told => heard.told > told", arg=told)
    # 待办 reminds by itself; the page's own question whether it is open comes before this one.
    assert second.evaluate("navigator.locks.query().then(() => heard.notes.length)") == 0
    console.ledger.requests.withdraw(other)
