"""What a person may have done to a batch or a portal, from whatever window; each is noted with their name.

Nothing here waits: a worker that runs heeds it at its next step, and one that starts later finds it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rpa.engine.operations.target import Target
from rpa.errors import UserError
from rpa.filing import Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import Work
from rpa.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class CancelResult:
    """What calling off left."""

    cancelled: int
    """Filings that were not begun, or not committed."""
    running: int
    """Filings that are being worked on still."""
    unconfirmed: int
    """Filings that were perhaps committed: they are to be looked up."""


def pause(ledger: Ledger, target: Target, who: str) -> bool:
    """Start nothing more of a batch or at a portal; what runs is finished.

    Returns:
        False where it was paused before.

    Raises:
        UserError: the batch is cancelled.
    """
    if target.batch is None:
        changed = ledger.portals.pause(target.key, f"由{who}暂停")
    elif target.batch.state is BatchState.CANCELLED:
        raise UserError(f"批次 {target.key} 已取消，不用再暂停")
    else:
        ledger.batches.set_state(target.key, BatchState.PAUSED)
        changed = target.batch.state is BatchState.ACTIVE
    if changed:
        _note(ledger, target, who, "暂停")
    return changed


def resume(ledger: Ledger, target: Target, who: str) -> bool:
    """Let a batch or a portal go on.

    Returns:
        False where it was not paused.

    Raises:
        UserError: the batch is cancelled.
    """
    if target.batch is None:
        changed = ledger.portals.resume(target.key)
    elif target.batch.state is BatchState.CANCELLED:
        raise UserError(f"批次 {target.key} 已取消，要办理请重新登记工作簿（操作台的“新批次”，或 rpa run）")
    else:
        ledger.batches.set_state(target.key, BatchState.ACTIVE)
        changed = target.batch.state is BatchState.PAUSED
    if changed:
        _note(ledger, target, who, "恢复")
    return changed


def cancel(ledger: Ledger, target: Target, who: str) -> CancelResult:
    """Call off what is not done of a batch or at a portal.

    A batch's filings that run stop before their commit, a portal's are finished.
    """
    if target.batch:
        ledger.batches.set_state(target.key, BatchState.CANCELLED)  # first, so that a running one sees it
        cancelled = ledger.plans.cancel(batch_id=target.key)
    else:
        cancelled = ledger.plans.cancel(portal=target.key)
    _note(ledger, target, who, f"取消未办的 {cancelled} 户")
    return CancelResult(cancelled, target.running(ledger), target.uncertain(ledger))


def plan_retry(ledger: Ledger, batch: Batch, verdicts: Collection[Verdict], who: str) -> int:
    """Have a batch's filings with these verdicts made again; one perhaps committed is only looked up.

    Returns:
        How many are now to do.

    Raises:
        UserError: the batch is paused, or one of the verdicts is a filing's last.
    """
    check_retry(verdicts)
    what = f"重办{'、'.join(one.chinese for one in verdicts)}的"
    return _plan(ledger, batch, who, what, Work.FILE, verdicts)


def plan_look_up(ledger: Ledger, batch: Batch, who: str) -> int:
    """Have those of a batch looked up again that were perhaps committed; returns how many are now to do.

    Raises:
        UserError: the batch is paused.
    """
    return _plan(ledger, batch, who, "核实", Work.LOOK_UP)


def plan_track(ledger: Ledger, batch: Batch, who: str) -> int:
    """Have it read again how the portal handles what a batch filed; returns how many are now to do.

    Raises:
        UserError: the batch is paused.
    """
    return _plan(ledger, batch, who, "跟踪", Work.TRACK)


def check_retry(verdicts: Collection[Verdict]) -> None:
    """Filings with these verdicts may be made again.

    Raises:
        UserError: some are done for good.
    """
    for verdict in verdicts:
        if verdict.final:
            raise UserError(f"{verdict.chinese}的不会再办；要读取平台最新的办理状态，请用 rpa track")


def check_not_paused(batch: Batch) -> None:
    """Something may be planned for a batch.

    Raises:
        UserError: a person let it stand.
    """
    if batch.state is BatchState.PAUSED:
        raise UserError(f"批次 {batch.id} 已暂停，请先恢复（rpa resume {batch.id}）")


def _plan(
    ledger: Ledger, batch: Batch, who: str, what: str, work: Work, verdicts: Collection[Verdict] | None = None
) -> int:
    check_not_paused(batch)
    ledger.batches.start(batch.id, until=batch.until, approve=batch.approve, blocked=batch.blocked)
    planned = ledger.plans.make(batch.id, work, verdicts=verdicts)
    if planned:
        ledger.actions.note(who, f"{what} {planned} 户", batch_id=batch.id)
    return planned


def _note(ledger: Ledger, target: Target, who: str, what: str) -> None:
    place = {"batch_id" if target.batch else "portal": target.key}
    ledger.actions.note(who, what, **place)
