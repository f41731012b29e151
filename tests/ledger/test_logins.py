"""Filings of one login: one at a time, one after the other, and none after the portal refused it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import Continuation, Scope, Task, Ticket, Work
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import (
    SUBMITTED,
    UNAVAILABLE,
    claimed,
    filed,
    filing,
    open_batch,
    planned_rows,
    race,
    shared,
)

pytestmark = pytest.mark.counts_commits

REFUSED = Outcome(Verdict.NEEDS_PERSON, "账号或密码错误", "请用 rpa secrets set 更正")
MINUTE = 1000
"""Filings in it: more than any test begins."""


def rows_of(ledger: Ledger, tickets: Any) -> list[int]:
    """The workbook's rows of tickets."""
    row = select(tables.tasks.c.row)
    with ledger.database.read() as connection:
        found = [connection.execute(row.where(tables.tasks.c.id == one.task_id)) for one in tickets]
        return [one.scalar_one() for one in found]


def ended(ledger: Ledger, task: Task, outcome: Outcome = SUBMITTED, **more: Any) -> Task | None:
    """What a go continues with after a task."""
    onward = Continuation("henan", task.login, more.pop("per_minute", MINUTE), more.pop("scope", None))
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=task.ticket)
    assert ledger.tasks.end(task.ticket, "甲机", attempt, outcome, onward=onward, **more)
    reserved = ledger.reservations.of(task.login, "甲机")
    return claimed(ledger, reserved.ticket) if reserved else None


# What is named


def test_a_login_is_named_by_something_that_nobody_can_read(ledger: Ledger, batch: Batch) -> None:
    rows = [shared(1, "张三经办"), shared(2, "张三经办"), shared(3, "李四经办"), filing(4)]
    tickets = planned_rows(ledger, batch, rows)
    ledger.filings.enrol(batch.id, [shared(5, "张三经办", environment="http://127.0.0.1:8410", row=9)])
    with ledger.database.read() as connection:
        named = connection.execute(select(tables.batch_filings.c.row, tables.batch_filings.c.login)).all()
    logins = {row.row: row.login for row in named}
    assert logins[2] == logins[3] != ""
    assert len({logins[2], logins[4], logins[5], logins[9]}) == 4
    assert logins[5] == ""
    assert "张三" not in str(logins)
    assert claimed(ledger, tickets[0]).login == logins[2]


# What is due


def test_of_each_login_one_is_due_the_one_that_waits_longest(ledger: Ledger, batch: Batch) -> None:
    rows = [shared(1, "甲"), filing(2), shared(3, "乙"), shared(4, "甲"), filing(5), shared(6, "乙")]
    tickets = planned_rows(ledger, batch, rows)
    assert rows_of(ledger, tickets) == [2, 3, 4, 6]
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 3)) == [2, 3, 4]
    assert ledger.ready_tasks.find("guangdong", 9) == []


def test_of_a_login_that_is_under_way_nothing_is_due(ledger: Ledger, batch: Batch) -> None:
    first, other = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "乙"), shared(3, "甲")])
    ledger.tickets.mark_queued([first])
    assert ledger.ready_tasks.find("henan", 9) == [other]
    task = claimed(ledger, first)
    assert ledger.ready_tasks.find("henan", 9) == [other]
    ledger.tasks.put_back(task.ticket, "甲机")
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [3, 4]
    claimed(ledger, other)
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [4]


def test_a_login_in_several_batches_is_due_once(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    planned_rows(ledger, other, [shared(3, "甲", row=20), shared(4, "乙", row=21)])
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [2, 21]
    scope = Scope(other.id, Work.FILE)
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9, scope=scope)) == [20, 21]
    assert ledger.ready_tasks.find("henan", 9, scope=Scope(other.id, Work.TRACK)) == []
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [20, 21]


