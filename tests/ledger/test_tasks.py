"""Tasks: one worker at a time, nothing lost, and old tickets hold nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import Scope, Ticket, Work
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import (
    SUBMITTED,
    UNAVAILABLE,
    claimed,
    filed,
    filing,
    open_batch,
    planned,
    race,
)
from tests.support.waiting import until


def follower(ticket: Ticket) -> Ticket:
    return Ticket(ticket.task_id, ticket.number + 1)


def test_due_are_the_ones_that_wait_longest(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    tickets = planned(ledger, batch, 3)
    assert [one.task_id for one in tickets] == sorted(one.task_id for one in tickets)
    assert ledger.ready_tasks.find("henan", 2) == tickets[:2]
    assert ledger.ready_tasks.find("guangdong", 2) == []
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.filings.enrol(other.id, [filing(9)])
    ledger.plans.make(other.id, Work.FILE)
    assert ledger.ready_tasks.find("henan", 9)[:3] == tickets
    assert len(ledger.ready_tasks.find("henan", 9)) == 4
    assert ledger.ready_tasks.find("henan", 9, scope=Scope(batch.id, Work.FILE)) == tickets
    assert ledger.ready_tasks.find("henan", 9, scope=Scope(batch.id, Work.TRACK)) == []


def test_a_batch_that_stands_still_has_nothing_due(ledger: Ledger, batch: Batch) -> None:
    tickets = planned(ledger, batch, 2)
    for state in (BatchState.PAUSED, BatchState.CANCELLED):
        ledger.batches.set_state(batch.id, state)
        assert ledger.ready_tasks.find("henan", 9) == []
    ledger.batches.set_state(batch.id, BatchState.ACTIVE)
    assert ledger.ready_tasks.find("henan", 9) == tickets


def test_what_is_queued_is_not_due(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    ledger.tickets.mark_queued([first, follower(second)])
    assert ledger.tickets.queued("henan") == 1
    assert ledger.ready_tasks.find("henan", 9) == [second]
    assert claimed(ledger, first).ticket == first
    assert ledger.tickets.queued("henan") == 0


def test_a_claim_that_was_faster_than_the_mark(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    ledger.tickets.mark_queued([ticket])
    assert ledger.tickets.claimed_by("甲机") == [ticket]


def test_what_the_queue_lost_gets_a_new_ticket(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    ledger.tickets.mark_queued([first])
    assert ledger.tickets.stranded("henan", 60) == []
    assert ledger.tickets.stranded("guangdong", 0) == []
    assert ledger.tickets.stranded("henan", 0) == [first]
    assert ledger.tickets.requeue([first, second]) == 1
    assert ledger.tickets.requeue([first]) == 0
    assert ledger.ready_tasks.find("henan", 9) == [second, follower(first)]
    assert ledger.tasks.claim(first, "甲机", alive={"甲机"}) is None


def test_a_claimed_task_says_what_to_do(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch, environment="http://127.0.0.1:8410") or ledger.ready_tasks.find(
        "henan@http://127.0.0.1:8410", 1
    )
    task = claimed(ledger, ticket)
    assert task.filing == filing(environment="http://127.0.0.1:8410")
    assert (task.batch_id, task.work, task.failures, task.silences) == (batch.id, Work.FILE, 0, 0)
    assert task.filing_id == ledger.filings.enrol(batch.id, [task.filing])[0].filing_id


def test_only_one_worker_has_it(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    first = claimed(ledger, ticket)
    assert ledger.tasks.claim(ticket, "乙机", alive={"甲机", "乙机"}) is None
    assert ledger.tasks.claim(ticket, "甲机", alive={"甲机", "乙机"}) == first
    assert ledger.tickets.claimed_by("乙机") == []


def test_a_dead_workers_task_is_taken_over(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    first = claimed(ledger, ticket, "死机")
    assert ledger.tasks.claim(ticket, "乙机", alive={"乙机"}) == first
    assert (ledger.tickets.claimed_by("死机"), ledger.tickets.claimed_by("乙机")) == ([], [ticket])
    assert not ledger.tasks.end(ticket, "死机", 1, SUBMITTED)
    ledger.tasks.put_back(ticket, "死机", failed=True)
    assert ledger.filings.state(first.filing_id).outcome is None
    assert ledger.tickets.claimed_by("乙机") == [ticket]


def test_orphans_are_what_the_dead_had(ledger: Ledger, batch: Batch) -> None:
    first, second, third = planned(ledger, batch, 3)
    claimed(ledger, first, "死机")
    claimed(ledger, second)
    filed(ledger, third, worker="死机")
    assert ledger.tickets.orphans({"甲机"}) == [(first, "死机")]
    assert ledger.tickets.orphans({"甲机", "死机"}) == []
    assert len(ledger.tickets.orphans([])) == 2


def test_old_and_unknown_tickets_hold_nothing(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    for other in (follower(ticket), Ticket(ticket.task_id, 0), Ticket(999, 1)):
        assert ledger.tasks.claim(other, "甲机", alive=()) is None
    filed(ledger, ticket)
    assert ledger.tasks.claim(ticket, "甲机", alive={"甲机"}) is None
    assert not ledger.tasks.end(ticket, "甲机", 1, UNAVAILABLE)


@pytest.mark.parametrize("queued", [True, False])
def test_where_the_batch_or_portal_stands_still_it_waits_again(
    queued: bool, ledger: Ledger, batch: Batch
) -> None:
    (ticket,) = planned(ledger, batch)
    if queued:
        ledger.tickets.mark_queued([ticket])
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    assert ledger.tasks.claim(ticket, "甲机", alive={"甲机"}) is None
    ledger.batches.set_state(batch.id, BatchState.ACTIVE)
    (ticket,) = ledger.ready_tasks.find("henan", 9)
    ledger.portals.pause("henan", "页面变更")
    assert ledger.tasks.claim(ticket, "甲机", alive={"甲机"}) is None
    ledger.portals.resume("henan")
    (ticket,) = ledger.ready_tasks.find("henan", 9)
    claimed(ledger, ticket)


def test_one_filing_of_an_employer_at_a_time(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(1), filing(1, year=2023, row=3), filing(2, row=4)])
    ledger.plans.make(batch.id, Work.FILE)
    first, same, other = ledger.ready_tasks.find("henan", 9)
    claimed(ledger, first)
    assert ledger.tasks.claim(same, "乙机", alive={"甲机", "乙机"}) is None
    claimed(ledger, other, "乙机")
    assert ledger.ready_tasks.find("henan", 9) == []
    progress = ledger.counts.of(batch.id)
    assert progress.next_due is not None
    assert ledger.tasks.end(first, "甲机", 1, SUBMITTED)
    claimed(ledger, follower(same), "乙机")


def test_put_back_it_counts_what_it_is_told(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    for options, failures, silences in (
        ({}, 0, 0),
        ({"failed": True}, 1, 0),
        ({"silent": True}, 1, 1),
    ):
        claimed(ledger, ticket)
        ledger.tasks.put_back(ticket, "甲机", **options)
        ledger.tasks.put_back(ticket, "甲机", **options)
        (ticket,) = ledger.ready_tasks.find("henan", 9)
        task = claimed(ledger, ticket)
        assert (task.failures, task.silences) == (failures, silences)
        ledger.tasks.put_back(ticket, "甲机")
        (ticket,) = ledger.ready_tasks.find("henan", 9)


def test_put_back_for_later(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    began = time.monotonic()
    ledger.tasks.put_back(ticket, "甲机", after=0.5)
    until(lambda: ledger.ready_tasks.find("henan", 9) == [follower(ticket)])
    assert time.monotonic() - began >= 0.5


def test_an_end_is_kept_with_its_task(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    task = filed(ledger, ticket)
    assert ledger.filings.state(task.filing_id).outcome == SUBMITTED
    assert ledger.counts.unfinished(batch.id) == {}
    assert ledger.tickets.claimed_by("甲机") == []


def test_an_end_that_is_tried_again_by_itself(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    task = claimed(ledger, ticket)
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机")
    assert ledger.tasks.end(ticket, "甲机", attempt, UNAVAILABLE, again_after=0)
    assert ledger.filings.state(task.filing_id).outcome == UNAVAILABLE
    (again,) = ledger.ready_tasks.find("henan", 9)
    assert claimed(ledger, again).failures == 1


def test_what_comes_back_to_a_cancelled_batch_is_cancelled(ledger: Ledger, batch: Batch) -> None:
    back, tried, dead = planned(ledger, batch, 3)
    tasks = [claimed(ledger, ticket) for ticket in (back, tried, dead)]
    ledger.batches.set_state(batch.id, BatchState.CANCELLED)
    assert ledger.plans.cancel(batch_id=batch.id) == 0
    ledger.tasks.put_back(back, "甲机")
    attempt = ledger.filings.begin_attempt(tasks[1].filing_id, "甲机")
    assert ledger.tasks.end(tried, "甲机", attempt, UNAVAILABLE, again_after=60)
    assert ledger.tasks.claim(dead, "乙机", alive={"乙机"}) is None
    assert ledger.counts.unfinished(batch.id) == {}
    assert {state.verdict for state in ledger.filings.states_of_batch(batch.id)} == {Verdict.CANCELLED}


def test_a_row_that_was_tampered_with_is_not_worked_on(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    with ledger.database.write() as connection:
        connection.execute(tables.batch_filings.update().values(sealed=ledger.seal.seal("{}")[:-4]))
    with pytest.raises(UserError, match="打不开"):
        ledger.tasks.claim(ticket, "甲机", alive={"甲机"})
    assert ledger.ready_tasks.find("henan", 9) == [ticket]


CLAIMER = """
import sys
from pathlib import Path
from rpa.ledger.ledger import Ledger
from rpa.ledger.data.tasks import Ticket
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    tickets = [Ticket.parse(text) for text in sys.argv[3].split()]
    print("ready", flush=True)
    sys.stdin.readline()
    for ticket in tickets:
        if ledger.tasks.claim(ticket, sys.argv[4], alive={"甲机", "乙机"}):
            print(ticket, flush=True)
