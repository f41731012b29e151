"""待办 by keyboard alone, as an operator works through captchas."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from mock_portal import captcha
from tests.pages.engine import answer, ask, ask_many, card, holder, press_until, turn_clock, width_of
from tests.support.console import Served
from tests.support.waiting import until

_TIMES_LOADED = "performance.getEntriesByName(one, 'resource').length"


def test_one_captcha_after_another_without_touching_the_mouse(console: Served, desk: Page) -> None:
    late = ask(console.ledger, seconds=900, employer="最晚到期")
    expect(card(desk, late)).to_contain_text("最晚到期")
    soon = [ask(console.ledger, seconds=300 + n, employer=f"单位{n}") for n in (3, 1, 2)]
    expect(desk.locator("#rows li")).to_have_count(4)
    in_order = [late, soon[1], soon[2], soon[0]]  # what is on the screen stays there
    for number, request_id in enumerate(in_order, 1):
        card(desk, request_id)
        expect(desk.locator("#answer")).to_be_focused()
        desk.keyboard.type(f"A{number}")
        desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="现在没有待办")).to_be_visible()
    assert [answer(console.ledger, one) for one in in_order] == ["A1", "A2", "A3", "A4"]
    assert desk.title().startswith("待办")


def test_the_next_pictures_are_there_before_they_are_needed(console: Served, desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    ids = ask_many(console.ledger, 6)
    card(desk, ids[0])
    expect(desk.locator("#rows li")).to_have_count(6)
    pictures = [f"{console.url}/requests/{one}/picture?id={one}.1" for one in ids]
    desk.wait_for_function(f"all => all.every(one => {_TIMES_LOADED} === 1)", arg=pictures[:4])
    assert not {*pictures[4:]} & {*asked}  # three ahead, no more
    desk.keyboard.type("7K2X")
    desk.keyboard.press("Enter")
    shown = card(desk, ids[1]).locator(".picture img")
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 104
    until(lambda: width_of(shown) >= 3 * 104)
    desk.wait_for_function(f"one => {_TIMES_LOADED} === 1", arg=pictures[4])
    assert desk.evaluate(f"one => {_TIMES_LOADED}", pictures[1]) == 1
    assert asked.count(pictures[1]) == 1


def test_full_width_is_folded_and_said(console: Served, desk: Page) -> None:
    one = ask(console.ledger)
    card(desk, one)
    desk.keyboard.insert_text("７ｋ２Ｘ\u3000")
    expect(desk.locator("#folded")).to_have_text("将按“7k2X”发送")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("已发送 7k2X")).to_be_visible()
    assert answer(console.ledger, one) == "7k2X"


def test_an_input_methods_enter_sends_nothing(console: Served, desk: Page) -> None:
    one = ask(console.ledger)
    shown = card(desk, one)
    method = desk.context.new_cdp_session(desk)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    method.send("Input.imeSetComposition", {"text": "ab", "selectionStart": 2, "selectionEnd": 2})
    method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    method.send("Input.insertText", {"text": "ab"})  # the composition ends …
    method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})  # … with this very Enter
    method.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(desk.locator("#answer")).to_have_value("ab")
    # The same as script events: composing, and the last key of the method after its end.
    desk.locator("#answer").evaluate(
        """field => {
          const key = (more) => field.dispatchEvent(
            new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...more }));
          field.dispatchEvent(new CompositionEvent("compositionstart"));
          key({ isComposing: true });
          field.dispatchEvent(new CompositionEvent("compositionend", { data: "ab" }));
          key({ keyCode: 229 });
        }"""
    )
    expect(shown.locator("#answer")).to_have_value("ab")
    assert console.ledger.requests.take_answer(one) is None
    desk.keyboard.press("Enter")
    assert answer(console.ledger, one) == "ab"


def test_esc_puts_a_card_at_the_end_and_lets_it_go(console: Served, desk: Page) -> None:
    first, second = ask_many(console.ledger, 2)
    card(desk, first)
    until(lambda: holder(console.ledger, first) == "王芳")
    desk.keyboard.type("ha")
    desk.keyboard.press("Escape")
    card(desk, second)
    until(lambda: not holder(console.ledger, first))
    expect(desk.locator("#rows li").first).to_contain_text("已放回")
    desk.keyboard.press("Escape")
    card(desk, first)
    expect(desk.locator("#answer")).to_have_value("ha")  # what was typed is still there
    console.ledger.requests.withdraw(second)
    expect(desk.locator("#rows li")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("heading", name="放回了 1 件")).to_be_visible()
    desk.keyboard.press("Enter")
    card(desk, first)


def test_what_is_typed_in_is_not_taken_away_by_what_is_more_urgent(console: Served, desk: Page) -> None:
    shown = ask(console.ledger, seconds=900)
    card(desk, shown)
    desk.keyboard.type("7K")
    urgent = ask(console.ledger, seconds=200, employer="很急的单位")
    wrong = ask(
        console.ledger,
        seconds=950,
        employer="答错的单位",
        first=True,
        question="平台说验证码错误，请输入图中的验证码",
    )
    expect(desk.locator("#rows li").first).to_contain_text("上次答错")
    desk.keyboard.type("2X")
    desk.keyboard.press("Enter")
    assert answer(console.ledger, shown) == "7K2X"
    expect(card(desk, wrong)).to_contain_text("上次的答错了，这是新图")
    desk.keyboard.type("W")
    desk.keyboard.press("Enter")
    card(desk, urgent)


def test_another_picture(console: Served, desk: Page) -> None:
    one = ask(console.ledger)
    shown = card(desk, one)
    desk.keyboard.type("abc")
    desk.keyboard.press("F2")
    until(lambda: console.ledger.requests.refresh_asked_by(one) == "王芳")
    expect(shown.get_by_role("button", name="换一张")).to_be_disabled()
    console.ledger.requests.replace_picture(one, captcha.draw("AAAA"))
    expect(shown.locator("img")).to_have_attribute("src", f"/requests/{one}/picture?id={one}.2")
    expect(shown.get_by_text("图片已经换过")).to_be_visible()
    expect(desk.locator("#answer")).to_have_value("")
    expect(shown.get_by_role("button", name="换一张")).to_be_enabled()
    desk.keyboard.type("AAAA")
    press_until(desk, "Enter", lambda: console.ledger.requests.take_answer(one))


def test_keys_for_the_old_picture_do_not_answer_the_new_one(console: Served, desk: Page) -> None:
    one = ask(console.ledger)
    shown = card(desk, one)
    desk.keyboard.type("7K")
    turn_clock(desk)  # the new picture has been there for no time at all
    console.ledger.requests.replace_picture(one, captcha.draw("AAAA"))  # somebody else wished for it
    expect(desk.locator("#answer")).to_have_value("")
    desk.keyboard.type("2X")
    desk.keyboard.press("Enter")
    expect(shown.get_by_text("刚刚换过，请核对以后再按一次 Enter")).to_be_visible()
    assert console.ledger.requests.take_answer(one) is None


def test_a_card_that_expires_while_typing_swallows_the_rest(console: Served, desk: Page) -> None:
    one = ask(console.ledger, seconds=60, employer="快过期的单位")
    shown = card(desk, one)
    until(lambda: holder(console.ledger, one))
    other = ask(console.ledger, employer="下一个单位", first=True)
    expect(desk.locator("#rows li")).to_have_count(2)
    desk.keyboard.type("7K")
    turn_clock(desk, 60)
    expect(shown.get_by_text("已过期")).to_be_visible()
    expect(desk.get_by_role("button", name="看下一条")).to_be_focused()
    desk.keyboard.type("2X")
    desk.keyboard.press("Enter")
    card(desk, other)
    expect(desk.locator("#answer")).to_have_value("")
    assert not desk.evaluate("Object.keys(sessionStorage).some(key => key.startsWith('draft'))")


def test_a_card_that_nobody_touched_makes_room_by_itself(console: Served, desk: Page) -> None:
    one = ask(console.ledger, seconds=60, employer="快过期的单位")
    card(desk, one)
    until(lambda: holder(console.ledger, one))
    other = ask(console.ledger, employer="下一个单位")
    expect(desk.locator("#rows li")).to_have_count(2)
    turn_clock(desk, 60)
    expect(desk.get_by_text("快过期的单位：已过期")).to_be_visible()
    card(desk, other)
    console.ledger.requests.withdraw(one)  # the engine's clock says so, too
    until(lambda: holder(console.ledger, other))  # else it may learn of its end by asking for it
    console.ledger.requests.answer(other, "7K2X", picture_id=None, who="李四")
    expect(desk.get_by_text("下一个单位：这条已在别处处理完")).to_be_visible()
    expect(desk.get_by_role("heading", name="现在没有待办")).to_be_visible()


def test_a_card_whose_end_the_server_tells_first_has_expired_too(console: Served, desk: Page) -> None:
    seconds = 8.0
    one = ask(console.ledger, seconds=seconds, employer="快过期的单位")
    over = time.monotonic() + seconds
    card(desk, one)
    turn_clock(desk)  # the page never notices by itself
    until(lambda: time.monotonic() > over)
    console.ledger.requests.withdraw(one)  # as the engine does now
    expect(desk.get_by_text("快过期的单位：已过期")).to_be_visible()


def test_an_answer_that_does_not_arrive_brings_its_card_back(console: Served, desk: Page) -> None:
    first, second = ask_many(console.ledger, 2)
    card(desk, first)
    desk.route("**/answer", lambda route: route.abort())
    desk.keyboard.type("7K2X")
    desk.keyboard.press("Enter")
    shown = card(desk, first)
    expect(shown.get_by_role("alert")).to_contain_text("没有送到：连不上办理程序")
    expect(desk.locator("#answer")).to_have_value("7K2X")
    desk.unroute("**/answer")
    press_until(desk, "Enter", lambda: console.ledger.requests.take_answer(first))
    card(desk, second)


def test_an_answer_for_an_old_picture_comes_back_without_what_was_typed(console: Served, desk: Page) -> None:
    first, _ = ask_many(console.ledger, 2)
    card(desk, first)

    def replaced_meanwhile(route: object) -> None:
        console.ledger.requests.replace_picture(first, captcha.draw("AAAA"))
        route.continue_()  # type: ignore[attr-defined]

    desk.route("**/answer", replaced_meanwhile, times=1)
    desk.keyboard.type("7K2X")
    desk.keyboard.press("Enter")
    shown = card(desk, first)
    expect(shown.get_by_role("alert")).to_contain_text(re.compile("图片已.*[更换]"))
    expect(shown.locator("img")).to_have_attribute("src", f"/requests/{first}/picture?id={first}.2")
    expect(desk.locator("#answer")).to_have_value("")


def test_an_answer_is_taken_back_until_it_is_used(console: Served, desk: Page) -> None:
    first, second = ask_many(console.ledger, 2)
    card(desk, first)
    desk.keyboard.type("7K2Y")
    desk.keyboard.press("Enter")
    card(desk, second)
    desk.keyboard.press("Control+z")
    shown = card(desk, first)
    expect(shown.get_by_role("alert")).to_contain_text("答复已撤回")
    expect(desk.locator("#answer")).to_have_value("7K2Y")
    desk.keyboard.press("Control+z")  # in a field that holds something it is the field's own
    assert console.ledger.requests.take_answer(first) is None
    desk.locator("#answer").fill("7K2X")
    press_until(desk, "Enter", lambda: console.ledger.requests.take_answer(first))
    card(desk, second)
    desk.get_by_role("button", name="撤销").click()
    expect(desk.get_by_text("答复已被使用，撤不回了")).to_be_visible()
    card(desk, second)


def test_thirty_requests_wait(console: Served, desk: Page) -> None:
    ids = ask_many(console.ledger, 30)
    expect(desk.locator("#rows li")).to_have_count(30)
    expect(desk.locator("#how-many")).to_have_text("30")
    expect(desk.locator("#waiting")).to_have_text("30")
    expect(desk).to_have_title("(30) 待办 · 稳岗返还操作台")
    for one in ids[:10]:
        card(desk, one)
        desk.keyboard.type("7K2X")
        desk.keyboard.press("Enter")
    card(desk, ids[10])
    assert [answer(console.ledger, one) for one in ids[:10]] == ["7K2X"] * 10
    expect(desk.locator("#rows li")).to_have_count(20)
    desk.locator("#rows li").last.click()
    card(desk, ids[29])
    expect(desk.locator("#answer")).to_be_focused()
