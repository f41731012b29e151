"""Planning and calling off: who is to be worked on, and what becomes of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import TaskState, Ticket, Work
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import UNAVAILABLE, claimed, filed, filing, open_batch, planned

pytestmark = pytest.mark.counts_commits

UNCONFIRMED = Outcome(Verdict.UNCONFIRMED, "未查到")
REFUSED = Outcome(Verdict.REFUSED, "平台退回")


def works(ledger: Ledger) -> dict[int, Work]:
    """Row → what is due for it; claims and puts back."""
    found = {}
    for ticket in ledger.ready_tasks.find("henan", 99):
        task = claimed(ledger, ticket)
        found[task.filing.row] = task.work
        ledger.tasks.put_back(ticket, "甲机")
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
    ledger.filings.enrol(batch.id, [filing(number) for number in (1, 2, 3)])
    assert ledger.ready_tasks.find("henan", 9) == []
    assert ledger.plans.make(batch.id, Work.FILE) == 3
    assert works(ledger) == dict.fromkeys((2, 3, 4), Work.FILE)


def test_some_rows(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(number) for number in range(1, 700)])
    assert ledger.plans.make(batch.id, Work.FILE, [3, 99_999]) == 1
    assert works(ledger) == {3: Work.FILE}
    assert ledger.plans.make(batch.id, Work.FILE, range(2, 650)) == 648
    assert ledger.plans.make(batch.id, Work.FILE, []) == 0


def test_what_is_filed_is_left_alone(ledger: Ledger, ended: Batch) -> None:
    assert ledger.plans.make(ended.id, Work.FILE) == 3
    assert works(ledger) == dict.fromkeys((3, 4, 5), Work.FILE)
    assert ledger.counts.of(ended.id).verdicts == {Verdict.SUBMITTED: 1}


def test_what_another_batch_filed_is_done_here(ledger: Ledger, ended: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.filings.enrol(other.id, [filing(1, row=8), filing(9)])
    assert ledger.plans.make(other.id, Work.FILE) == 1
    progress = ledger.counts.of(other.id)
    assert (progress.verdicts, progress.states) == (
        {Verdict.SUBMITTED: 1},
        {TaskState.DONE: 1, TaskState.WAITING: 1},
    )
    assert progress.recent == 0


def test_looking_up_is_for_commits_that_were_perhaps_made(ledger: Ledger, ended: Batch) -> None:
    ledger.plans.cancel(batch_id=ended.id)
    assert ledger.plans.make(ended.id, Work.LOOK_UP) == 1
    assert works(ledger) == {3: Work.LOOK_UP}


def test_tracking_is_for_what_is_filed(ledger: Ledger, ended: Batch) -> None:
    ledger.plans.cancel(batch_id=ended.id)
    assert ledger.plans.make(ended.id, Work.TRACK) == 1
    assert works(ledger) == {2: Work.TRACK}


def test_rows_that_ended_so(ledger: Ledger, ended: Batch) -> None:
    ledger.plans.cancel(batch_id=ended.id)
    assert ledger.plans.make(ended.id, Work.FILE, verdicts=[Verdict.REFUSED, Verdict.SUBMITTED]) == 1
    assert works(ledger) == {4: Work.FILE}
    assert ledger.plans.make(ended.id, Work.FILE, [4], verdicts=[Verdict.CANCELLED]) == 0
    assert ledger.plans.make(ended.id, Work.FILE, [4, 5], verdicts=[Verdict.CANCELLED]) == 1
    assert ledger.plans.make(ended.id, Work.FILE, verdicts=[]) == 0


def test_planned_again_it_starts_afresh(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    assert ledger.tasks.end(ticket, "甲机", 1, UNAVAILABLE, again_after=3600)
    assert ledger.ready_tasks.find("henan", 9) == []
    assert ledger.plans.make(batch.id, Work.FILE) == 1
    (again,) = ledger.ready_tasks.find("henan", 9)
    assert claimed(ledger, again).failures == 0


def test_what_is_queued_keeps_its_ticket(ledger: Ledger, batch: Batch) -> None:
    tickets = planned(ledger, batch, 2)
    ledger.tickets.mark_queued(tickets[:1])
    assert ledger.plans.make(batch.id, Work.FILE) == 2
    assert ledger.tickets.queued("henan") == 1
    claimed(ledger, tickets[0])


def test_what_runs_is_left_alone(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    assert ledger.plans.make(batch.id, Work.LOOK_UP) == 0
    assert ledger.plans.make(batch.id, Work.FILE) == 0
    assert ledger.tickets.claimed_by("甲机") == [ticket]


def test_what_ended_gets_a_new_ticket(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    filed(ledger, ticket, REFUSED)
    ledger.plans.make(batch.id, Work.FILE)
    assert ledger.ready_tasks.find("henan", 9) == [Ticket(ticket.task_id, ticket.number + 1)]


def test_rows_that_were_not_kept_cannot_be_planned(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(1), filing(2)])
    with ledger.database.write() as connection:
        connection.execute(
            tables.batch_filings.update().where(tables.batch_filings.c.row == 3).values(sealed="")
        )
    with pytest.raises(UserError, match="重新运行 rpa run"):
        ledger.plans.make(batch.id, Work.FILE)
    assert ledger.counts.unfinished(batch.id) == {}
    assert ledger.plans.make(batch.id, Work.FILE, [2]) == 1
    ledger.filings.enrol(batch.id, [filing(2)])
    assert ledger.plans.make(batch.id, Work.FILE) == 2


def test_calling_off_a_batch(ledger: Ledger, ended: Batch) -> None:
    ledger.plans.make(ended.id, Work.FILE)
    ledger.tickets.mark_queued(ledger.ready_tasks.find("henan", 1))
    ledger.batches.set_state(ended.id, BatchState.CANCELLED)
    assert ledger.plans.cancel(batch_id=ended.id) == 3
    verdicts = [state.verdict for state in ledger.filings.states_of_batch(ended.id)]
    assert verdicts == [Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.CANCELLED, Verdict.CANCELLED]
    outcome = ledger.filings.states_of_batch(ended.id)[3].outcome
    assert outcome is not None
    assert outcome.explanation == "批次已取消，未提交"
    assert ledger.counts.of(ended.id).verdicts == {
        Verdict.SUBMITTED: 1,
        Verdict.UNCONFIRMED: 1,
        Verdict.CANCELLED: 2,
    }
    assert ledger.plans.cancel(batch_id=ended.id) == 0


def test_calling_off_a_commit_that_nobody_told_the_end_of(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    task = claimed(ledger, ticket)
    assert ledger.intents.win(task.filing_id, ledger.filings.begin_attempt(task.filing_id, "甲机"))
    ledger.tasks.put_back(ticket, "甲机")
    assert ledger.plans.cancel(batch_id=batch.id) == 1
    assert ledger.counts.of(batch.id).verdicts == {Verdict.UNCONFIRMED: 1}


def test_calling_off_looking_up_keeps_the_verdict(ledger: Ledger, ended: Batch) -> None:
    ledger.plans.cancel(batch_id=ended.id)
    ledger.plans.make(ended.id, Work.TRACK)
    ledger.plans.make(ended.id, Work.LOOK_UP)
    assert ledger.plans.cancel(batch_id=ended.id) == 2
    verdicts = [state.verdict for state in ledger.filings.states_of_batch(ended.id)]
    assert verdicts == [Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.REFUSED, Verdict.CANCELLED]


def test_calling_off_a_portal_leaves_what_runs_and_other_portals(ledger: Ledger, batch: Batch) -> None:
    rows = [filing(1), filing(2), filing(3, portal="guangdong")]
    ledger.filings.enrol(batch.id, rows)
    ledger.plans.make(batch.id, Work.FILE)
    claimed(ledger, ledger.ready_tasks.find("henan", 1)[0])
    assert ledger.plans.cancel(portal="henan") == 1
    assert ledger.counts.unfinished(batch.id) == {"henan": 1, "guangdong": 1}
    assert ledger.plans.cancel(batch_id=batch.id, portal="guangdong") == 1


def test_calling_off_nothing_named(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="what"):
        ledger.plans.cancel()
