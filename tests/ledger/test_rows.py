"""A batch's rows as a page shows them: some at a time, found by how they stand or by a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rpa.filing import Outcome, Record, RowStatus, Verdict
from rpa.ledger.data.batches import Batch, RowFilter
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import SUBMITTED, UNAVAILABLE, claimed, filed, filing, open_batch, planned


def _rows(ledger: Ledger, batch: Batch, **wanted: object) -> list[int]:
    rows, total = ledger.rows.find(batch.id, RowFilter(**wanted))  # type: ignore[arg-type]
    assert len(rows) == total
    return [row.status.row for row in rows]


def test_a_row_tells_how_it_stands(ledger: Ledger, batch: Batch) -> None:
    tickets = planned(ledger, batch, 4)
    filed(ledger, tickets[0], replace(SUBMITTED, record=Record("稳岗返还", "甲", serial="4113022026")))
    filed(ledger, tickets[1], Outcome(Verdict.REFUSED, "缴费不满12个月"))
    claimed(ledger, tickets[2])
    named = {"henan": "河南"}.__getitem__
    (first, second, third, fourth), total = ledger.rows.find(batch.id, RowFilter(), portal_name=named)
    assert total == 4
    record = Record("稳岗返还", "甲", serial="4113022026")
    submitted = replace(SUBMITTED, record=record)
    code = filing(1).employer.code
    assert first.status == RowStatus(2, "试验企业1有限公司", code, "河南", submitted, attempts=1)
    assert first.state is TaskState.DONE
    assert second.status.outcome == Outcome(Verdict.REFUSED, "缴费不满12个月")
    assert (third.state, third.status.verdict, third.status.attempts) == (TaskState.RUNNING, None, 0)
    assert fourth.state in (TaskState.WAITING, TaskState.QUEUED)
    assert fourth.due_at is not None


def test_rows_are_found(ledger: Ledger, batch: Batch) -> None:
    named = filing(5, employer=replace(filing(5).employer, name="南阳100%_好企业"))
    ledger.filings.enrol(batch.id, [*(filing(number) for number in range(1, 5)), named])
    ledger.plans.make(batch.id, Work.FILE)
    ticket, *_ = ledger.ready_tasks.find("henan", 5)
    filed(ledger, ticket, Outcome(Verdict.REFUSED, "退回"))
    assert _rows(ledger, batch, kind="REFUSED") == [2]
    assert _rows(ledger, batch, kind="SUBMITTED") == []
    assert _rows(ledger, batch, kind="nonsense") == []
    assert _rows(ledger, batch, text="企业3") == [4]
    assert _rows(ledger, batch, text=filing(2).employer.code.lower()) == [3]
    assert _rows(ledger, batch, text="6") == [6]
    assert _rows(ledger, batch, row=4) == [4]
    assert _rows(ledger, batch, row=4, kind="REFUSED") == []
    assert _rows(ledger, batch, text="100%_") == [6]
    assert _rows(ledger, batch, text="%") == [6]
    assert _rows(ledger, batch, text="' OR 1=1 --") == []
    assert _rows(ledger, batch, text="9" * 30) == []


def test_some_at_a_time_in_the_workbooks_order(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(number) for number in (7, 3, 5, 1)])
    rows, total = ledger.rows.find(batch.id, RowFilter(), skip=1, most=2)
    assert ([row.status.row for row in rows], total) == ([4, 6], 4)
    assert {row.state for row in rows} == {None}
    assert ledger.rows.find(batch.id, RowFilter(), skip=100) == ([], 4)


def test_another_batchs_rows_are_not_among_them(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    filed(ledger, planned(ledger, batch, 2)[0])
    ledger.filings.enrol(other.id, [filing(1)])
    (row,), _ = ledger.rows.find(other.id, RowFilter())
    assert (row.status.row, row.state, row.status.verdict) == (2, None, Verdict.SUBMITTED)


def test_an_outcome_to_be_tried_again_shows_that_it_waits(ledger: Ledger, batch: Batch) -> None:
    filed(ledger, planned(ledger, batch)[0], UNAVAILABLE)
    ledger.plans.make(batch.id, Work.FILE)
    (row,), _ = ledger.rows.find(batch.id, RowFilter())
    assert (row.state, row.status.verdict) == (TaskState.WAITING, Verdict.UNAVAILABLE)
    assert _rows(ledger, batch, kind="UNAVAILABLE") == []
    assert _rows(ledger, batch, kind="WAITING") == [2]


def test_how_many_run_at_each_portal(ledger: Ledger, batch: Batch) -> None:
    assert ledger.counts.running_by_portal() == {}
    for ticket in planned(ledger, batch, 3)[:2]:
        claimed(ledger, ticket)
    assert ledger.counts.running_by_portal() == {"henan": 2}
