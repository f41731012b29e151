"""How long filings take lately, and how much of that they wait for people: what a worker is sized by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median, pstdev
from typing import Any

from sqlalchemy import Row, Select, select

from rpa.ledger.data.tasks import TaskState, Throughput
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import requests, tasks

_FILINGS = 30
_BEGUN = 4 * _FILINGS
"""So many are looked at to find those that ended, however many wait to begin once more."""
_REQUESTS = 300
_USUAL = 3.0
"""A filing counts with at most so many times the median: a lunch says nothing about the next hour."""
_SLACK = timedelta(seconds=5)
"""Requests bear the clock of the machine that asks, tasks that of the ledger."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """One request: how long a filing waited for it, and how much of that somebody worked on it."""

    since: datetime
    seconds: float
    worked: float


class Throughputs(Part):
    """How long the newest filings of a portal took."""

    def of(self, portal: str) -> Throughput:
        """The throughput of the last thirty filings or so that ended, whoever worked on them.

        What people spend on a request counts from when it was asked, or from the answer that was given
        before it if that came later: so it holds for one person, and for several who share the work.
        Where nobody answered, the whole wait counts: more sessions would only let more of them expire.

        Args:
            portal: its key.
        """
        with self._database.read() as connection:
            ended = connection.execute(_ended(portal)).all()
            asked = connection.execute(_asked()).all()
        if len(asked) == _REQUESTS:  # what is older has not been looked at
            ended = [row for row in ended if row.begun_at >= asked[-1].created_at]
        return _throughput(ended, _waits(asked))


def _ended(portal: str) -> Select[Any]:
    columns = tasks.c.filing_id, tasks.c.state, tasks.c.begun_at, tasks.c.ended_at
    begun = select(*columns).where(tasks.c.portal == portal, tasks.c.begun_at.is_not(None))
    newest = begun.order_by(tasks.c.begun_at.desc()).limit(_BEGUN).subquery()
    done = newest.c.state == TaskState.DONE.value
    return select(newest).where(done).order_by(newest.c.begun_at.desc()).limit(_FILINGS)


def _asked() -> Select[Any]:
    """The newest requests, the newest first: no other order of theirs is as cheap."""
    columns = requests.c.filing_id, requests.c.created_at, requests.c.answered_at, requests.c.closed_at
    return select(*columns).order_by(requests.c.id.desc()).limit(_REQUESTS)


def _waits(asked: Iterable[Row[Any]]) -> Mapping[int, Sequence[_Wait]]:
    """Filing → what was asked for it, as far as that is over."""
    over = [(row.answered_at or row.closed_at, row) for row in asked if row.answered_at or row.closed_at]
    waits: defaultdict[int, list[_Wait]] = defaultdict(list)
    free: datetime | None = None
    for until, row in sorted(over, key=lambda one: one[0]):
        since = row.created_at
        begun = max(since, free) if free and row.answered_at else since
        waits[row.filing_id].append(_Wait(since, _seconds(since, until), _seconds(begun, until)))
        free = row.answered_at or free
    return waits


def _throughput(ended: Sequence[Row[Any]], waits: Mapping[int, Sequence[_Wait]]) -> Throughput:
    if not ended:
        return Throughput(0, 0.0, 0.0)
    people, others = [], []
    for row in ended:
        mine = list(_of(row, waits.get(row.filing_id, ())))
        people.append(sum(one.worked for one in mine))
        others.append(_seconds(row.begun_at, row.ended_at) - sum(one.seconds for one in mine))
    usual = _usual(others)
    return Throughput(len(ended), fmean(_usual(people)), fmean(usual), pstdev(usual))


def _of(row: Row[Any], waits: Iterable[_Wait]) -> Iterator[_Wait]:
    """What was asked in this turn, not in one before it."""
    return (one for one in waits if row.begun_at - _SLACK <= one.since <= row.ended_at + _SLACK)


def _usual(values: Sequence[float]) -> Sequence[float]:
    """The values, those cut that are far off the others."""
    some = [value for value in values if value > 0]
    most = _USUAL * median(some) if some else 0.0
    return [min(max(value, 0.0), most) for value in values]


def _seconds(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds(), 0.0)
