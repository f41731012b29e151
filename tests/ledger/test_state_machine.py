"""Whatever order things happen in: a task is at one worker at most, and none is ever lost."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import Row, select

from rpa.errors import Cancelled, Superseded
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Continuation, Task, TaskState, Ticket, Work
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import open_batch, shared

pytestmark = pytest.mark.counts_commits

PORTAL = "henan"
ROWS = [
    shared(1, "张三经办"),
    shared(2, "李四经办"),
    replace(shared(2, "张三经办"), year=2023, row=4),  # the same employer; the first one's login
]
VERDICTS = st.sampled_from([Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.REFUSED, Verdict.UNAVAILABLE])


@cache
def _planned() -> Path:
    """A folder with a ledger in which all rows are planned: every example begins with a copy."""
    folder = Path(tempfile.mkdtemp(prefix="rpa-machine-"))
    atexit.register(shutil.rmtree, folder)
    with Ledger.open(f"sqlite:///{folder}/ledger.db") as ledger:
        batch = open_batch(ledger, folder).id
        ledger.filings.enrol(batch, ROWS)
        ledger.plans.make(batch, Work.FILE)
    return folder


class Shop(RuleBasedStateMachine):
    """Two workers, which may die and come back as zombies, and a person with all commands."""

    handed_out = Bundle("handed_out")
    """Tickets that the queue may hand out, at any later time and as often as it likes."""

    claims = Bundle("claims")
    """Who believes to have which task; a zombie believes so wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="rpa-machine-"))
        shutil.copytree(_planned(), self.folder, dirs_exist_ok=True)
        self.ledger = Ledger.open(f"sqlite:///{self.folder}/ledger.db")
        self.batch = self.ledger.batches.all()[0].id
        self.alive = {"甲机", "乙机"}
        self.commits: dict[int, int] = {}

    def teardown(self) -> None:
        self.everything_ends()
        self.ledger.close()
        shutil.rmtree(self.folder)

    @initialize(target=handed_out)
    def first(self) -> Any:
        return multiple(*self.ledger.ready_tasks.find(PORTAL, 9))

    @rule(target=handed_out, marked=st.booleans())
    def dispatch(self, marked: bool) -> Any:
        tickets = self.ledger.ready_tasks.find(PORTAL, 9)
        if marked:
            self.ledger.tickets.mark_queued(tickets)
        return multiple(*tickets)

    @rule(target=claims, ticket=handed_out)
    def one_claims(self, ticket: Ticket) -> Any:
        return self._claim(ticket, "甲机")

    @rule(target=claims, ticket=handed_out)
    def other_claims(self, ticket: Ticket) -> Any:
        return self._claim(ticket, "乙机")

    @rule(target=claims, claim=claims)
    def take_over(self, claim: tuple[Task, str]) -> Any:
        task, worker = claim
        heir = "乙机" if worker == "甲机" else "甲机"
        self.alive = {heir}
        return self._claim(task.ticket, heir)

    def _claim(self, ticket: Ticket, worker: str) -> Any:
        before = self._row(ticket)
        taken = before.state == TaskState.RUNNING and before.worker in self.alive - {worker}
        task = self.ledger.tasks.claim(ticket, worker, alive=self.alive)
        if task is None:
            return multiple()
        assert not taken
        assert before.number == ticket.number
        assert before.state != TaskState.DONE
        return task, worker

    @rule(claim=claims)
    def commit(self, claim: tuple[Task, str]) -> None:
        task, worker = claim
        try:
            attempt = self.ledger.filings.begin_attempt(task.filing_id, worker, ticket=task.ticket)
            won = self.ledger.intents.win(task.filing_id, attempt, batch_id=self.batch)
        except (Superseded, Cancelled):
            return
        self.commits[task.filing_id] = self.commits.get(task.filing_id, 0) + won

    @rule(claim=claims, verdict=VERDICTS, again=st.booleans())
    def end(self, claim: tuple[Task, str], verdict: Verdict, again: bool) -> None:
        task, worker = claim
        before = self._row(task.ticket)
        if task.filing_id not in self.commits and verdict is Verdict.SUBMITTED:
            verdict = Verdict.ALREADY_FILED
        attempts = self.ledger.filings.state(task.filing_id).attempts
        wait = 0.0 if again and verdict is Verdict.UNAVAILABLE else None
        ended = self.ledger.tasks.end(task.ticket, worker, attempts, Outcome(verdict, ""), again_after=wait)
        assert ended == self._is_mine(before, claim)

    @rule(target=claims, claim=claims)
    def end_and_go_on(self, claim: tuple[Task, str]) -> Any:
        task, worker = claim
        before = self._row(task.ticket)
        attempts = self.ledger.filings.state(task.filing_id).attempts
        onward = Continuation(PORTAL, task.login, 1000)
        outcome = Outcome(Verdict.REFUSED, "")
        ended = self.ledger.tasks.end(task.ticket, worker, attempts, outcome, onward=onward)
        assert ended == self._is_mine(before, claim)
        reserved = self.ledger.reservations.of(task.login, worker) if ended else None
        if reserved is None:
            return multiple()
        assert self._row(reserved.ticket).login == task.login
        following = self.ledger.tasks.claim(reserved.ticket, worker, alive=self.alive)
        return multiple() if following is None else (following, worker)

    @rule(claim=claims)
    def refuse(self, claim: tuple[Task, str]) -> None:
        task, worker = claim
        before = self._row(task.ticket)
        attempts = self.ledger.filings.state(task.filing_id).attempts
        no = Outcome(Verdict.NEEDS_PERSON, "")
        ended = self.ledger.tasks.refuse_login(
            task.ticket, worker, attempts, no, login=task.login, refusal=no
        )
        assert ended == self._is_mine(before, claim)
        if ended:
            left = [row for row in self._rows() if row.login == task.login]
            assert {row.state for row in left} == {TaskState.DONE}

    @rule(claim=claims, failed=st.booleans())
    def put_back(self, claim: tuple[Task, str], failed: bool) -> None:
        task, worker = claim
        before = self._row(task.ticket)
        self.ledger.tasks.put_back(task.ticket, worker, failed=failed)
        after = self._row(task.ticket)
        if self._is_mine(before, claim):
            assert (after.number, after.worker) == (task.ticket.number + 1, None)
        else:
            assert after == before

    @rule(worker=st.sampled_from(["甲机", "乙机"]))
    def die_or_come_back(self, worker: str) -> None:
        self.alive ^= {worker}

    @rule()
    def reap(self) -> None:
        for worker in {"甲机", "乙机"} - self.alive:
            for ticket in self.ledger.tickets.claimed_by(worker):
                self.ledger.tasks.put_back(ticket, worker)
        self.ledger.tickets.requeue(self.ledger.tickets.stranded(PORTAL, 0))

    @rule(state=st.sampled_from([BatchState.ACTIVE, *BatchState]))
    def pause_resume_or_cancel(self, state: BatchState) -> None:
        self.ledger.batches.set_state(self.batch, state)
        if state is BatchState.CANCELLED:
            self.ledger.plans.cancel(batch_id=self.batch)

    @rule(work=st.sampled_from(Work), rows=st.none() | st.lists(st.integers(2, 4)))
    def plan(self, work: Work, rows: Sequence[int] | None) -> None:
        self.ledger.batches.start(self.batch, until="submit", approve="none", blocked=[])
        running = [row for row in self._rows() if row.state == TaskState.RUNNING]
        self.ledger.plans.make(self.batch, work, rows)
        assert [row for row in self._rows() if row.state == TaskState.RUNNING] == running

    @invariant()
    def nothing_is_lost_or_twice(self) -> None:
        rows = self._rows()
        assert [row.row for row in rows] == [2, 3, 4]
        running = [row.code for row in rows if row.state == TaskState.RUNNING]
        assert len(running) == len(set(running))
        logins = [row.login for row in rows if row.state == TaskState.RUNNING]
        assert len(logins) == len(set(logins))
        for row in rows:
            assert (row.worker is not None) == (row.state == TaskState.RUNNING)
            assert row.state != TaskState.DONE or row.verdict is not None
        assert all(count <= 1 for count in self.commits.values())
        if self.ledger.batches.get(self.batch).state is BatchState.CANCELLED:
            assert {row.state for row in rows} <= {TaskState.DONE, TaskState.RUNNING}

    def everything_ends(self) -> None:
        """With one worker left, the batch comes to its end."""
        if self.ledger.batches.get(self.batch).state is BatchState.PAUSED:
            self.ledger.batches.set_state(self.batch, BatchState.ACTIVE)
        for worker in ("甲机", "乙机"):
            for ticket in self.ledger.tickets.claimed_by(worker):
                self.ledger.tasks.put_back(ticket, worker)
        self.ledger.tickets.requeue(self.ledger.tickets.stranded(PORTAL, 0))
        while tickets := self.ledger.ready_tasks.find(PORTAL, 9):
            for ticket in tickets:
                if task := self.ledger.tasks.claim(ticket, "丙机", alive={"丙机"}):
                    attempt = self.ledger.filings.begin_attempt(task.filing_id, "丙机", ticket=ticket)
                    assert self.ledger.tasks.end(ticket, "丙机", attempt, Outcome(Verdict.REFUSED, ""))
        assert self.ledger.counts.unfinished(self.batch).keys() <= {PORTAL}
        waiting = [row for row in self._rows() if row.state != TaskState.DONE]
        assert {row.state for row in waiting} <= {
            TaskState.WAITING
        }  # for the other one of its employer or login

    def _rows(self) -> Sequence[Row[Any]]:
        with self.ledger.database.read() as connection:
            return connection.execute(select(tables.tasks).order_by(tables.tasks.c.row)).all()

    @staticmethod
    def _is_mine(row: Row[Any], claim: tuple[Task, str]) -> bool:
        task, worker = claim
        return (row.state, row.number, row.worker) == (TaskState.RUNNING, task.ticket.number, worker)

    def _row(self, ticket: Ticket) -> Row[Any]:
        return next(row for row in self._rows() if row.id == ticket.task_id)


TestShop = Shop.TestCase
TestShop.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
