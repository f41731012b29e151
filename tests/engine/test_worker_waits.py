"""What a worker does when something stands in the way: a portal, a person, the clock, a doubt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from benchmarks.stub import StubPerformer
from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import Unanswered, Unavailable
from rpa.filing import CHINA, Outcome, Verdict
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Task, TaskState, Work
from tests.engine.desks import Desk, verdicts
from tests.support.ledger import portal_state

pytestmark = pytest.mark.counts_commits

HOUR = timedelta(hours=1)


class Unwell(StubPerformer):
    """A portal that is down for the first goes."""

    down = 2

    async def perform(self, task: Task) -> TaskResult:
        if task.failures < self.down:
            number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
            return TaskResult(number, Outcome(Verdict.UNAVAILABLE, "平台维护中"))
        return await super().perform(task)


async def test_an_unwell_portal_is_tried_again_later(desk: Desk) -> None:
    with desk.ledger() as ledger:
        desk.plan(ledger, 1)
        await desk.work(ledger, Unwell)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
        (state,) = ledger.filings.states_of_batch(ledger.batches.all()[0].id)
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

    async def perform(self, task: Task) -> TaskResult:
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
        assert portal_state(ledger, "henan").paused_at is None
    assert isinstance(stub, Recovering)
    assert stub.probed == 2
    said = [what for what in desk.heard if "平台“河南”" in what]
    assert ["已暂停" in said[0], "仍不可用" in said[1], "已恢复" in said[2]] == [True] * 3


class Changed(StubPerformer):
    async def perform(self, task: Task) -> TaskResult:
        number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        return TaskResult(number, Outcome(Verdict.PORTAL_CHANGED, "页面上找不到“提交”"))


async def test_a_changed_portal_waits_for_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path, concurrency=1)
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 8)
        await desk.work(ledger, Changed, until=lambda: bool(portal_state(ledger, "henan").paused_at))
        paused = portal_state(ledger, "henan")
        assert paused.probe_at is None
        assert "连续 3 笔" in paused.why
        assert verdicts(ledger) == {Verdict.PORTAL_CHANGED: 3}
        assert ledger.portals.resume("henan")
        await desk.work(ledger)
        assert ledger.plans.make(batch, Work.FILE, verdicts=[Verdict.PORTAL_CHANGED]) == 3
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 8}


class Silent(StubPerformer):
    asked: ClassVar[list[str]] = []

    async def perform(self, task: Task) -> TaskResult:
        self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
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


async def test_outside_opening_hours_work_waits(desk: Desk) -> None:
    later = datetime.now(CHINA) + 2 * HOUR
    hours = (f"{later:%H:%M}-{later + HOUR:%H:%M}",)
    desk.configured = desk.settings(portal={"opening_hours": hours})
    with desk.ledger() as ledger:
        batch = desk.plan(ledger, 2)
        shutdown = Shutdown()

        def told() -> bool:
            return any("不在办理时间" in what for what in desk.heard)

        await desk.work(ledger, until=told, shutdown=shutdown)
        assert ledger.counts.of(batch).states == {TaskState.WAITING: 2}
    assert desk.portal.commits() == {}


class CancelledMeanwhile(StubPerformer):
    async def perform(self, task: Task) -> TaskResult:
        self.ledger.batches.set_state(task.batch_id, BatchState.CANCELLED)
        self.ledger.plans.cancel(batch_id=task.batch_id)
        number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
        with pytest.raises(Exception, match="批次已取消"):
            self.ledger.intents.win(task.filing_id, number, batch_id=task.batch_id)
        return TaskResult(number, Outcome(Verdict.CANCELLED, "批次已取消，未提交"))


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
        (ticket,) = ledger.ready_tasks.find("henan", 1)
        task = ledger.tasks.claim(ticket, "甲机", alive={"甲机"})
        assert task is not None
        attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=ticket)
        assert ledger.intents.win(task.filing_id, attempt, batch_id=batch)
        ledger.tasks.put_back(ticket, "甲机")

        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.UNCONFIRMED: 1}
        assert ledger.plans.make(batch, Work.LOOK_UP) == 1
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.UNCONFIRMED: 1}, "too soon after the first look"

        desk.configured = desk.settings(clear_after=0.0)
        assert ledger.plans.make(batch, Work.LOOK_UP) == 1
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 1}
        (cleared,) = ledger.intents.cleared(task.filing_id)
    assert cleared.cleared_by == "测试员"
    assert cleared.missing_since <= cleared.cleared_at <= datetime.now(UTC)
    assert set(desk.portal.commits().values()) == {1}
