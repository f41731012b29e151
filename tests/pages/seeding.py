"""Batches as a worker leaves them, for tests that look at them in a browser."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from rpa.filing import Filing, Outcome, Record, Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Task, Ticket, Work
from rpa.ledger.ledger import Ledger
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.ledger.builders import claimed, filed, filing, open_batch
from tests.support.batch import YEAR
from tests.support.console import Served

SERIAL = "411302202600001234"
DONE = Outcome(
    Verdict.SUBMITTED,
    "在办理进度查询中查到",
    record=Record("稳岗返还申请", "试验企业", acceptance="已受理", serial=SERIAL),
)
REFUSED = Outcome(Verdict.REFUSED, "去年缴费不满12个月不能申请稳岗补贴")
UNCONFIRMED = Outcome(Verdict.UNCONFIRMED, "提交后平台没有回音")
WORKER = "甲机"
EVIL = "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>企业"

SIZES = [(1280, 800), (1920, 1080), (390, 844)]


def working(ledger: Ledger) -> None:
    """Somebody works."""
    ledger.workers.sign_on(WORKER, host="办公室", pid=4711)


def batch_of(
    served: Served,
    numbers: Sequence[int],
    *,
    name: str = "十一月 南阳.xlsx",
    names: dict[int, str] | None = None,
    blocked: Sequence[int] = (),
) -> tuple[Batch, dict[int, Ticket]]:
    """A batch of fictional employers that is to be filed, and the ticket of each."""
    ledger = served.ledger
    batch = open_batch(ledger, served.settings.home, name=name)
    rows = [_named(filing(number), (names or {}).get(number)) for number in numbers]
    states = ledger.filings.enrol(batch.id, rows)
    batch = ledger.batches.start(batch.id, until="submit", approve="first", blocked=blocked)
    ledger.plans.make(batch.id, Work.FILE)
    tickets = ledger.ready_tasks.find("henan", len(rows))
    assert len(tickets) == len(states)
    return batch, dict(zip(numbers, tickets, strict=True))


def ended(served: Served, ticket: Ticket, outcome: Outcome) -> None:
    """A worker files one row."""
    filed(served.ledger, ticket, outcome, WORKER)


def begun(served: Served, ticket: Ticket) -> Task:
    """A worker is at one row."""
    task = claimed(served.ledger, ticket, WORKER)
    served.ledger.filings.begin_attempt(task.filing_id, WORKER, ticket=ticket)
    return task


def _named(one: Filing, name: str | None) -> Filing:
    return replace(one, employer=replace(one.employer, name=name)) if name else one


def workbook(path: Path, count: int = 3, **changes: dict[str, Any]) -> Path:
    """A real workbook; ``row2={"phone": "138"}`` changes cells of the second employer."""
    rows = [dict(row) for row in sample_rows(count, YEAR)]
    for place, cells in changes.items():
        rows[int(place.removeprefix("row")) - 1] |= cells
    return write_sample(path, rows)


def jpeg(page: Page) -> bytes:
    """A picture of a page, as the engine takes them."""
    return page.screenshot(type="jpeg", quality=40)


def no_sideways_scrolling(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => innerWidth === width", arg=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


PIXEL = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5"
    "PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
)
"""The smallest JPEG."""
