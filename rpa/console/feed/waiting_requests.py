"""What waits for a person, as the script of 待办 receives it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rpa.browser.labels.spots import compare
from rpa.console.feed.change_feed import ChangeFeed
from rpa.engine.attempt.comparing import Compared
from rpa.errors import UserError
from rpa.ledger.data.requests import WaitingRequest
from rpa.ledger.ledger import Ledger
from rpa.operator.request import Kind
from rpa.privacy.masks import mask

_LOOK_SECONDS = 5.0
"""A lease runs out without anybody writing anything."""
_TAB = re.compile(r"[0-9A-Za-z]{1,24}")
_BATCHES = 20
"""So many of the newest batches count as at work."""


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """A page that shows requests to a person, as the ledger's leases name it."""

    person: str
    """Opaque: the visitor's."""
    tab: str

    @classmethod
    def of(cls, visitor_key: str, tab: object) -> LeaseHolder:
        """The page of a visitor that calls itself ``tab``; none for somebody who answers without a page.

        Raises:
            UserError: it is no such name.
        """
        if tab is None:
            return cls(visitor_key[:32], "")
        if not (isinstance(tab, str) and _TAB.fullmatch(tab)):
            raise UserError("页面的名字不对")
        return cls(visitor_key[:32], tab)

    def __str__(self) -> str:
        """As the ledger keeps it; empty for somebody who answers without a page."""
        return f"{self.person}:{self.tab}" if self.tab else ""

    def other_holder(self, request: WaitingRequest) -> str:
        """The name of whoever else has the request; empty where nobody has."""
        if not request.holder or request.holder == str(self):
            return ""
        return "您的另一个页面" if request.holder.startswith(f"{self.person}:") else request.held_by


async def moments_to_look(feed: ChangeFeed) -> AsyncIterator[None]:
    """Whenever the requests may look different: something was written, or time has passed."""
    async with aclosing(feed.changes()) as changes:  # type: ignore[type-var]
        change = asyncio.ensure_future(anext(changes))
        try:
            while True:
                done, _ = await asyncio.wait({change}, timeout=_LOOK_SECONDS)
                if done:
                    try:
                        change.result()
                    except StopAsyncIteration:
                        return
                    change = asyncio.ensure_future(anext(changes))
                yield
        finally:
            change.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await change


def request_list(ledger: Ledger, holder: LeaseHolder) -> Mapping[str, Any]:
    """The requests as a page shows them, and what is at work where there are none.

    Args:
        ledger: where they wait.
        holder: the page.
    """
    requests = ledger.requests.waiting()
    return {
        "requests": [_as_shown(one, holder) for one in requests],
        "work": None if requests else _work_counts(ledger),
    }


def with_seconds_left(listed: Mapping[str, Any]) -> Mapping[str, Any]:
    """A list of requests with the seconds that each has left, by this machine's clock alone."""
    now = datetime.now(UTC)
    timed = [
        {**one, "seconds_left": round((datetime.fromisoformat(one["deadline"]) - now).total_seconds(), 2)}
        for one in listed["requests"]
    ]
    return {**listed, "now": now.isoformat(), "requests": timed}


def arrivals(ledger: Ledger) -> Mapping[str, Any]:
    """How many requests wait, and which is the newest."""
    requests = ledger.requests.waiting()
    return {"waiting": len(requests), "newest": max((int(one.id) for one in requests), default=0)}


def _work_counts(ledger: Ledger) -> Mapping[str, int]:
    """How many filings run and how many are to come, for somebody who waits for a request."""
    running = left = 0
    for batch in ledger.batches.all()[:_BATCHES]:
        running += ledger.counts.running(batch.id)
        left += sum(ledger.counts.unfinished(batch.id).values())
    return {"running": running, "left": left - running}


def _as_shown(one: WaitingRequest, holder: LeaseHolder) -> Mapping[str, Any]:
    kind = Kind(one.kind)
    pictured = one.picture_id and one.picture_type
    return {
        "id": one.id,
        "kind": kind.value,
        "kind_name": kind.chinese,
        "question": one.question,
        "employer": one.employer,
        "portal": one.portal,
        "picture": f"/requests/{one.id}/picture?id={one.picture_id}" if pictured else None,
        "picture_id": one.picture_id,
        "refreshable": one.refreshable,
        "first": one.first,
        "held_by": holder.other_holder(one),
        "mine": bool(one.holder) and one.holder == str(holder),
        "detail": _detail(one),
        "secret": kind.secret,
        "yes_or_no": kind.yes_or_no,
        "batch": one.batch_id,
        "deadline": one.deadline.isoformat(),
    }


def _detail(one: WaitingRequest) -> Mapping[str, Any]:
    """What the card of its kind shows beside the question, and nothing else."""
    shown: dict[str, Any] = {}
    if phone := one.detail.get("phone"):
        shown["phone"] = mask(str(phone))
    if rows := one.detail.get("rows"):
        shown["rows"] = [_row(*row) for row in rows]
    return shown


def _row(label: str, expected: str, shown: str) -> Mapping[str, Any]:
    compared = Compared(label, expected, shown, compare(expected, shown))
    return {
        "label": label,
        "workbook": expected,
        "page": shown,
        "agrees": compared.agrees,
        "said": compared.in_words,
    }
