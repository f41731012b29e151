"""A worker on a real ledger and a real queue; its portal is a file that keeps a line for each commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from benchmarks.stub import FilePortal, StubPerformer, filings, planned
from rpa.engine.queue import Queue
from rpa.engine.records import News
from rpa.engine.slot import Slot, slot_folder, take_slot
from rpa.engine.stopping import Stopping
from rpa.engine.worker import Worker
from rpa.errors import LedgerDown, Unanswered, Unavailable, UserError
from rpa.filing import CHINA, Outcome, Verdict
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import BatchState, Task, TaskState, Ticket, Work
from rpa.settings import Settings, load_settings

HOUR = timedelta(hours=1)


class Desk:
    """A ledger, and workers on it one after another."""

    def __init__(self, folder: Path, **engine: Any) -> None:
        self.folder = folder
        self.portal = FilePortal(folder / "journal")
        self.heard: list[str] = []
        self.configured = self.settings(**engine)

    def settings(self, *, portal: Mapping[str, Any] | None = None, **engine: Any) -> Settings:
        hurry = {"poll_seconds": 0.02, "retry_delays": (0.05, 0.05), "probe_delays": (0.1,)}
        paced = {"starts_per_minute": 10_000} | dict(portal or {})
        return load_settings(home=self.folder, engine=hurry | engine, portals={"henan": paced})

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(self.configured.ledger_url, key=self.configured.seal_key) as opened:
            yield opened

    async def work(
        self,
        ledger: Ledger,
        performer: type[StubPerformer] = StubPerformer,
        until: Callable[[], bool] | None = None,
        stopping: Stopping | None = None,
    ) -> StubPerformer:
        """Work until nothing is left, or until ``until`` holds."""
        (batch,) = ledger.batches()
        stopping = stopping or Stopping()
        with take_slot(slot_folder(self.configured), alone=True) as slot:
            stub = performer(ledger, self.configured, self.portal, slot.worker, stopping)
            worker = Worker(self.configured, ledger, slot, stub, stopping, self._hear)
            await worker.run(until or (lambda: not ledger.unfinished(batch.id)))
        return stub

    def _hear(self, news: News) -> None:
        self.heard.append(news.what)

    def plan(self, ledger: Ledger, count: int) -> str:
        return planned(ledger, self.folder, filings(count)).id


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def verdicts(ledger: Ledger) -> dict[Verdict, int]:
    (batch,) = ledger.batches()
    return dict(ledger.progress(batch.id).verdicts)


async def test_every_filing_arrives_once(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 40)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 40}
        assert ledger.workers() == [], "it has signed off"
    assert set(desk.portal.commits().values()) == {1}
    assert len(desk.portal.commits()) == 40


class Slow(StubPerformer):
    """Stays in its filing until the worker is asked to stop."""

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        while not await self.stopping.pause(10):
            """Not yet."""
        return await super().perform(task)


async def test_asked_to_stop_it_leaves_the_rest_in_line(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 6)
        stopping = Stopping()

        def running() -> bool:
            if ledger.running(batch) == 4:
                stopping.ask()
            return False

        await desk.work(ledger, Slow, until=running, stopping=stopping)
        assert desk.portal.commits() == {}
        assert ledger.progress(batch).states == {TaskState.WAITING: 6}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 6}
    assert set(desk.portal.commits().values()) == {1}


class Stuck(StubPerformer):
    """Never comes to an end by itself."""

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        await asyncio.Event().wait()
        raise AssertionError


async def test_asked_twice_it_ends_at_once(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 3)
        stopping = Stopping()

        def running() -> bool:
            if ledger.running(batch) == 3:
                stopping.ask()
                stopping.ask()
            return False

        await asyncio.wait_for(desk.work(ledger, Stuck, until=running, stopping=stopping), 20)
        assert ledger.progress(batch).states == {TaskState.WAITING: 3}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


class KilledError(BaseException):
    """Like SIGKILL: nobody records anything."""


def _die(worker: Worker, ticket: Ticket) -> None:
    worker._ledger.claim(ticket, worker._slot.worker, alive={worker._slot.worker})
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
        assert ledger.running(batch) == 1
        monkeypatch.setattr(Queue, "take_over", _take_over_late)  # it has seen an empty line before
        await asyncio.wait_for(desk.work(ledger), 30)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
    assert set(desk.portal.commits().values()) == {1}


class Unwell(StubPerformer):
    """A portal that is down for the first goes."""

    down = 2

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        if task.failures < self.down:
            number = self.ledger.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
            return number, Outcome(Verdict.UNAVAILABLE, "平台维护中")
        return await super().perform(task)


async def test_an_unwell_portal_is_tried_again_later(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 1)
        await desk.work(ledger, Unwell)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
        (state,) = ledger.outcomes(ledger.batches()[0].id)
    assert state.attempts == 3
    assert sum("自动重试" in what for what in desk.heard) == 2


class Down(Unwell):
    down = 99


async def test_after_the_last_retry_it_stays_so(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 1)
        await desk.work(ledger, Down)
        assert verdicts(ledger) == {Verdict.UNAVAILABLE: 1}


class Recovering(Unwell):
    """Down until it was probed; the first probe still finds it so."""

    probed = 0

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        self.down = 0 if self.probed > 1 else 99
        return await super().perform(task)

    async def probe(self, portal: str) -> None:
        assert portal == "henan"
        self.probed += 1
        if self.probed == 1:
            raise Unavailable("平台维护中")


async def test_many_unavailable_pause_the_portal_until_a_probe_finds_it_well(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1, retry_delays=(0.1,) * 20)
    with desk.ledger() as ledger:
        desk.plan(ledger, 8)
        stub = await desk.work(ledger, Recovering)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 8}
        assert ledger.portal_state("henan").paused_at is None
    assert isinstance(stub, Recovering)
    assert stub.probed == 2
    said = [what for what in desk.heard if "平台“河南”" in what]
    assert ["已暂停" in said[0], "仍不可用" in said[1], "已恢复" in said[2]] == [True] * 3


class Changed(StubPerformer):
    async def perform(self, task: Task) -> tuple[int, Outcome]:
        number = self.ledger.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        return number, Outcome(Verdict.PORTAL_CHANGED, "页面上找不到“提交”")


async def test_a_changed_portal_waits_for_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1)
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 8)
        await desk.work(ledger, Changed, until=lambda: bool(ledger.portal_state("henan").paused_at))
        paused = ledger.portal_state("henan")
        assert paused.probe_at is None
        assert "连续 3 笔" in paused.why
        assert verdicts(ledger) == {Verdict.PORTAL_CHANGED: 3}
        assert ledger.resume_portal("henan")
        await desk.work(ledger)
        assert ledger.plan(batch, Work.FILE, verdicts=[Verdict.PORTAL_CHANGED]) == 3
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 8}


class Alone(StubPerformer):
    """Watches that no employer is worked on twice at the same time."""

    inside: ClassVar[list[str]] = []

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        code = task.filing.employer.code
        assert code not in self.inside, "two filings of one employer at the same time"
        self.inside.append(code)
        await self.stopping.pause(0.2)
        self.inside.remove(code)
        return await super().perform(task)


async def test_one_filing_of_an_employer_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpa.ledger.tasks._SAME_EMPLOYER_SECONDS", 0.1)
    (employer,) = filings(1)
    with desk.ledger() as ledger:
        years = [replace(employer, year=2024 + number, row=2 + number) for number in range(3)]
        planned(ledger, desk.folder, years)
        await desk.work(ledger, Alone)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


class Silent(StubPerformer):
    asked: ClassVar[list[str]] = []

    async def perform(self, task: Task) -> tuple[int, Outcome]:
        self.ledger.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        self.asked.append(task.filing.employer.code)
        raise Unanswered("验证码在限时内无人答复")


async def test_a_filing_that_nobody_answers_goes_to_the_end_of_the_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1)
    with desk.ledger() as ledger:
        desk.plan(ledger, 2)
        await desk.work(ledger, Silent)
        assert verdicts(ledger) == {Verdict.NEEDS_PERSON: 2}
    one, other = Silent.asked[:2]
    assert one != other
    assert Silent.asked == [one, other] * 3


class Broken(StubPerformer):
    async def perform(self, task: Task) -> tuple[int, Outcome]:
        raise UserError("磁盘已满")


async def test_a_machine_that_cannot_go_on_says_so_and_loses_nothing(desk: Desk) -> None:
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 3)
        with pytest.raises(UserError, match="磁盘已满"):
            await desk.work(ledger, Broken)
        assert ledger.progress(batch).states == {TaskState.WAITING: 3}
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 3}


async def test_outside_opening_hours_work_waits(desk: Desk) -> None:
    later = datetime.now(CHINA) + 2 * HOUR
    hours = (f"{later:%H:%M}-{later + HOUR:%H:%M}",)
    desk.configured = desk.settings(portal={"opening_hours": hours})
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 2)
        stopping = Stopping()

        def told() -> bool:
            return any("不在办理时间" in what for what in desk.heard)

        await desk.work(ledger, until=told, stopping=stopping)
        assert ledger.progress(batch).states == {TaskState.WAITING: 2}
    assert desk.portal.commits() == {}


class CancelledMeanwhile(StubPerformer):
    async def perform(self, task: Task) -> tuple[int, Outcome]:
        self.ledger.set_batch_state(task.batch_id, BatchState.CANCELLED)
        self.ledger.cancel(batch_id=task.batch_id)
        number = self.ledger.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        with pytest.raises(Exception, match="批次已取消"):
            self.ledger.win_intent(task.filing_id, number, batch_id=task.batch_id)
        return number, Outcome(Verdict.CANCELLED, "批次已取消，未提交")


async def test_a_cancelled_batch_commits_nothing_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1)
    with desk.ledger() as ledger:
        desk.plan(ledger, 5)
        await desk.work(ledger, CancelledMeanwhile)
        assert verdicts(ledger) == {Verdict.CANCELLED: 5}
    assert desk.portal.commits() == {}


async def test_a_cleared_intent_is_filed_anew_and_kept_in_the_books(desk: Desk) -> None:
    """The worker died between intent and click: the list proves it, a person says so, it is filed."""
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 1)
        (ticket,) = ledger.due("henan", 1)
        task = ledger.claim(ticket, "甲机", alive={"甲机"})
        assert task is not None
        attempt = ledger.begin_attempt(task.filing_id, "甲机", ticket=ticket)
        assert ledger.win_intent(task.filing_id, attempt, batch_id=batch)
        ledger.put_back(ticket, "甲机")

        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.UNCONFIRMED: 1}
        assert ledger.plan(batch, Work.LOOK_UP) == 1
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.UNCONFIRMED: 1}, "too soon after the first look"

        desk.configured = desk.settings(clear_after=0.0)
        assert ledger.plan(batch, Work.LOOK_UP) == 1
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
        (cleared,) = ledger.cleared(task.filing_id)
    assert cleared.cleared_by == "测试员"
    assert cleared.missing_since <= cleared.cleared_at <= datetime.now(UTC)
    assert set(desk.portal.commits().values()) == {1}


class Forgetful(StubPerformer):
    """The ledger is away when its first filing wants to begin."""

    away: ClassVar[list[str]] = ["once", "twice"]

    async def perform(self, task: Task) -> tuple[int, Outcome]:
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
            return not ledger.unfinished(batch)

        await desk.work(ledger, Forgetful, until=done)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 2}
    assert set(desk.portal.commits().values()) == {1}


def test_one_worker_per_file(tmp_path: Path) -> None:
    with take_slot(tmp_path, alone=True) as first:
        with pytest.raises(UserError, match=r"已有办理程序在运行（进程 .*rpa submit"):
            _taken(tmp_path, alone=True)
        assert _taken(tmp_path, alone=False).worker != first.worker
    again = _taken(tmp_path, alone=True)
    assert again.worker != first.worker
    assert again.dead == first.worker


def _taken(folder: Path, *, alone: bool) -> Slot:
    with take_slot(folder, alone=alone) as slot:
        return slot
