"""What each kind of request looks like, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mock_portal import captcha, qr
from rpa.operator.request import approval_detail
from tests.pages.engine import ROWS, answer, ask, card, holder, press_until, turn_clock, width_of
from tests.support.console import Served, served_console, settings_at
from tests.support.waiting import until

_EVERYTHING = """() => [document.documentElement.outerHTML, document.querySelector("input")?.value,
                      ...Object.values(sessionStorage), ...Object.values(localStorage)].join()"""
_PICTURE: dict[str, Any] = {"picture": captcha.draw("XYXY")}
_KINDS: dict[str, dict[str, Any]] = {
    "captcha": {"first": True},
    "sms": {"refreshable": True, "detail": {"phone": "13812345678"}},
    "password": {},
    "approval": {**_PICTURE, "detail": approval_detail(ROWS)},
    "clearing": _PICTURE,
    "scan": {"picture": qr.draw("https://example.test/1"), "refreshable": True},
    "takeover": {},
}


def seconds_left(console: Served, request_id: str) -> float:
    deadline = next(one.deadline for one in console.ledger.requests.waiting() if one.id == request_id)
    return (deadline - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize("kind", _KINDS)
def test_every_kind_is_accessible_and_fits(
    console: Served, desk: Page, accessible: Callable[[Page], None], kind: str
) -> None:
    one = ask(console.ledger, kind, **_KINDS[kind])
    shown = card(desk, one)
    until(lambda: holder(console.ledger, one))
    held = ask(console.ledger, seconds=seconds_left(console, one) - 16, employer="别人的单位")
    console.ledger.leases.take(held, holder="x:y", name="王五", seconds=300)
    expect(desk.locator("#rows").get_by_text("王五处理中")).to_be_visible()
    turn_clock(desk, seconds_left(console, held) - 9)
    expect(desk.locator("#rows .left.bad")).to_be_visible()
    expect(shown.locator(".time.warn")).to_be_visible()
    if kind == "captcha":
        until(lambda: width_of(shown.locator(".picture img")) >= 3 * 104)
    accessible(desk)
    for width, height in ((1280, 800), (1920, 1080), (390, 844)):
        desk.set_viewport_size({"width": width, "height": height})
        assert desk.evaluate("document.documentElement.scrollWidth") == width
        if kind == "captcha":
            end = desk.get_by_role("button", name="先放回去").bounding_box()
            assert end is not None
            assert end["y"] + end["height"] < height
    if desk.locator(".decide").is_visible():
        desk.locator(".decide .no").click()
        accessible(desk)
        desk.keyboard.press("Escape")
        expect(shown.locator(".decide")).to_be_visible()


def test_a_calm_page_is_accessible(console: Served, desk: Page, accessible: Callable[[Page], None]) -> None:
    expect(desk.get_by_role("heading", name="现在没有待办")).to_be_visible()
    expect(desk.get_by_text("没有要办的单位")).to_be_visible()
    accessible(desk)


def test_an_approval_is_no_enter_away(console: Served, desk: Page) -> None:
    before = ask(console.ledger, seconds=200)
    one = ask(console.ledger, "approval", **_KINDS["approval"])
    card(desk, before)
    expect(desk.locator("#rows li")).to_have_count(2)
    turn_clock(desk)  # the keys are pressed in the same moment
    desk.keyboard.type("7K2X")
    desk.keyboard.press("Enter")
    shown = card(desk, one)
    for key in ("Enter", "Space", "y"):  # pressed on: they were meant for the card before
        desk.keyboard.press(key)
    expect(shown).to_be_focused()
    expect(shown.get_by_text("有 1 项不一致")).to_be_visible()
    differing = shown.locator("tr.differs")
    expect(differing).to_have_text("上年度参保人数3536≠ 不一致")
    expect(differing.locator("mark")).to_have_text("6")
    expect(shown.get_by_role("row", name="返还金额")).to_contain_text("平台改了写法")
    shown.get_by_title("点击放大").click()
    expect(desk.get_by_role("dialog", name="页面截图")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(shown).to_be_visible()
    assert answer(console.ledger, before) == "7K2X"
    assert console.ledger.requests.take_answer(one) is None
    assert [waiting.id for waiting in console.ledger.requests.waiting()] == [one]


def test_yes_can_be_undone_for_some_seconds(page: Page, tmp_path: Path) -> None:
    with served_console(settings_at(tmp_path, console={"undo_seconds": 30})) as console:
        page.goto(console.link())
        one = ask(console.ledger, "approval", **_KINDS["approval"])
        card(page, one)
        press_until(page, "y", lambda: console.ledger.requests.is_answered(one))
        expect(page.get_by_text("试验单位：已同意提交")).to_be_visible()
        assert console.ledger.requests.take_answer(one) is None  # it can still be taken back
        page.keyboard.press("Control+z")
        expect(card(page, one).get_by_text("答复已撤回")).to_be_visible()
        assert [waiting.id for waiting in console.ledger.requests.waiting()] == [one]
        page.goto("about:blank")  # lets the server go at once


def test_a_yes_that_was_used_cannot_be_undone(console: Served, desk: Page) -> None:
    one = ask(console.ledger, "approval", **_KINDS["approval"])
    card(desk, one)
    press_until(desk, "y", lambda: console.ledger.requests.is_answered(one))
    assert answer(console.ledger, one) == "y"
    desk.keyboard.press("Control+z")
    expect(desk.get_by_text("答复已被使用，撤不回了")).to_be_visible()


def test_no_says_why(console: Served, desk: Page) -> None:
    one = ask(console.ledger, "approval", **_KINDS["approval"])
    shown = card(desk, one)
    press_until(desk, "n", lambda: desk.locator("#why").is_visible())
    expect(desk.locator("#why")).to_be_focused()
    expect(desk.locator("#why")).to_have_value("")
    desk.keyboard.press("Enter")
    expect(shown.get_by_role("alert")).to_contain_text("请写一句理由")
    desk.keyboard.type("参保人数不对")
    desk.reload()
    expect(card(desk, one).locator("#why")).to_have_value("参保人数不对")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("试验单位：已退回")).to_be_visible()
    assert answer(console.ledger, one) == "n 参保人数不对"


def test_clearing_is_asked_about_twice(console: Served, desk: Page) -> None:
    one = ask(console.ledger, "clearing", **_PICTURE)
    shown = card(desk, one)
    expect(shown).to_contain_text("就会重复申报")
    shown.get_by_role("button", name="确认从未提交").click()
    dialog = desk.get_by_role("dialog", name="确认平台从未收到？")
    expect(dialog.get_by_role("button", name="不了")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert not console.ledger.requests.is_answered(one)
    shown.get_by_role("button", name="拿不准").click()
    desk.keyboard.press("Enter")
    assert answer(console.ledger, one) == "n 拿不准"
    other = ask(console.ledger, "clearing")
    card(desk, other).get_by_role("button", name="确认从未提交").click()
    dialog.get_by_role("button", name="确认从未提交").click()
    assert answer(console.ledger, other) == "y"


def test_another_message_is_sent_only_after_a_warning(console: Served, desk: Page) -> None:
    one = ask(console.ledger, "sms", **_KINDS["sms"])
    shown = card(desk, one)
    expect(shown).to_contain_text("短信已发到 138****5678")
    assert "13812345678" not in desk.content()
    desk.keyboard.type("12")
    desk.keyboard.press("F2")
    dialog = desk.get_by_role("dialog", name="重新发送短信？")
    expect(dialog).to_contain_text("作废")
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert console.ledger.requests.refresh_asked_by(one) is None
    desk.keyboard.press("F2")
    dialog.get_by_role("button", name="重新发送").click()
    until(lambda: console.ledger.requests.refresh_asked_by(one) == "王芳")
    console.ledger.requests.replace_picture(one, b"")
    expect(shown.get_by_role("alert")).to_contain_text("短信已重新发送")
    expect(desk.locator("#answer")).to_have_value("")
    desk.keyboard.type("654321")
    assert press_until(desk, "Enter", lambda: console.ledger.requests.take_answer(one)).text == "654321"


def test_a_password_is_left_nowhere(console: Served, desk: Page) -> None:
    secret = "Ｐ@ss wörd"  # is not folded
    one = ask(console.ledger, "password", question="平台要求输入该单位的登录密码")
    shown = card(desk, one)
    desk.keyboard.insert_text(secret)
    expect(desk.locator("#answer")).to_have_attribute("type", "password")
    expect(shown.locator("#folded")).to_have_text("")
    assert secret not in desk.evaluate("() => Object.values(sessionStorage).join()")
    desk.route("**/answer", lambda route: route.abort(), times=1)
    desk.keyboard.press("Enter")
    expect(card(desk, one).get_by_role("alert")).to_contain_text("没有送到")
    expect(desk.locator("#answer")).to_have_value("")  # typed anew, rather than kept
    desk.keyboard.insert_text(secret)
    got = press_until(desk, "Enter", lambda: console.ledger.requests.take_answer(one))
    assert got.text == secret
    expect(desk.get_by_text("已发送", exact=False)).to_be_visible()
    left = desk.evaluate(_EVERYTHING)
    assert secret not in left
    assert "@ss" not in left


def test_scanned_and_taken_over(console: Served, desk: Page) -> None:
    one = ask(console.ledger, "scan", **_KINDS["scan"])
    shown = card(desk, one)
    until(lambda: width_of(shown.locator("img")) >= 300)  # once it has come
    desk.keyboard.press("F2")
    until(lambda: console.ledger.requests.refresh_asked_by(one))
    console.ledger.requests.replace_picture(one, qr.draw("https://example.test/2"))
    expect(shown.locator("img")).to_have_attribute("src", f"/requests/{one}/picture?id={one}.2")
    shown.get_by_role("button", name="已扫码").click()
    assert answer(console.ledger, one) == "y"
    other = ask(console.ledger, "takeover", question="请在浏览器窗口中登录")
    shown = card(desk, other)
    expect(shown).to_contain_text("窗口已交给您")
    shown.get_by_role("button", name="办不了").click()
    desk.keyboard.type("没有证书")
    desk.keyboard.press("Enter")
    assert answer(console.ledger, other) == "n 没有证书"


def test_a_stored_script_stays_text(console: Served, desk: Page) -> None:
    script = "<script>document.title='偷'</script><img src=x onerror=alert(1)>"
    one = ask(
        console.ledger,
        "approval",
        employer=script,
        portal=script,
        question=script,
        detail={"rows": [[script, script, f"{script}!"]]},
    )
    shown = card(desk, one)
    expect(shown.get_by_role("heading", name=script)).to_be_visible()
    expect(shown.locator("td").first).to_have_text(script)
    expect(desk.locator("#rows .who")).to_have_text(script)
    assert shown.locator("script, img").count() == 0
    assert "偷" not in desk.title()
