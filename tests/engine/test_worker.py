"""A worker: everything arrives once, and what it leaves is left in line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from dbos._core import ActiveWorkflowById

from benchmarks.stub import StubPerformer, filings, planned
from rpa.engine.attempt.job import TaskResult
from rpa.engine.queue.queue import Queue
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import WorkerLock, take_worker_lock
from rpa.errors import LedgerDown, UserError
from rpa.filing import Verdict
from rpa.ledger.data.tasks import Task, TaskState, Ticket
from tests.engine.desks import Desk, verdicts

pytestmark = pytest.mark.counts_commits


async def test_every_filing_arrives_once(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 40)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 40}
        assert ledger.workers.all() == [], "it has signed off"
    assert set(desk.portal.commits().values()) == {1}
    assert len(desk.portal.commits()) == 40


class Crowd(StubPerformer):
    """Counts how many filings it makes at the same time; each stays until a third could have begun."""

    running: ClassVar[int] = 0
    most: ClassVar[int] = 0

    async def perform(self, task: Task) -> TaskResult:
        Crowd.running += 1
        Crowd.most = max(Crowd.most, Crowd.running)
        try:
            await self.shutdown.pause(0.2)
            return await super().perform(task)
        finally:
            Crowd.running -= 1


async def test_no_more_run_than_there_are_places_whatever_the_queue_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine what DBOS took last has not begun when it looks again: it counts too few."""
    monkeypatch.setattr(ActiveWorkflowById, "count_for_queue", lambda *_: 0)
    desk.configured = desk.settings(concurrency=2)
    with desk.ledger() as ledger:
        desk.plan(ledger, 8)
        await desk.work(ledger, Crowd)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 8}
    assert Crowd.most == 2
    assert set(desk.portal.commits().values()) == {1}


class Slow(StubPerformer):
    """Stays in its filing until the worker is asked to stop."""

    async def perform(self, task: Task) -> TaskResult:
        while not await self.shutdown.pause(10):
            """Not yet."""
        return await super().perform(task)


async def test_asked_to_stop_it_leaves_the_rest_in_line(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 6)
        shutdown = Shutdown()

        def running() -> bool:
            if ledger.counts.running(batch) == 4:
                shutdown.request()
            return False

        await desk.work(ledger, Slow, until=running, shutdown=shutdown)
        assert desk.portal.commits() == {}
        assert ledger.counts.of(batch).states == {TaskState.WAITING: 6}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 6}
    assert set(desk.portal.commits().values()) == {1}


class Stuck(StubPerformer):
    """Never comes to an end by itself."""

    async def perform(self, task: Task) -> TaskResult:
        await asyncio.Event().wait()
        raise AssertionError


async def test_asked_twice_it_ends_at_once(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 3)
        shutdown = Shutdown()

        def running() -> bool:
            if ledger.counts.running(batch) == 3:
                shutdown.request()
                shutdown.request()
            return False

        await asyncio.wait_for(desk.work(ledger, Stuck, until=running, shutdown=shutdown), 120)
        assert ledger.counts.of(batch).states == {TaskState.WAITING: 3}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


class KilledError(BaseException):
    """Like SIGKILL: nobody records anything."""


def _die(worker: Worker, ticket: Ticket) -> None:
    worker._ledger.tasks.claim(ticket, worker._lock.worker, alive={worker._lock.worker})
    raise KilledError


def _take_over_late(queue: Queue, alive: Collection[str]) -> Sequence[Ticket]:
    time.sleep(0.3)
    return TAKE_OVER(queue, alive)


TAKE_OVER = Queue.take_over


async def test_the_only_filing_of_a_worker_that_died_is_taken_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is in line that would make the successor look at the line again."""
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 1)
        with monkeypatch.context() as crash:
            crash.setattr(Worker, "_in_thread", _die)
            crash.setattr(Worker, "_leave", lambda _: None)
            with pytest.raises(KilledError):
                await desk.work(ledger)
        assert ledger.counts.running(batch) == 1
        monkeypatch.setattr(Queue, "take_over", _take_over_late)  # it has seen an empty line before
        await asyncio.wait_for(desk.work(ledger), 120)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
    assert set(desk.portal.commits().values()) == {1}


class Alone(StubPerformer):
    """Watches that no employer is worked on twice at the same time."""

    inside: ClassVar[list[str]] = []

    async def perform(self, task: Task) -> TaskResult:
        code = task.filing.employer.code
        assert code not in self.inside, "two filings of one employer at the same time"
        self.inside.append(code)
        await self.shutdown.pause(0.2)
        self.inside.remove(code)
        return await super().perform(task)


async def test_one_filing_of_an_employer_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpa.ledger.tasks.tasks._BUSY_SECONDS", 0.1)
    (employer,) = filings(1)
    with desk.ledger() as ledger:
        years = [replace(employer, year=2024 + number, row=2 + number) for number in range(3)]
        planned(ledger, desk.folder, years)
        await desk.work(ledger, Alone)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


class Broken(StubPerformer):
    async def perform(self, task: Task) -> TaskResult:
        raise UserError("磁盘已满")


async def test_a_machine_that_cannot_go_on_says_so_and_loses_nothing(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 3)
        with pytest.raises(UserError, match="磁盘已满"):
            await desk.work(ledger, Broken)
        assert ledger.counts.of(batch).states == {TaskState.WAITING: 3}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


class Forgetful(StubPerformer):
    """The ledger is away when its first filing wants to begin."""

    away: ClassVar[list[str]] = ["once", "twice"]

    async def perform(self, task: Task) -> TaskResult:
        if self.away:
            raise LedgerDown(f"台账数据库暂时无法访问（{self.away.pop()}）")
        return await super().perform(task)


async def test_a_ledger_that_is_away_for_a_while_is_waited_for(desk: Desk) -> None:
    away = [True, True]
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 2)

        def done() -> bool:
            if away:
                away.pop()
                raise LedgerDown("台账数据库暂时无法访问")
            return not ledger.counts.unfinished(batch)

        await desk.work(ledger, Forgetful, until=done)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 2}
    assert set(desk.portal.commits().values()) == {1}


def test_one_worker_per_file(tmp_path: Path) -> None:
    with take_worker_lock(tmp_path, alone=True) as first:
        with pytest.raises(UserError, match=r"已有办理程序在运行（进程 .*rpa submit"):
            _taken(tmp_path, alone=True)
        assert _taken(tmp_path, alone=False).worker != first.worker
    again = _taken(tmp_path, alone=True)
    assert again.worker != first.worker
    assert again.dead == first.worker


def _taken(folder: Path, *, alone: bool) -> WorkerLock:
    with take_worker_lock(folder, alone=alone) as lock:
        return lock
