"""Filings of one login follow one another in one go: signed in once, and never twice at the same time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, ClassVar

import pytest

from benchmarks.stub import StubPerformer, filings, planned
from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker.dispatcher import Dispatcher
from rpa.engine.worker.worker import Worker
from rpa.errors import LedgerDown, Unanswered
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Task, TaskState, Work
from rpa.ledger.tasks.tasks import Tasks
from tests.engine.desks import Desk, Watched, verdicts
from tests.support.ledger import portal_state

pytestmark = pytest.mark.counts_commits

WRONG = Outcome(Verdict.NEEDS_PERSON, "账号或密码错误", "请用 rpa secrets set 更正")


@pytest.mark.parametrize("logins", [1, 3, 7])
async def test_a_login_is_made_once_for_all_its_filings(desk: Desk, logins: int) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 28, logins=logins)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 28}
    assert (len(desk.portal.commits()), set(desk.portal.commits().values())) == (28, {1})
    assert (len(desk.portal.sign_ins()), set(desk.portal.sign_ins().values())) == (logins, {1})
    assert desk.portal.most_at_once() == 1


async def test_filings_with_and_without_a_login_are_worked_on_side_by_side(desk: Desk) -> None:
    rows = [*filings(24, logins=2)[:12], *filings(24)[12:]]
    with desk.ledger() as ledger:
        planned(ledger, desk.folder, rows)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 24}
    assert set(desk.portal.commits().values()) == {1}
    assert set(desk.portal.sign_ins().values()) == {1}


async def test_a_go_follows_the_workbooks_order(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1)
    with desk.ledger() as ledger:
        desk.plan(ledger, 6, logins=2)
        await desk.work(ledger, Watched)
    assert Watched.went == [2, 4, 6, 3, 5, 7]


# What ends a go


class Dying(Watched):
    at = 3

    async def happens(self, task: Task) -> None:
        raise KilledError


class KilledError(BaseException):
    """Like SIGKILL: nobody records anything."""


async def test_what_a_worker_that_died_in_its_go_had_is_taken_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue never knew the ticket that it died with: it was reserved in the ledger alone."""
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 6, logins=1)
        with monkeypatch.context() as crash:
            crash.setattr(Worker, "_leave", lambda _: None)
            with pytest.raises(KilledError):
                await desk.work(ledger, Dying)
        assert ledger.counts.running(batch) == 1
        assert verdicts(ledger) == {Verdict.SUBMITTED: 2}
        await asyncio.wait_for(desk.work(ledger), 120)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 6}
    assert set(desk.portal.commits().values()) == {1}


class Cancelling(Watched):
    async def perform(self, task: Task) -> TaskResult:
        if len(self.went) < 1:
            return await super().perform(task)
        self.went.append(task.filing.row)
        self.ledger.batches.set_state(task.batch_id, BatchState.CANCELLED)
        self.ledger.plans.cancel(batch_id=task.batch_id)
        number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        return TaskResult(number, Outcome(Verdict.CANCELLED, "批次已取消，未提交"))


async def test_a_cancelled_batch_ends_the_go(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 5, logins=1)
        await desk.work(ledger, Cancelling)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1, Verdict.CANCELLED: 4}
    assert Watched.went == [2, 3]


class Pausing(Watched):
    at = 2

    async def happens(self, task: Task) -> None:
        self.ledger.batches.set_state(task.batch_id, BatchState.PAUSED)


async def test_a_paused_batch_ends_the_go_and_resumed_it_goes_on(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 5, logins=1)
        await desk.work(ledger, Pausing, until=lambda: verdicts(ledger) == {Verdict.SUBMITTED: 2})
        assert ledger.counts.of(batch).states[TaskState.WAITING] == 3
        ledger.batches.set_state(batch, BatchState.ACTIVE)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 5}
    assert sum(desk.portal.sign_ins().values()) == 2


async def test_a_closed_portal_ends_the_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 5, logins=1)
        with monkeypatch.context() as closing:
            closing.setattr(Dispatcher, "open_at", lambda *_: len(Watched.went) < 2)
            await desk.work(ledger, Watched, until=lambda: verdicts(ledger) == {Verdict.SUBMITTED: 2})
        assert ledger.counts.of(batch).states[TaskState.WAITING] == 3
        await desk.work(ledger)
    assert sum(desk.portal.sign_ins().values()) == 2


