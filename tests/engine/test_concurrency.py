"""How many sessions: by what was measured, up at once, down slowly; and a worker that keeps to it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks.stub import StubPerformer
from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker.concurrency import START, Concurrency, reason, sessions_wanted
from rpa.filing import Verdict
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.data.tasks import Task, Throughput
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Desk
from rpa.operator.request import Kind
from tests.engine import desks
from tests.engine.desks import verdicts


@pytest.mark.parametrize(
    ("rhythm", "sessions"),
    [
        (Throughput(0, 0.0, 0.0), START),
        (Throughput(4, 3.0, 60.0), START),  # too few to say
        (Throughput(5, 3.0, 2.0), 2),
        (Throughput(30, 3.0, 9.0), 4),
        (Throughput(30, 3.0, 9.1), 5),
        (Throughput(30, 3.0, 27.0), 10),
        (Throughput(30, 3.0, 27.0, 6.0), 12),  # not always the same
        (Throughput(30, 110.0, 5.0), 2),  # nobody is there
        (Throughput(30, 3.0, 0.0), 2),
        (Throughput(30, 0.0, 9.0), math.inf),  # nobody is needed
    ],
)
def test_so_many_keep_one_person_busy(rhythm: Throughput, sessions: float) -> None:
    assert sessions_wanted(rhythm) == sessions


def test_with_several_portals_the_person_has_less_time_for_each() -> None:
    assert sessions_wanted(Throughput(30, 3.0, 27.0), portals=2) == 6
    assert sessions_wanted(Throughput(30, 3.0, 27.0), portals=9) == 2


def test_several_workers_share_them() -> None:
    assert sessions_wanted(Throughput(30, 3.0, 27.0), workers=3) == 4
    assert sessions_wanted(Throughput(30, 3.0, 27.0), workers=20) == 2


def test_more_at_once_and_fewer_one_by_one() -> None:
    size = Concurrency(12)
    seen = []
    for moment in range(0, 150, 5):
        wanted = 10 if moment < 20 else 3
        size.follow(wanted, float(moment))
        seen.append(size.now)
    assert seen[:4] == [10] * 4
    assert {later - before for before, later in pairwise(seen)} <= {0, -1}
    assert seen.index(9) == 10, "30 seconds after it was first too many"
    assert seen[-1] == 7


def test_noise_changes_nothing() -> None:
    size = Concurrency(12)
    for moment in range(0, 300, 3):
        size.follow(5 if moment % 4 else 3, float(moment))
    assert size.now == 5


@pytest.mark.parametrize(("most", "wanted", "now"), [(3, 9, 3), (1, 2, 1), (12, math.inf, 12)])
def test_never_more_than_the_portal_and_the_machine_allow(most: int, wanted: float, now: int) -> None:
    size = Concurrency(most)
    assert size.now <= most
    size.follow(wanted, 0.0)
    assert size.now == now
    assert ("上限" in reason(wanted, size)) == (math.inf > wanted > most)


# A worker


@dataclass
class Person:
    """Answers one request after the other, each in so many seconds."""

    ledger: Ledger
    seconds: float
    answered: int = 0
    most: int = 0
    """So many waited at once."""

    async def sit(self) -> None:
        while True:
            waiting = self.ledger.requests.waiting()
            self.most = max(self.most, len(waiting))
            if not waiting:
                await asyncio.sleep(0.005)
                continue
            await asyncio.sleep(self.seconds)
            self.ledger.requests.answer(waiting[0].id, "abcd", picture_id=None, who="王芳")
            self.answered += 1


@dataclass
class Asking(StubPerformer):
    """Asks for a captcha, and takes its time besides."""

    other_seconds: ClassVar[float] = 1.5
    inside: ClassVar[int] = 0
    most: ClassVar[list[int]] = []

    async def perform(self, task: Task) -> TaskResult:
        Asking.inside += 1
        self.most.append(Asking.inside)
        try:
            desk = Desk(self.ledger.requests, [], settings=self.settings.operator, poll=0.01)
            question = "请输入图中的验证码"
            await desk.ask(
                NewRequest(Kind.CAPTCHA, question, desk.deadline(Kind.CAPTCHA), filing_id=task.filing_id)
            )
            await asyncio.sleep(self.other_seconds)
            return await super().perform(task)
        finally:
            Asking.inside -= 1


@dataclass
class Quick(Asking):
    """A portal so fast that two are sessions_wanted."""

    other_seconds: ClassVar[float] = 0.01
    most: ClassVar[list[int]] = []


@dataclass
class Slow(Asking):
    """A portal so slow that a dozen would be needed."""

    other_seconds: ClassVar[float] = 2.0
    most: ClassVar[list[int]] = []


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpa.engine.worker.maintenance._SIZE_SECONDS", 0.0)
    monkeypatch.setattr("rpa.engine.worker.maintenance._TURN_SECONDS", 0.1)
    monkeypatch.setattr("rpa.engine.worker.concurrency._CALM_SECONDS", 0.5)


async def _work(desk: desks.Desk, performer: type[Asking], count: int, *, seconds: float = 0.1) -> Person:
    performer.most.clear()
    with desk.ledger() as ledger:
        desk.plan(ledger, count)
        person = Person(ledger, seconds)
        sitting = asyncio.create_task(person.sit())
        await desk.work(ledger, performer)
        sitting.cancel()
        with suppress(asyncio.CancelledError):
            await sitting
        assert verdicts(ledger) == {Verdict.SUBMITTED: count}
    assert person.answered == count
    return person


def _said(desk: desks.Desk) -> Sequence[str]:
    return [what for what in desk.heard if "同时办理" in what]


@pytest.mark.usefixtures("hurry")
async def test_a_worker_takes_as_many_as_keep_the_person_busy(tmp_path: Path) -> None:
    desk = desks.Desk(tmp_path)
    desk.configured = desk.settings(portal={"at_once": 40}, most_at_once=40)
    await _work(desk, Asking, 40)
    assert max(Asking.most[:START]) <= START
    # Far from both ends: a busy machine makes the person's seconds longer too, and the others' still more.
    assert START < max(Asking.most) < 40, "1.5 s by 0.1 s are sixteen"
    assert "正好不用等" in _said(desk)[0]


@pytest.mark.usefixtures("hurry")
async def test_fewer_where_more_would_only_wait(tmp_path: Path) -> None:
    desk = desks.Desk(tmp_path)
    # Looked at more often, a busy machine's DBOS counts a filing that is just beginning as none.
    desk.configured = desk.settings(poll_seconds=0.2)
    await _work(desk, Quick, 16, seconds=0.6)
    assert max(Quick.most) >= START
    assert max(Quick.most[-5:]) < START
    assert "同时办理 3 户" in _said(desk)[0], "never more before"


@pytest.mark.thorough
@pytest.mark.usefixtures("hurry")
async def test_a_number_in_the_settings_is_kept(tmp_path: Path) -> None:
    desk = desks.Desk(tmp_path, concurrency=3)
    # Looked at more often, a busy machine's DBOS counts a filing that is just beginning as none.
    desk.configured = desk.settings(portal={"at_once": 30}, concurrency=3, poll_seconds=0.2)
    await _work(desk, Quick, 20, seconds=0.3)
    assert max(Quick.most) == 3
    assert _said(desk) == []


@pytest.mark.thorough
@pytest.mark.usefixtures("hurry")
async def test_a_portals_own_limit_holds(tmp_path: Path) -> None:
    desk = desks.Desk(tmp_path)
    desk.configured = desk.settings(portal={"at_once": 5})
    await _work(desk, Slow, 20)
    assert max(Slow.most) == 5
    assert "平台“河南”同时办理 5 户：" in _said(desk)[0]