"""


def test_processes_racing_for_tickets(ledger: Ledger, batch: Batch, url: str, key: Path) -> None:
    tickets = [str(ticket) for ticket in planned(ledger, batch, 200)]
    one, other = race(CLAIMER, url, key, " ".join(tickets))
    assert not {*one} & {*other}
    assert {*one, *other} == {*tickets}
    assert len(one) + len(other) == 200


def test_processes_racing_for_one_employer(ledger: Ledger, batch: Batch, url: str, key: Path) -> None:
    rows = [filing(1 + number // 2, year=2024 - number % 2, row=number + 2) for number in range(80)]
    ledger.filings.enrol(batch.id, rows)
    ledger.plans.make(batch.id, Work.FILE)
    tickets = ledger.ready_tasks.find("henan", 80)
    race(CLAIMER, url, key, " ".join(map(str, tickets)))
    assert ledger.counts.running(batch.id) == 40
    assert ledger.counts.unfinished(batch.id) == {"henan": 80}


FINISHER = """
import sys
from pathlib import Path
from rpa.filing import Outcome, Verdict
from rpa.ledger.ledger import Ledger
from rpa.ledger.data.batches import BatchState
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    (batch,) = ledger.batches.all()
    print("ready", flush=True)
    sys.stdin.readline()
    if sys.argv[3] == "总机":
        for state in (BatchState.PAUSED, BatchState.ACTIVE) * 4 + (BatchState.CANCELLED,):
            ledger.batches.set_state(batch.id, state)
        ledger.plans.cancel(batch_id=batch.id)
    for ticket in ledger.ready_tasks.find("henan", 200):
        ledger.tickets.mark_queued([ticket])
        if task := ledger.tasks.claim(ticket, sys.argv[3], alive={"甲机", "乙机"}):
            attempt = ledger.filings.begin_attempt(task.filing_id, sys.argv[3], ticket=ticket)
            ledger.tasks.end(ticket, sys.argv[3], attempt, Outcome(Verdict.REFUSED, ""))
            print(task.filing.row)
