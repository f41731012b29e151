"""Two workers on one PostgreSQL: an account is signed in at one of them at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from benchmarks.chaos_worker import Orders
from benchmarks.stub import FilePortal, filings, planned
from rpa.filing import Verdict
from rpa.ledger.database.tables import attempts
from rpa.ledger.ledger import Ledger
from tests.support.waiting import until

pytestmark = pytest.mark.counts_commits


@contextmanager
def workers(orders: Orders, count: int) -> Iterator[None]:
    """Processes that work until the block ends."""
    command = [sys.executable, "-m", "benchmarks.chaos_worker", orders.as_json()]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(count)]
    try:
        yield
    finally:
        for process in started:
            process.communicate()
    assert [process.returncode for process in started] == [0] * count


def orders(folder: Path, url: str, *, seconds: float, **portal: Any) -> Orders:
    settings: Mapping[str, Any] = {
        "engine": {"poll_seconds": 0.02, "concurrency": 2},
        "portals": {"henan": {"at_once": 4, "starts_per_minute": 100_000} | portal},
    }
    return Orders(str(folder), url, dict(settings), journal=str(folder / "journal"), seconds=seconds)


@pytest.mark.thorough
def test_two_workers_never_use_an_account_at_the_same_time(tmp_path: Path, postgres_url: str) -> None:
    told = orders(tmp_path, postgres_url, seconds=0.1)
    settings, portal = told.load(), FilePortal(tmp_path / "journal")
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        with workers(told, 2):
            until(lambda: len(ledger.workers.all()) == 2)  # else the quicker one would do all of it
            batch = planned(ledger, tmp_path, [*filings(60, logins=5)])
            until(lambda: not ledger.counts.unfinished(batch.id))
        assert ledger.counts.of(batch.id).verdicts == {Verdict.SUBMITTED: 60}
        with ledger.database.read() as connection:
            worked = set(connection.scalars(select(attempts.c.worker)))
    assert len(worked) == 2
    assert set(portal.commits().values()) == {1}
    assert portal.most_at_once() == 1
    assert set(portal.sign_ins().values()) == {1}, "a go went from one worker to the other"


def test_two_workers_keep_the_cap_together(tmp_path: Path, postgres_url: str) -> None:
    told = orders(tmp_path, postgres_url, seconds=0.3, at_once=3)
    settings, portal = told.load(), FilePortal(tmp_path / "journal")
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        batch = planned(ledger, tmp_path, [*filings(24)])
        seen: set[int] = set()

        def over() -> bool:
            seen.add(ledger.counts.running(batch.id))
            return not ledger.counts.unfinished(batch.id)

        with workers(told, 2):
            until(over)
        with ledger.database.read() as connection:
            worked = set(connection.scalars(select(attempts.c.worker)))
    assert max(seen) == 3, "two at each of them would be four"
    assert len(worked) == 2
    assert set(portal.commits().values()) == {1}
    assert portal.commits().total() == 24


@pytest.mark.thorough
def test_two_workers_keep_the_pace_together(tmp_path: Path, postgres_url: str) -> None:
    told = orders(tmp_path, postgres_url, seconds=0.0, starts_per_minute=7)
    settings, portal = told.load(), FilePortal(tmp_path / "journal")
    rows = [*filings(40, logins=3)[:20], *filings(40)[20:]]
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        batch = planned(ledger, tmp_path, rows)
        with workers(told, 2):
            until(lambda: portal.commits().total() >= 7)
            time.sleep(2)
            assert portal.commits().total() == 7
        assert ledger.counts.of(batch.id).verdicts == {Verdict.SUBMITTED: 7}