class Changed(Watched):
    async def perform(self, task: Task) -> TaskResult:
        self.went.append(task.filing.row)
        number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        return TaskResult(number, Outcome(Verdict.PORTAL_CHANGED, "页面上找不到“提交”"))


async def test_a_portal_that_the_go_itself_got_paused_ends_it(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 8, logins=1)
        await desk.work(ledger, Changed, until=lambda: bool(portal_state(ledger, "henan").paused_at))
        assert verdicts(ledger) == {Verdict.PORTAL_CHANGED: 3}
        assert ledger.counts.of(batch).states[TaskState.WAITING] == 5
    assert Changed.went == [2, 3, 4]


class Asking(Watched):
    at = 2

    async def happens(self, task: Task) -> None:
        self.shutdown.request()
        await self.shutdown.pause(10)


async def test_asked_to_stop_a_go_ends_with_the_filing_that_it_is_at(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 5, logins=1)
        await desk.work(ledger, Asking, until=lambda: False)
        assert ledger.counts.of(batch).states == {TaskState.DONE: 1, TaskState.WAITING: 4}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 5}
    assert set(desk.portal.commits().values()) == {1}
    assert desk.portal.most_at_once() == 1


class Unwell(StubPerformer):
    """A portal that is down for each filing's first go."""

    async def perform(self, task: Task) -> TaskResult:
        if task.failures == 0:
            number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
            return TaskResult(number, Outcome(Verdict.UNAVAILABLE, "平台维护中"))
        return await super().perform(task)


async def test_what_is_unavailable_is_tried_again_later_as_ever(tmp_path: Path) -> None:
    desk = Desk(tmp_path, unavailable_in_a_row=99)
    with desk.ledger() as ledger:
        desk.plan(ledger, 6, logins=2)
        await desk.work(ledger, Unwell)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 6}
    assert sum("自动重试" in what for what in desk.heard) == 6


class Silent(Watched):
    async def perform(self, task: Task) -> TaskResult:
        self.went.append(task.filing.row)
        self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        raise Unanswered("验证码在限时内无人答复")


async def test_where_nobody_answers_each_filing_waits_for_its_next_turn(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 3, logins=1)
        await desk.work(ledger, Silent)
        assert verdicts(ledger) == {Verdict.NEEDS_PERSON: 3}
    assert Silent.went == [2, 3, 4] * 3


# A login that is refused


class Refused(StubPerformer):
    """The portal does not know one of the logins any more."""

    asked: ClassVar[list[str]] = []

    async def perform(self, task: Task) -> TaskResult:
        if task.filing.employer.login_name == "经办0":
            self.asked.append(task.filing.employer.name)
            number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
            return TaskResult(number, WRONG, refused=WRONG)
        return await super().perform(task)


async def test_a_refused_login_is_not_tried_again_by_itself(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 40, logins=2)
        await desk.work(ledger, Refused)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 20, Verdict.NEEDS_PERSON: 20}
        assert len(Refused.asked) == 1
        told = {
            state.outcome
            for state in ledger.filings.states_of_batch(batch)
            if state.verdict is Verdict.NEEDS_PERSON
        }
        assert told == {WRONG}
        assert sum("登录被平台拒绝" in what for what in desk.heard) == 1
        assert ledger.plans.make(batch, Work.FILE, verdicts=[Verdict.NEEDS_PERSON]) == 20
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 40}


# A ledger that is away


async def test_an_end_whose_answer_got_lost_does_not_strand_what_follows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, lost = Tasks.end, [2, 3, 5]

    def losing(tasks: Tasks, *told: Any, **more: Any) -> bool:
        ended = end(tasks, *told, **more)
        if len(Watched.went) in lost:
            lost.remove(len(Watched.went))
            raise LedgerDown("台账数据库暂时连不上")
        return ended

    monkeypatch.setattr(Tasks, "end", losing)
    with desk.ledger() as ledger:
        desk.plan(ledger, 6, logins=1)
        await asyncio.wait_for(desk.work(ledger, Watched), 120)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 6}
    assert lost == []
    assert set(desk.portal.commits().values()) == {1}
    assert sum(desk.portal.sign_ins().values()) == 1
