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
from rpa.cli.shared.run_batch import BatchRun, run_workbook
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import Intake
from rpa.engine.operations.control import check_not_paused
from rpa.engine.operations.target import find_batch
from rpa.engine.worker.worker_lock import WorkerBusyError
from rpa.errors import UserError
from rpa.evidence.files import sha256_of
from rpa.evidence.keeping.vault import check_not_encrypted
from rpa.filing import PortalKey
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import Work
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

Plan = Callable[[Ledger, Batch, str], int]
"""Plans tasks of a batch under a person's name; returns how many are now to do."""


@dataclass(frozen=True, slots=True)
class ReworkResult:
    """What was planned for a batch, and the run that did it."""

    settings: Settings
    batch: Batch
    planned: int
    before: Mapping[int, FilingState]
    """Row → how its filing stood when the command began."""
    run: BatchRun | None = None
    """None: the worker that already runs on this machine does it."""


def rework(arguments: Namespace, plan: Plan, *, work: Work, nothing: str) -> ReworkResult:
    """Plan something for a batch and work on it; where another worker is at work, only plan it.

    Args:
        arguments: of a command with a batch, ``add_moved_workbook`` and ``add_work_options``.
        plan: plans it.
        work: what is to be done; anything else that waits in the batch goes on waiting.
        nothing: printed when there is nothing to do.

    Raises:
        UserError: no such batch, it is paused, or its workbook is gone or was changed.
    """
    settings = work_settings(arguments)
    with open_ledger(settings) as ledger:
        batch = find_batch(ledger.batches, arguments.batch)
        workbook = find_workbook(batch, arguments.workbook)
        check_not_paused(batch)
        check_not_encrypted(settings.evidence_root, batch.id)
        _check_served(ledger, batch, settings)
        before = {state.row or 0: state for state in ledger.filings.states_of_batch(batch.id)}
    planned = 0

    def enter(intake: Intake, ledger: Ledger) -> Batch:
        nonlocal planned
        check_workbook_unchanged(intake.sha256, batch)
        planned = plan(ledger, batch, settings.person)
        return batch

    try:
        run = run_workbook(workbook, settings, arguments, RunOptions(work=work), enter)
    except WorkerBusyError:
        check_workbook_unchanged(sha256_of(workbook), batch)
        with open_ledger(settings) as ledger:
            return ReworkResult(settings, batch, plan(ledger, batch, settings.person), before)
    if not planned:
        output.note(nothing)
    return ReworkResult(settings, batch, planned, before, run)


def report_left_to_worker(reworked: ReworkResult, *, kind: str, as_json: bool) -> int:
    """Print that the worker that already runs does it; returns the exit code.

    Args:
        reworked: what was planned, without a run.
        kind: of the JSON document.
        as_json: prints that document in place of sentences.
    """
    if as_json:
        output.document(
            kind, {"batch": reworked.batch.id, "planned": reworked.planned, "left_to_worker": True}
        )
    else:
        output.say(f"批次 {reworked.batch.id}：已排队 {reworked.planned} 户。")
        output.note(
            "本机已有办理程序在运行，由它办理；如果它是只办另一个批次的 rpa run，等它结束后运行 rpa worker。"
            f"进度：rpa status {reworked.batch.id}"
        )
    return ExitCode.OK


def find_workbook(batch: Batch, moved: Path | None) -> Path:
    """The workbook of a batch.

    Args:
        batch: knows where the workbook was when it was entered.
        moved: where it is now, if a person said so.

    Raises:
        UserError: there is no file.
    """
    workbook = moved or batch.workbook
    if not workbook.is_file():
        raise UserError(f"没有找到批次 {batch.id} 的工作簿 {workbook}，请用 --workbook 指明它现在的位置")
    return workbook


def check_workbook_unchanged(sha256: str, batch: Batch) -> None:
    """See that a workbook is as it was entered.

    Args:
        sha256: of the workbook as it is now.
        batch: with that of the workbook as it was.

    Raises:
        UserError: they differ: its rows may be other employers now.
    """
    if sha256 != batch.workbook_sha256:
        raise UserError(f"批次 {batch.id} 的工作簿已改动，请用 rpa run 重新登记")


def _check_served(ledger: Ledger, batch: Batch, settings: Settings) -> None:
    """See that the settings know the portals of the batch's filings, in their environment.

    Raises:
        UserError: they do not, so nothing would ever be done.
    """
    for key in map(PortalKey, sorted(ledger.counts.of(batch.id).portals.keys() - settings.by_key.keys())):
        option = f"请加 --base-url {key.name}={key.environment}" if key.environment else "请去掉 --base-url"
        raise UserError(f"批次 {batch.id} 的办件属于 {key}，{option}")