def test_what_is_not_due_yet_is_no_reason_to_pass_over_its_login(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = claimed(ledger, first)
    ledger.tasks.put_back(task.ticket, "甲机", after=3600)
    (second,) = ledger.ready_tasks.find("henan", 9)
    ledger.tasks.put_back(claimed(ledger, second).ticket, "甲机", after=3600)
    assert ledger.ready_tasks.find("henan", 9) == []


def steps(ledger: Ledger) -> int:
    """Of SQLite's machine, in thousands, for one look at what is due."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with ledger.database.read() as connection:
        connection.connection.driver_connection.set_progress_handler(count, 100)  # type: ignore[union-attr]
    assert ledger.ready_tasks.find("henan", 16)
    return counted


def test_a_look_costs_the_same_however_many_rows_a_login_has(
    ledger: Ledger, batch: Batch, tmp_path: Path
) -> None:
    if ledger.dialect == "postgresql":
        assert_no_walk_on_postgresql(ledger, batch)
        return
    planned_rows(ledger, batch, [shared(number, "甲") for number in range(1, 20)])
    few = steps(ledger)
    planned_rows(ledger, batch, [shared(number, "甲") for number in range(1, 2000)])
    assert steps(ledger) <= 2 * few + 2


def assert_no_walk_on_postgresql(ledger: Ledger, batch: Batch) -> None:
    planned_rows(ledger, batch, [shared(number, "甲") for number in range(1, 2000)])
    read = text("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'tasks'")
    flush = text("SELECT pg_stat_force_next_flush()")
    looked = []
    for _ in range(2):
        with ledger.database.read() as connection:
            connection.execute(flush)
        with ledger.database.read() as connection:
            looked.append(connection.scalar(read))
        assert ledger.ready_tasks.find("henan", 16)
    assert looked[1] - looked[0] < 200


# One at a time


def test_one_filing_of_a_login_at_a_time(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    claimed(ledger, first)
    other = Ticket(first.task_id + 1, 1)
    assert ledger.tasks.claim(other, "乙机", alive={"甲机", "乙机"}) is None
    assert ledger.ready_tasks.find("henan", 9) == []
    assert ledger.tickets.claimed_by("乙机") == []


CLAIMER = """
import sys
from pathlib import Path
from rpa.ledger.ledger import Ledger
from rpa.ledger.data.tasks import PortalLimits, Ticket
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    tickets = [Ticket.parse(text) for text in sys.argv[3].split()]
    print("ready", flush=True)
    sys.stdin.readline()
    wide = {"henan": PortalLimits(100000, 999, 999)}
    for ticket in tickets:
        if ledger.tasks.claim(ticket, sys.argv[4], alive={"甲机", "乙机"}, limits=wide):
            print(ticket, flush=True)
"""


def test_processes_racing_for_logins(ledger: Ledger, batch: Batch, url: str, key: Path) -> None:
    planned_rows(ledger, batch, [shared(number, f"经办{number % 20}") for number in range(1, 81)])
    tickets = [Ticket(number, 1) for number in range(1, 81)]
    one, other = race(CLAIMER, url, key, " ".join(map(str, tickets)))
    assert len({*one, *other}) == len(one) + len(other) == 20
    assert ledger.counts.running(batch.id) == 20


# One after the other


def test_a_go_takes_what_is_due_in_the_order_in_which_it_waits(
    ledger: Ledger, batch: Batch, tmp_path: Path
) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), filing(2), shared(3, "甲"), shared(4, "乙")])[:1]
    planned_rows(ledger, other, [shared(5, "甲", row=20)])
    task: Task | None = claimed(ledger, first)
    went = []
    while task:
        went.append(task.filing.row)
        task = ended(ledger, task)
    assert went == [2, 4, 20]
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [3, 5]


def test_a_go_keeps_to_its_scope(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    (first,) = planned_rows(ledger, batch, [shared(1, "甲")])
    planned_rows(ledger, other, [shared(5, "甲", row=20)])
    task = claimed(ledger, first)
    assert ended(ledger, task, scope=Scope(batch.id, Work.FILE)) is None


def test_between_two_filings_nobody_finds_the_login_free(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲"), shared(3, "甲")])
    task = claimed(ledger, first)
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=task.ticket)
    onward = Continuation("henan", task.login, MINUTE)
    assert ledger.tasks.end(first, "甲机", attempt, SUBMITTED, onward=onward)
    assert ledger.ready_tasks.find("henan", 9) == []
    assert len(ledger.tickets.claimed_by("甲机")) == 1
    assert ledger.reservations.of(task.login, "乙机") is None
    asked_once_more = [ledger.reservations.of(task.login, "甲机") for _ in range(2)]
    assert [one and one.ticket for one in asked_once_more] == [*ledger.tickets.claimed_by("甲机")] * 2


def test_a_go_ends_where_the_batch_or_the_portal_stands_still(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(number, "甲") for number in (1, 2, 3, 4)])
    task = ended(ledger, claimed(ledger, first))
    assert task is not None
    ledger.portals.pause("henan", "页面变更")
    assert ledger.tasks.claim(task.ticket, "甲机", alive={"甲机"}) is None, "reserved, and paused meanwhile"
    assert ledger.reservations.of(task.login, "甲机") is None
    ledger.portals.resume("henan")
    (again,) = ledger.ready_tasks.find("henan", 9)
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    ledger.batches.set_state(batch.id, BatchState.ACTIVE)
    task = claimed(ledger, again)
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    assert ended(ledger, task) is None


def test_a_go_passes_over_an_employer_that_somebody_is_busy_with(ledger: Ledger, batch: Batch) -> None:
    rows = [shared(1, "甲"), shared(2, "甲"), shared(3, "甲"), filing(2, year=2023, row=9)]
    first, busy = planned_rows(ledger, batch, rows)
    claimed(ledger, busy, "乙机")
    task = ended(ledger, claimed(ledger, first))
    assert task is not None
    assert task.filing.row == 4
    assert ended(ledger, task) is None


def test_what_is_tried_again_later_does_not_end_the_go(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = ended(ledger, claimed(ledger, first), UNAVAILABLE, again_after=0.0)
    assert task is not None
    assert task.filing.row == 3
    task = ended(ledger, task)
    assert task is not None
    assert (task.filing.row, task.failures) == (2, 1)


def test_what_was_taken_over_reserves_nothing(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = claimed(ledger, first, "死机")
    claimed(ledger, first, "乙机")
    assert not ledger.tasks.end(first, "死机", 1, SUBMITTED, onward=Continuation("henan", task.login, MINUTE))
    assert ledger.tickets.claimed_by("死机") == []


def test_what_a_dead_worker_had_reserved_goes_back_in_line(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = ended(ledger, claimed(ledger, first))
    assert task is not None
    ((orphan, worker),) = ledger.tickets.orphans({"乙机"})
    assert (orphan, worker) == (task.ticket, "甲机")
    ledger.tasks.put_back(orphan, worker)
    (again,) = ledger.ready_tasks.find("henan", 9)
    assert again == Ticket(orphan.task_id, orphan.number + 1)
    assert claimed(ledger, again, "乙机").login == task.login


# Corrected workbooks


def test_a_corrected_workbook_changes_the_login(ledger: Ledger, batch: Batch) -> None:
    planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    tickets = planned_rows(ledger, batch, [shared(1, "乙"), filing(2)])
    assert len(tickets) == 2
    one, other = (claimed(ledger, ticket).login for ticket in tickets)
    assert (bool(one), other) == (True, "")


def test_a_running_task_keeps_its_login_until_it_is_over(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲")])
    former = claimed(ledger, first).login
    planned_rows(ledger, batch, [shared(1, "乙")])
    assert ledger.reservations.of(former, "甲机") is not None
    assert ledger.tasks.claim(first, "甲机", alive={"甲机"}) is None, "begun anew it would be another login's"
    (again,) = ledger.ready_tasks.find("henan", 9)
    assert claimed(ledger, again).login not in ("", former)


# Refused


def test_a_refused_login_ends_whatever_is_open_of_it(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    rows = [shared(number, "甲") for number in range(1, 7)] + [shared(7, "乙"), filing(8)]
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    planned_rows(ledger, batch, rows)
    planned_rows(ledger, other, [shared(9, "甲", row=20)])
    tickets = [Ticket(number, 1) for number in range(1, 7)]
    filed(ledger, tickets[4])  # proved
    filed(ledger, tickets[5], Outcome(Verdict.UNCONFIRMED, "未查到"))
    ledger.plans.make(batch.id, Work.TRACK, [6])
    ledger.plans.make(batch.id, Work.LOOK_UP, [7])
    ledger.tickets.mark_queued([tickets[1]])
    task = claimed(ledger, tickets[0])
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=task.ticket)
    refuse = (task.ticket, "甲机", attempt, REFUSED)
    assert ledger.tasks.refuse_login(*refuse, login=task.login, refusal=REFUSED)
    assert rows_of(ledger, ledger.ready_tasks.find("henan", 9)) == [8, 9]
    states = {
        state.row: state
        for state in (*ledger.filings.states_of_batch(batch.id), *ledger.filings.states_of_batch(other.id))
    }
    assert [states[row].outcome for row in (2, 3, 4, 5, 20)] == [REFUSED] * 5
    assert [states[row].verdict for row in (6, 7)] == [Verdict.SUBMITTED, Verdict.UNCONFIRMED]
    assert [states[row].verdict for row in (8, 9)] == [None, None]
    assert ledger.tasks.claim(tickets[1], "甲机", alive={"甲机"}) is None, "its ticket is still in the queue"
    assert ledger.counts.of(other.id).verdicts == {Verdict.NEEDS_PERSON: 1}


def test_a_commit_that_nobody_told_the_end_of_stays_to_be_looked_up(ledger: Ledger, batch: Batch) -> None:
    first, *_ = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    perhaps = claimed(ledger, first)
    assert ledger.intents.win(perhaps.filing_id, ledger.filings.begin_attempt(perhaps.filing_id, "甲机"))
    ledger.tasks.put_back(first, "甲机", after=60)
    (second,) = ledger.ready_tasks.find("henan", 9)
    task = claimed(ledger, second)
    assert ledger.tasks.refuse_login(second, "甲机", 1, REFUSED, login=task.login, refusal=REFUSED)
    assert ledger.counts.of(batch.id).verdicts == {Verdict.NEEDS_PERSON: 1, Verdict.UNCONFIRMED: 1}


def test_a_login_that_was_corrected_is_tried_again(ledger: Ledger, batch: Batch) -> None:
    (first,) = planned_rows(ledger, batch, [shared(1, "甲"), shared(2, "甲")])
    task = claimed(ledger, first)
    assert ledger.tasks.refuse_login(first, "甲机", 1, REFUSED, login=task.login, refusal=REFUSED)
    assert ledger.plans.make(batch.id, Work.FILE, verdicts=[Verdict.NEEDS_PERSON]) == 2
    (again,) = ledger.ready_tasks.find("henan", 9)
    assert ended(ledger, claimed(ledger, again)) is not None


@pytest.mark.parametrize("login", ["", "nobody's"])
def test_a_refusal_of_a_task_taken_over_changes_nothing(login: str, ledger: Ledger, batch: Batch) -> None:
    first, _ = planned_rows(ledger, batch, [shared(1, "甲"), filing(2)])
    claimed(ledger, first, "死机")
    claimed(ledger, first, "乙机")
    assert not ledger.tasks.refuse_login(first, "死机", 1, REFUSED, login=login, refusal=REFUSED)
    assert ledger.counts.unfinished(batch.id) == {"henan": 2}
