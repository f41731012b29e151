"""The pace: so many begin in any minute, whoever begins them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Continuation, PortalLimits, Ticket
from rpa.ledger.database.tables import tasks
from rpa.ledger.ledger import Ledger
from rpa.ledger.tasks import pace
from tests.ledger.builders import SUBMITTED, claimed, filing, planned_rows, race, shared

PACE = {"henan": PortalLimits(3, at_once=99, here=99)}


def paced(ledger: Ledger, ticket: Ticket) -> bool:
    return ledger.tasks.claim(ticket, "甲机", alive={"甲机"}, limits=PACE) is not None


def age(ledger: Ledger, seconds: float) -> None:
    """Let everything have begun so long before."""
    older = timedelta(seconds=seconds)
    with ledger.database.write() as connection:
        for row in connection.execute(tasks.select().where(tasks.c.begun_at.is_not(None))).all():
            connection.execute(
                update(tasks).where(tasks.c.id == row.id).values(begun_at=row.begun_at - older)
            )


def test_what_the_pace_does_not_let_begin_waits_for_its_moment(ledger: Ledger, batch: Batch) -> None:
    tickets = planned_rows(ledger, batch, [filing(number) for number in range(1, 6)])
    began = datetime.now(UTC)
    assert [paced(ledger, ticket) for ticket in tickets] == [True, True, True, False, False]
    assert ledger.pace.starts_left("henan", 3) == 0
    assert ledger.pace.starts_left("henan", 5) == 2
    assert ledger.pace.starts_left("guangdong", 3) == 3
    assert ledger.ready_tasks.find("henan", 9) == []
    next_due = ledger.counts.of(batch.id).next_due
    assert next_due is not None
    assert began <= next_due - timedelta(seconds=60) <= datetime.now(UTC)
    age(ledger, 61)
    assert ledger.pace.starts_left("henan", 3) == 3


def test_other_portals_have_a_pace_of_their_own(ledger: Ledger, batch: Batch) -> None:
    rows = [filing(number, portal="guangdong") for number in (1, 2, 3, 4)]
    planned_rows(ledger, batch, rows)
    for ticket in ledger.ready_tasks.find("guangdong", 9):
        assert ledger.tasks.claim(ticket, "甲机", alive={"甲机"}, limits=PACE)


def test_a_start_counts_also_when_its_task_waits_again(ledger: Ledger, batch: Batch) -> None:
    tickets = planned_rows(ledger, batch, [filing(number) for number in (1, 2, 3, 4)])
    for ticket in tickets[:3]:
        assert paced(ledger, ticket)
        ledger.tasks.put_back(ticket, "甲机", after=60)
    assert ledger.pace.starts_left("henan", 3) == 0
    assert not paced(ledger, tickets[3])


def test_a_task_claimed_again_by_its_worker_began_once(ledger: Ledger, batch: Batch) -> None:
    """The answer to the claim was lost."""
    (ticket,) = planned_rows(ledger, batch, [filing(1)])
    for _ in range(5):
        assert paced(ledger, ticket)
    assert ledger.pace.starts_left("henan", 3) == 2


def test_what_a_go_reserves_waits_for_the_pace_and_keeps_its_login(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned_rows(ledger, batch, [shared(number, "甲") for number in range(1, 9)])
    waits = []
    for _ in range(5):
        assert paced(ledger, ticket)
        task = claimed(ledger, ticket)
        onward = Continuation("henan", task.login, 3)
        assert ledger.tasks.end(ticket, "甲机", 1, SUBMITTED, onward=onward)
        reserved = ledger.reservations.of(task.login, "甲机")
        assert reserved is not None
        waits.append(reserved.wait)
        ticket = reserved.ticket
    assert [wait > 20 for wait in waits] == [False, False, True, True, True]
    assert ledger.pace.starts_left("henan", 3) == 0
    assert ledger.ready_tasks.find("henan", 9) == []


def test_a_place_that_was_not_used_is_free_again(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = claimed(ledger, ticket)
    assert ledger.tasks.end(ticket, "甲机", 1, SUBMITTED, onward=Continuation("henan", task.login, 1))
    reserved = ledger.reservations.of(task.login, "甲机")
    assert reserved is not None
    assert reserved.wait > 20
    assert ledger.pace.starts_left("henan", 2) == 0
    ledger.tasks.put_back(reserved.ticket, "甲机")
    assert ledger.pace.starts_left("henan", 2) == 1


CLAIMER = """
import sys
from pathlib import Path
from rpa.ledger.ledger import Ledger
from rpa.ledger.data.tasks import PortalLimits, Ticket
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    limits = {"henan": PortalLimits(*map(int, sys.argv[4].split(",")))}
    for text in sys.argv[3].split():
        if ledger.tasks.claim(Ticket.parse(text), sys.argv[5], alive={"甲机", "乙机"}, limits=limits):
            print(text, flush=True)
