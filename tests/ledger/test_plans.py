"""Planning and calling off: who is to be worked on, and what becomes of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from rpa.ledger.records.batches import Batch, BatchState
from rpa.ledger.records.tasks import TaskState, Ticket, Work
from tests.ledger.builders import UNAVAILABLE, claimed, filed, filing, open_batch, planned

UNCONFIRMED = Outcome(Verdict.UNCONFIRMED, "未查到")
REFUSED = Outcome(Verdict.REFUSED, "平台退回")


def works(ledger: Ledger) -> dict[int, Work]:
    """Row → what is due for it; claims and puts back."""
    found = {}
    for ticket in ledger.due("henan", 99):
        task = claimed(ledger, ticket)
        found[task.filing.row] = task.work
        ledger.put_back(ticket, "甲机")
    return found


@pytest.fixture
def ended(ledger: Ledger, batch: Batch) -> Batch:
    """Row 2 已提交, 3 待核实, 4 平台退回, 5 untouched."""
    tickets = planned(ledger, batch, 4)
    filed(ledger, tickets[0])
    filed(ledger, tickets[1], UNCONFIRMED)
    filed(ledger, tickets[2], REFUSED)
    return batch


def test_every_row(ledger: Ledger, batch: Batch) -> None:
    ledger.enrol_all(batch.id, [filing(number) for number in (1, 2, 3)])
    assert ledger.due("henan", 9) == []
    assert ledger.plan(batch.id, Work.FILE) == 3
    assert works(ledger) == dict.fromkeys((2, 3, 4), Work.FILE)


def test_some_rows(ledger: Ledger, batch: Batch) -> None:
    ledger.enrol_all(batch.id, [filing(number) for number in range(1, 700)])
    assert ledger.plan(batch.id, Work.FILE, [3, 99_999]) == 1
    assert works(ledger) == {3: Work.FILE}
    assert ledger.plan(batch.id, Work.FILE, range(2, 650)) == 648
    assert ledger.plan(batch.id, Work.FILE, []) == 0


def test_what_is_filed_is_left_alone(ledger: Ledger, ended: Batch) -> None:
    assert ledger.plan(ended.id, Work.FILE) == 3
    assert works(ledger) == dict.fromkeys((3, 4, 5), Work.FILE)
    assert ledger.progress(ended.id).verdicts == {Verdict.SUBMITTED: 1}


def test_what_another_batch_filed_is_done_here(ledger: Ledger, ended: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.enrol_all(other.id, [filing(1, row=8), filing(9)])
    assert ledger.plan(other.id, Work.FILE) == 1
    progress = ledger.progress(other.id)
    assert (progress.verdicts, progress.states) == (
        {Verdict.SUBMITTED: 1},
        {TaskState.DONE: 1, TaskState.WAITING: 1},
    )
    assert progress.recent == 0


def test_looking_up_is_for_commits_that_were_perhaps_made(ledger: Ledger, ended: Batch) -> None:
    ledger.cancel(batch_id=ended.id)
    assert ledger.plan(ended.id, Work.LOOK_UP) == 1
    assert works(ledger) == {3: Work.LOOK_UP}


def test_tracking_is_for_what_is_filed(ledger: Ledger, ended: Batch) -> None:
    ledger.cancel(batch_id=ended.id)
    assert ledger.plan(ended.id, Work.TRACK) == 1
    assert works(ledger) == {2: Work.TRACK}


def test_rows_that_ended_so(ledger: Ledger, ended: Batch) -> None:
    ledger.cancel(batch_id=ended.id)
    assert ledger.plan(ended.id, Work.FILE, verdicts=[Verdict.REFUSED, Verdict.SUBMITTED]) == 1
    assert works(ledger) == {4: Work.FILE}
    assert ledger.plan(ended.id, Work.FILE, [4], verdicts=[Verdict.CANCELLED]) == 0
    assert ledger.plan(ended.id, Work.FILE, [4, 5], verdicts=[Verdict.CANCELLED]) == 1
    assert ledger.plan(ended.id, Work.FILE, verdicts=[]) == 0


def test_planned_again_it_starts_afresh(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    assert ledger.end(ticket, "甲机", 1, UNAVAILABLE, again_after=3600)
    assert ledger.due("henan", 9) == []
    assert ledger.plan(batch.id, Work.FILE) == 1
    (again,) = ledger.due("henan", 9)
    assert claimed(ledger, again).failures == 0


def test_what_is_queued_keeps_its_ticket(ledger: Ledger, batch: Batch) -> None:
    tickets = planned(ledger, batch, 2)
    ledger.mark_queued(tickets[:1])
    assert ledger.plan(batch.id, Work.FILE) == 2
    assert ledger.queued("henan") == 1
    claimed(ledger, tickets[0])


def test_what_runs_is_left_alone(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    assert ledger.plan(batch.id, Work.LOOK_UP) == 0
    assert ledger.plan(batch.id, Work.FILE) == 0
    assert ledger.tasks_of("甲机") == [ticket]


def test_what_ended_gets_a_new_ticket(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    filed(ledger, ticket, REFUSED)
    ledger.plan(batch.id, Work.FILE)
    assert ledger.due("henan", 9) == [Ticket(ticket.task_id, ticket.number + 1)]


def test_rows_that_were_not_kept_cannot_be_planned(ledger: Ledger, batch: Batch) -> None:
    ledger.enrol_all(batch.id, [filing(1), filing(2)])
    with ledger._write() as connection:
        connection.execute(
            tables.batch_filings.update().where(tables.batch_filings.c.row == 3).values(sealed="")
        )
    with pytest.raises(UserError, match="重新运行 rpa run"):
        ledger.plan(batch.id, Work.FILE)
    assert ledger.unfinished(batch.id) == {}
    assert ledger.plan(batch.id, Work.FILE, [2]) == 1
    ledger.enrol(batch.id, filing(2))
    assert ledger.plan(batch.id, Work.FILE) == 2


def test_calling_off_a_batch(ledger: Ledger, ended: Batch) -> None:
    ledger.plan(ended.id, Work.FILE)
    ledger.mark_queued(ledger.due("henan", 1))
    ledger.set_batch_state(ended.id, BatchState.CANCELLED)
    assert ledger.cancel(batch_id=ended.id) == 3
    verdicts = [state.verdict for state in ledger.outcomes(ended.id)]
    assert verdicts == [Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.CANCELLED, Verdict.CANCELLED]
    outcome = ledger.outcomes(ended.id)[3].outcome
    assert outcome is not None
    assert outcome.explanation == "批次已取消，未提交"
    assert ledger.progress(ended.id).verdicts == {
        Verdict.SUBMITTED: 1,
        Verdict.UNCONFIRMED: 1,
        Verdict.CANCELLED: 2,
    }
    assert ledger.cancel(batch_id=ended.id) == 0


def test_calling_off_a_commit_that_nobody_told_the_end_of(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    task = claimed(ledger, ticket)
    assert ledger.win_intent(task.filing_id, ledger.begin_attempt(task.filing_id, "甲机"))
    ledger.put_back(ticket, "甲机")
    assert ledger.cancel(batch_id=batch.id) == 1
    assert ledger.progress(batch.id).verdicts == {Verdict.UNCONFIRMED: 1}


def test_calling_off_looking_up_keeps_the_verdict(ledger: Ledger, ended: Batch) -> None:
    ledger.cancel(batch_id=ended.id)
    ledger.plan(ended.id, Work.TRACK)
    ledger.plan(ended.id, Work.LOOK_UP)
    assert ledger.cancel(batch_id=ended.id) == 2
    verdicts = [state.verdict for state in ledger.outcomes(ended.id)]
    assert verdicts == [Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.REFUSED, Verdict.CANCELLED]


def test_calling_off_a_portal_leaves_what_runs_and_other_portals(ledger: Ledger, batch: Batch) -> None:
    rows = [filing(1), filing(2), filing(3, portal="guangdong")]
    ledger.enrol_all(batch.id, rows)
    ledger.plan(batch.id, Work.FILE)
    claimed(ledger, ledger.due("henan", 1)[0])
    assert ledger.cancel(portal="henan") == 1
    assert ledger.unfinished(batch.id) == {"henan": 1, "guangdong": 1}
    assert ledger.cancel(batch_id=batch.id, portal="guangdong") == 1


def test_calling_off_nothing_named(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="what"):
        ledger.cancel()
