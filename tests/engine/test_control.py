"""What a person may have done to a batch or a portal: the rules, and the line with their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import enter, read
from rpa.engine.operations import control
from rpa.engine.operations.control import CancelResult
from rpa.engine.operations.target import Target, find_target
from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import TaskState
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings, load_settings
from tests.ledger.builders import UNAVAILABLE, claimed, filed, open_batch, planned
from tests.support import henan
from tests.support.ledger import portal_state

WHO = "王五"
UNCONFIRMED = Outcome(Verdict.UNCONFIRMED, "提交已发出，未能核实")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, database_url="", operator_name="赵六")


@pytest.fixture
def batch(ledger: Ledger, tmp_path: Path) -> Batch:
    """With four rows in line."""
    opened = open_batch(ledger, tmp_path)
    planned(ledger, opened, 4)
    return opened


@pytest.fixture
def portal(ledger: Ledger, settings: Settings, batch: Batch) -> Target:
    return find_target(ledger, settings, "河南")


def target(ledger: Ledger, batch: Batch) -> Target:
    """The batch as it stands now."""
    return Target(batch.id, f"批次 {batch.id}", ledger.batches.get(batch.id))


def said(ledger: Ledger) -> list[tuple[str, str, str | None, str | None]]:
    """The lines, the oldest first."""
    return [(one.who, one.what, one.batch_id, one.portal) for one in reversed(ledger.actions.newest())]


def test_a_batch_is_paused_and_goes_on(ledger: Ledger, batch: Batch) -> None:
    assert control.pause(ledger, target(ledger, batch), WHO)
    assert ledger.ready_tasks.find("henan", 9) == []
    assert not control.pause(ledger, target(ledger, batch), "李四")
    assert control.resume(ledger, target(ledger, batch), "李四")
    assert len(ledger.ready_tasks.find("henan", 9)) == 4
    assert not control.resume(ledger, target(ledger, batch), WHO)
    assert said(ledger) == [(WHO, "暂停", batch.id, None), ("李四", "恢复", batch.id, None)]


def test_a_portal_is_paused_and_goes_on(ledger: Ledger, portal: Target) -> None:
    assert control.pause(ledger, portal, WHO)
    assert portal_state(ledger, "henan").why == "由王五暂停"
    assert not control.pause(ledger, portal, "李四")
    assert portal_state(ledger, "henan").why == "由王五暂停"
    assert control.resume(ledger, portal, "李四")
    assert not control.resume(ledger, portal, WHO)
    assert said(ledger) == [(WHO, "暂停", None, "henan"), ("李四", "恢复", None, "henan")]


def test_a_cancelled_batch_stays_so(ledger: Ledger, batch: Batch) -> None:
    running = claimed(ledger, ledger.ready_tasks.find("henan", 1)[0])
    assert control.cancel(ledger, target(ledger, batch), WHO) == CancelResult(3, running=1, unconfirmed=0)
    assert ledger.batches.get(batch.id).state is BatchState.CANCELLED
    assert ledger.counts.of(batch.id).states == {TaskState.DONE: 3, TaskState.RUNNING: 1}
    for act in (control.pause, control.resume):
        with pytest.raises(UserError, match="已取消"):
            act(ledger, target(ledger, batch), WHO)
    assert ledger.counts.of(batch.id).portals["henan"] == {"CANCELLED": 3, "RUNNING": 1}
    assert running.batch_id == batch.id
    assert said(ledger) == [(WHO, "取消未办的 3 户", batch.id, None)]


def test_a_portals_filings_are_called_off(ledger: Ledger, batch: Batch, portal: Target) -> None:
    perhaps = ledger.ready_tasks.find("henan", 1)[0]
    filed(ledger, perhaps, UNCONFIRMED)
    assert control.cancel(ledger, portal, WHO) == CancelResult(3, running=0, unconfirmed=1)
    assert ledger.batches.get(batch.id).state is BatchState.ACTIVE
    assert said(ledger) == [(WHO, "取消未办的 3 户", None, "henan")]


def test_rows_are_worked_on_again_by_their_verdict(ledger: Ledger, batch: Batch) -> None:
    one, other, *_ = ledger.ready_tasks.find("henan", 4)
    filed(ledger, one, UNAVAILABLE)
    filed(ledger, other)
    assert control.plan_retry(ledger, batch, [Verdict.REFUSED], WHO) == 0
    assert control.plan_retry(ledger, batch, [Verdict.REFUSED, Verdict.UNAVAILABLE], WHO) == 1
    assert said(ledger) == [(WHO, "重办平台退回、平台不可用的 1 户", batch.id, None)]
    assert ledger.counts.of(batch.id).states == {TaskState.WAITING: 3, TaskState.DONE: 1}


def test_what_is_done_for_good_is_not_made_again(ledger: Ledger, batch: Batch) -> None:
    filed(ledger, ledger.ready_tasks.find("henan", 1)[0])
    with pytest.raises(UserError, match=r"已提交的不会再办.*rpa track"):
        control.plan_retry(ledger, batch, [Verdict.UNAVAILABLE, Verdict.SUBMITTED], WHO)
    assert said(ledger) == []


def test_looking_up_and_tracking_take_their_own_rows(ledger: Ledger, batch: Batch) -> None:
    proved, perhaps, *_ = ledger.ready_tasks.find("henan", 4)
    filed(ledger, proved)
    filed(ledger, perhaps, UNCONFIRMED)
    assert control.plan_look_up(ledger, batch, WHO) == 1
    assert control.plan_track(ledger, batch, "李四") == 1
    assert said(ledger) == [(WHO, "核实 1 户", batch.id, None), ("李四", "跟踪 1 户", batch.id, None)]


def test_nothing_is_planned_for_a_paused_batch(ledger: Ledger, batch: Batch) -> None:
    control.pause(ledger, target(ledger, batch), WHO)
    stands = ledger.batches.get(batch.id)
    for plan in (control.plan_look_up, control.plan_track):
        with pytest.raises(UserError, match=f"已暂停，请先恢复（rpa resume {batch.id}"):
            plan(ledger, stands, WHO)
    with pytest.raises(UserError, match="请先恢复"):
        control.plan_retry(ledger, stands, [Verdict.REFUSED], WHO)
    assert ledger.batches.get(batch.id).state is BatchState.PAUSED


def test_a_cancelled_batch_may_be_worked_on_again(ledger: Ledger, batch: Batch) -> None:
    control.cancel(ledger, target(ledger, batch), WHO)
    assert control.plan_retry(ledger, ledger.batches.get(batch.id), [Verdict.CANCELLED], "李四") == 4
    assert ledger.batches.get(batch.id).state is BatchState.ACTIVE
    assert len(ledger.ready_tasks.find("henan", 9)) == 4


@pytest.mark.parametrize(("who", "named"), [("王五", "王五"), ("", "赵六")])
def test_whoever_enters_a_workbook_is_named(
    ledger: Ledger, settings: Settings, tmp_path: Path, who: str, named: str
) -> None:
    options = RunOptions(who=who)
    intake = read(henan.write(tmp_path / "批次.xlsx", henan.rows(2)), settings, options)
    batch = enter(intake, ledger, settings, options)
    assert said(ledger) == [(named, "登记批次，待办理 2 户", batch.id, None)]