"""


@pytest.mark.parametrize("limits", ["7,99,99", "99,7,99"], ids=["in a minute", "at once"])
def test_processes_racing_keep_the_limits_together(
    ledger: Ledger, batch: Batch, url: str, key: Path, limits: str
) -> None:
    tickets = [str(one) for one in planned_rows(ledger, batch, [filing(number) for number in range(1, 41)])]
    one, other = race(CLAIMER, url, key, " ".join(tickets), limits)
    assert len(one) + len(other) == 7


def test_a_worker_racing_with_another_fills_its_own_places_alone(
    ledger: Ledger, batch: Batch, url: str, key: Path
) -> None:
    tickets = [str(one) for one in planned_rows(ledger, batch, [filing(number) for number in range(1, 41)])]
    one, other = race(CLAIMER, url, key, " ".join(tickets), "99,99,3")
    assert max(len(one), len(other)) == 3  # what one refused is another ticket for the other


def test_no_more_run_at_once_than_may_over_all_workers_and_at_one(ledger: Ledger, batch: Batch) -> None:
    limits = {"henan": PortalLimits(999, at_once=3, here=2)}

    def claim(ticket: Ticket, worker: str) -> bool:
        alive = {"甲机", "乙机"}
        return ledger.tasks.claim(ticket, worker, alive=alive, limits=limits) is not None

    tickets = planned_rows(ledger, batch, [filing(number) for number in range(1, 7)])
    assert [claim(ticket, "甲机") for ticket in tickets[:3]] == [True, True, False]
    assert ledger.tickets.running("henan", "甲机") == (2, 2)
    assert [claim(ticket, "乙机") for ticket in tickets[3:5]] == [True, False]
    assert ledger.tickets.running("henan", "乙机") == (3, 1)
    ready = ledger.ready_tasks.find("henan", 9)
    found = [ticket.task_id for ticket in ready]
    assert found == [tickets[number].task_id for number in (2, 4, 5)], (
        "what finds no place stays first in line"
    )
    assert ledger.tasks.end(tickets[0], "甲机", 1, SUBMITTED)
    assert [claim(ticket, "甲机") for ticket in ready[:2]] == [True, False]


def test_what_a_dead_worker_ran_is_taken_over_however_full_it_is(ledger: Ledger, batch: Batch) -> None:
    limits = {"henan": PortalLimits(999, at_once=1, here=1)}
    (ticket,) = planned_rows(ledger, batch, [filing(1)])
    for worker in ("甲机", "乙机", "乙机"):
        assert ledger.tasks.claim(ticket, worker, alive={worker}, limits=limits)
    assert ledger.tickets.running("henan", "乙机") == (1, 1)


def test_after_its_minute_a_start_no_longer_counts(
    ledger: Ledger, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_SPAN", timedelta(seconds=0))
    tickets = planned_rows(ledger, batch, [filing(number) for number in range(1, 9)])
    assert all(paced(ledger, ticket) for ticket in tickets)
