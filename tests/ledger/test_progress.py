"""How far a batch is: counts that agree with the rows."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import UNAVAILABLE, claimed, filed, filing, planned

REFUSED = Outcome(Verdict.REFUSED, "平台退回")


def test_a_batch_in_the_middle(ledger: Ledger, batch: Batch) -> None:
    ledger.batches.start(batch.id, until="submit", approve="none", blocked=[20, 21])
    rows = [*map(filing, range(1, 6)), filing(6, portal="guangdong")]
    ledger.filings.enrol(batch.id, rows)
    assert ledger.plans.make(batch.id, Work.FILE) == 6
    done, refused, running, later, queued = ledger.ready_tasks.find("henan", 9)
    filed(ledger, done)
    filed(ledger, refused, REFUSED)
    claimed(ledger, later)
    assert ledger.tasks.end(later, "甲机", 1, UNAVAILABLE, again_after=3600)
    claimed(ledger, running)
    ledger.tickets.mark_queued([queued])

    progress = ledger.counts.of(batch.id)
    assert progress.batch == ledger.batches.get(batch.id)
    assert progress.total == 8
    assert progress.states == {
        TaskState.DONE: 2,
        TaskState.RUNNING: 1,
        TaskState.QUEUED: 1,
        TaskState.WAITING: 2,
    }
    assert progress.verdicts == {Verdict.SUBMITTED: 1, Verdict.REFUSED: 1, Verdict.NEEDS_PERSON: 2}
    assert progress.portals == {
        "henan": {"SUBMITTED": 1, "REFUSED": 1, "RUNNING": 1, "QUEUED": 1, "WAITING": 1},
        "guangdong": {"WAITING": 1},
    }
    assert progress.recent == 2
    assert progress.next_due is not None
    assert progress.next_due - datetime.now(UTC) > timedelta(minutes=59)
    assert ledger.counts.unfinished(batch.id) == {"henan": 3, "guangdong": 1}
    assert ledger.counts.running(batch.id) == 1


def test_a_batch_before_and_after(ledger: Ledger, batch: Batch) -> None:
    progress = ledger.counts.of(batch.id)
    assert (progress.total, progress.states, progress.next_due) == (0, {}, None)
    for ticket in planned(ledger, batch, 2):
        filed(ledger, ticket)
    progress = ledger.counts.of(batch.id)
    assert (progress.total, progress.verdicts, progress.recent) == (2, {Verdict.SUBMITTED: 2}, 2)
    assert ledger.counts.unfinished(batch.id) == {}


def test_an_unknown_batch(ledger: Ledger) -> None:
    with pytest.raises(UserError, match="没有批次"):
        ledger.counts.of("B1")


def test_rows_that_ended_since(ledger: Ledger, batch: Batch) -> None:
    first, second, third = planned(ledger, batch, 3)
    start = datetime.now(UTC)
    filed(ledger, third)
    time.sleep(0.2)
    between = datetime.now(UTC)
    time.sleep(0.2)
    filed(ledger, first, REFUSED)
    claimed(ledger, second)
    assert ledger.counts.ended_since(batch.id, start - timedelta(seconds=1)) == [2, 4]
    assert ledger.counts.ended_since(batch.id, between) == [2]
    assert ledger.counts.ended_since(batch.id, datetime.now(UTC) + timedelta(seconds=5)) == []
