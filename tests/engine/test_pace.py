"""The pace, however a filing begins: handed out by the queue, or next in its login's go."""

from __future__ import annotations

import time

import pytest

from benchmarks.stub import filings, planned
from rpa.engine.worker.shutdown import Shutdown
from rpa.filing import Verdict
from rpa.ledger.data.tasks import TaskState
from tests.engine.desks import Desk, verdicts

pytestmark = pytest.mark.counts_commits

PAUSE = Shutdown.pause


async def test_a_go_and_the_queue_keep_the_pace_together(desk: Desk) -> None:
    desk.configured = desk.settings(portal={"starts_per_minute": 5})
    rows = [*filings(20, logins=2)[:10], *filings(20)[10:]]
    began: list[float] = []
    queued: list[int] = []

    def over() -> bool:
        if not began and sum(verdicts(ledger).values()) == 5:
            began.append(time.monotonic())
        queued.append(ledger.tickets.queued("henan"))
        return bool(began) and time.monotonic() - began[0] > 2

    with desk.ledger() as ledger:
        batch = planned(ledger, desk.folder, rows).id
        await desk.work(ledger, until=over)
        assert queued[-1] == 0, "handed out before it may begin"
        assert verdicts(ledger) == {Verdict.SUBMITTED: 5}
        states = ledger.counts.of(batch).states
    assert states == {TaskState.DONE: 5, TaskState.WAITING: 15}
    assert len(desk.portal.commits()) == 5
    assert desk.portal.most_at_once() == 1


async def test_a_go_waits_for_the_pace_and_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def pause(shutdown: Shutdown, seconds: float) -> bool:
        if seconds > 30:
            waits.append(seconds)
            seconds = 0.0
        return await PAUSE(shutdown, seconds)

    monkeypatch.setattr(Shutdown, "pause", pause)
    desk.configured = desk.settings(portal={"starts_per_minute": 2})
    with desk.ledger() as ledger:
        desk.plan(ledger, 4, logins=1)
        await desk.work(ledger)
        assert verdicts(ledger) == {Verdict.SUBMITTED: 4}
    assert len(waits) == 2
    assert sum(desk.portal.sign_ins().values()) == 1


PAUSE = Shutdown.pause
