"""What the engine does with requests, without an engine: it asks, and looks for the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page, expect

from mock_portal import captcha
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.ledger import Ledger
from tests.support.waiting import until

T = TypeVar("T")

ROWS = (
    ("单位名称", "郑州鑫源机电设备有限公司", "郑州鑫源机电设备有限公司"),
    ("返还金额", "12,345.60", "12345.6"),
    ("上年度参保人数", "35", "36"),
)


def ask(ledger: Ledger, kind: str = "captcha", *, seconds: float = 1000, **more: Any) -> str:
    """Put a request in line, as an attempt would; returns its id."""
    facts: dict[str, Any] = {
        "question": "请输入图中的验证码",
        "employer": "试验单位",
        "portal": "河南省网上服务平台",
    }
    if kind == "captcha":
        facts |= {"picture": captcha.draw("7K2X"), "refreshable": True}
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return ledger.requests.ask(NewRequest(kind=kind, deadline=deadline, **{**facts, **more}))


def ask_many(ledger: Ledger, count: int, **more: Any) -> list[str]:
    """Captchas of 单位1, 单位2 …, the first of which has the soonest deadline."""
    return [ask(ledger, seconds=600 + n, employer=f"单位{n}", **more) for n in range(1, count + 1)]


def answer(ledger: Ledger, request_id: str) -> str:
    """The answer as the engine gets it, once it is there."""
    return until(lambda: ledger.requests.take_answer(request_id)).text


def width_of(element: Locator) -> float:
    """How wide it is drawn just now; a picture that is still to come has another width."""
    box = element.bounding_box()
    return box["width"] if box else 0.0


def turn_clock(page: Page, seconds: float = 0) -> None:
    """Let so much time pass on the page's own clock, which then stands still however long the test takes.

    The next line that the server tells says anew how long each request has: let there be none to come.
    """
    page.evaluate(
        "later => { const now = performance.now() + later; performance.now = () => now; }", seconds * 1000
    )


def press_until(page: Page, key: str, look: Callable[[], T | None]) -> T:
    """Press a key until a look finds something: a card that has just changed does not heed it at once."""

    def pressed() -> T | None:
        page.keyboard.press(key)
        return look()

    return until(pressed)


def holder(ledger: Ledger, request_id: str) -> str:
    """Who has a request before them."""
    return next((one.held_by for one in ledger.requests.waiting() if one.id == request_id), "")


def card(page: Page, request_id: str) -> Locator:
    """The card in the middle, once it is this request's."""
    found = page.locator(f'article.request[data-id="{request_id}"]')
    expect(found).to_be_visible()
    return found
