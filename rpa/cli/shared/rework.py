"""Working again on a batch of the ledger: what ``rpa retry``, ``reconcile`` and ``track`` share."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.open_ledger import open_ledger
from rpa.cli.shared.options import work_settings
from rpa.cli.shared.run_batch import work_on
from rpa.cli.shared.signals import Interruptions
from rpa.engine.batch.intake import Intake
from rpa.engine.batch.records import BatchResult, RunOptions
from rpa.engine.operations.control import check_not_paused
from rpa.engine.operations.target import find_batch
from rpa.engine.worker.worker_lock import WorkerBusyError
from rpa.errors import UserError
from rpa.evidence.files import sha256_of
from rpa.evidence.keeping.vault import check_not_encrypted
from rpa.filing import portal_key
from rpa.ledger.ledger import Ledger
from rpa.ledger.records.batches import Batch
from rpa.ledger.records.filings import FilingState
from rpa.ledger.records.tasks import Work
from rpa.settings.settings import Settings

Plan = Callable[[Ledger, Batch, str], int]
"""Plans tasks of a batch, as somebody wished; returns how many are now to do."""


@dataclass(frozen=True, slots=True)
class Again:
    """What came of it."""

    settings: Settings
    batch: Batch
    planned: int
    before: Mapping[int, FilingState]
    """Row → how its filing stood when the command began."""
    result: BatchResult | None = None
    """None: nothing was to do, or another worker does it."""
    interruptions: Interruptions | None = None


def work_again(arguments: Namespace, plan: Plan, *, work: Work, nothing: str) -> Again:
    """Plan something for a batch and work on it; where another worker is at work, only plan it.

    Args:
        arguments: of a command with a batch, ``add_moved_workbook`` and ``add_work_options``.
        plan: plans it.
        work: what is to be done; anything else that waits in the batch goes on waiting.
        nothing: said when that is nothing.

    Raises:
        UserError: no such batch, it stands still, or its workbook is gone or was changed.
    """
    settings = work_settings(arguments)
    with open_ledger(settings) as ledger:
        batch = find_batch(ledger, arguments.batch)
        workbook = workbook_of(batch, arguments.workbook)
        check_not_paused(batch)
        check_not_encrypted(settings.evidence_root, batch.id)
        _check_served(ledger, batch, settings)
        before = {state.row or 0: state for state in ledger.filings.states_of_batch(batch.id)}
    planned = 0

    def enter(intake: Intake, ledger: Ledger) -> Batch:
        nonlocal planned
        check_unchanged(intake.sha256, batch)
        planned = plan(ledger, batch, settings.person)
        return batch

    try:
        options = RunOptions(work=work, plan=enter)
        result, interruptions = work_on(workbook, settings, arguments, options)
    except WorkerBusyError:
        check_unchanged(sha256_of(workbook), batch)
        with open_ledger(settings) as ledger:
            return Again(settings, batch, plan(ledger, batch, settings.person), before)
    if not planned:
        output.note(nothing)
    return Again(settings, batch, planned, before, result, interruptions)


def leave_to_worker(done: Again, *, kind: str, as_json: bool) -> int:
    """Say that the worker that runs does it."""
    if as_json:
        output.document(kind, {"batch": done.batch.id, "planned": done.planned, "left_to_worker": True})
    else:
        output.say(f"批次 {done.batch.id}：已排队 {done.planned} 户。")
        output.note(
            "本机已有办理程序在运行，由它办理；如果它是只办另一个批次的 rpa run，等它结束后运行 rpa worker。"
            f"进度：rpa status {done.batch.id}"
        )
    return ExitCode.OK


def workbook_of(batch: Batch, moved: Path | None) -> Path:
    """Where a batch's workbook is.

    Raises:
        UserError: it is not there.
    """
    workbook = moved or batch.workbook
    if not workbook.is_file():
        raise UserError(f"没有找到批次 {batch.id} 的工作簿 {workbook}，请用 --workbook 指明它现在的位置")
    return workbook


def check_unchanged(sha256: str, batch: Batch) -> None:
    """A workbook is as it was entered.

    Raises:
        UserError: it is not: its rows may be other employers now.
    """
    if sha256 != batch.workbook_sha256:
        raise UserError(f"批次 {batch.id} 的工作簿已改动，请用 rpa run 重新登记")


def _check_served(ledger: Ledger, batch: Batch, settings: Settings) -> None:
    """The settings know the portals where the batch's filings are, in their environment.

    Raises:
        UserError: they do not: nothing would ever be done.
    """
    served = {portal_key(name, portal.environment) for name, portal in settings.portals.items()}
    for key in sorted(ledger.progress.of(batch.id).portals.keys() - served):
        name, _, environment = key.partition("@")
        option = f"请加 --base-url {name}={environment}" if environment else "请去掉 --base-url"
        raise UserError(f"批次 {batch.id} 的办件属于 {key}，{option}")