"""


def test_cancelling_while_others_work(ledger: Ledger, batch: Batch, url: str, key: Path) -> None:
    planned(ledger, batch, 150)
    race(FINISHER, url, key, names=("甲机", "乙机", "总机"))
    ledger.plans.cancel(batch_id=batch.id)
    progress = ledger.counts.of(batch.id)
    assert sum(progress.verdicts.values()) == 150
    assert progress.verdicts.keys() <= {Verdict.REFUSED, Verdict.CANCELLED}
    told = [state.verdict for state in ledger.filings.states_of_batch(batch.id)]
    assert {verdict: told.count(verdict) for verdict in progress.verdicts} == progress.verdicts


def test_outcomes_of_one_filing_in_two_batches(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    (first,) = planned(ledger, batch)
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.filings.enrol(other.id, [filing()])
    ledger.plans.make(other.id, Work.FILE)
    filed(ledger, first, Outcome(Verdict.ALREADY_FILED, "平台上早已有"))
    assert ledger.plans.cancel(portal="henan") == 1
    assert ledger.counts.of(other.id).verdicts == {Verdict.ALREADY_FILED: 1}
    assert ledger.filings.states_of_batch(other.id)[0].verdict is Verdict.ALREADY_FILED


def test_what_the_queue_took_back_waits_in_it_again(ledger: Ledger, batch: Batch) -> None:
    """A dead worker's task is seen to be in line; one that a living worker has is left alone."""
    dead, living = planned(ledger, batch, 2)
    assert ledger.tasks.claim(dead, "甲机", alive={"甲机"})
    assert ledger.tasks.claim(living, "乙机", alive={"乙机"})
    ledger.tickets.queue_again([dead, living], alive={"乙机"})
    assert ledger.tickets.queued("henan") == 1
    assert ledger.tickets.claimed_by("乙机") == [living]
    assert ledger.tickets.claimed_by("甲机") == []
    assert ledger.tasks.claim(dead, "乙机", alive={"乙机"})
