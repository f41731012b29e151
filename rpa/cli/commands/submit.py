"""``rpa submit``: put a workbook's rows in the queue; a worker files them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_base_url, add_how_far, other_addresses
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.engine.batch.intake import Intake
    from rpa.ledger.data.batches import BatchProgress

_SHOWN = 20
"""Blocked rows printed at most; ``rpa check`` shows them all."""


def configure(parser: Parser) -> None:
    """Which workbook, how far its filings go, and at which addresses; JSON."""
    parser.add_argument("workbook", metavar="WORKBOOK.xlsx", type=Path, help="填好并检查过的工作簿")
    add_how_far(parser)
    add_base_url(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Check, enter and plan the rows; needs no browser, whatever works then files them."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.cli.shared.password import password_prompt
    from rpa.engine.batch.data import RunOptions
    from rpa.engine.batch.intake import enter, read
    from rpa.settings.settings import load_settings

    settings = load_settings(portals=other_addresses(arguments.base_url))
    options = RunOptions(
        until=arguments.until, approve=arguments.approve, password=password_prompt(arguments.workbook)
    )
    intake = read(arguments.workbook, settings, options)
    with open_ledger(settings) as ledger:
        batch = enter(intake, ledger, settings, options)
        progress = ledger.counts.of(batch.id)
        workers = len(ledger.workers.alive(settings.engine.dead_seconds))
    if arguments.json:
        output.document("submit", _document(intake, progress, workers))
    else:
        _print(intake, progress, workers)
    return ExitCode.FINDINGS if intake.preflight.blocked else ExitCode.OK


def _print(intake: Intake, progress: BatchProgress, workers: int) -> None:
    planned, done = _counts(intake, progress)
    blocked = intake.preflight.blocked
    output.say(f"批次 {progress.batch.id}：排队 {planned} 户，以前已办妥 {done} 户，需更正 {len(blocked)} 行")
    for one in blocked[:_SHOWN]:
        output.say(f"  第 {one.row} 行 {one.name}：{one.explanation}")
    if len(blocked) > _SHOWN:
        output.say(f"  ……其余 {len(blocked) - _SHOWN} 行见 rpa check")
    if not planned:
        output.note("没有要办的。")
    elif workers:
        output.note(f"正在运行的办理程序（{workers} 个）会办理；进度：rpa status {progress.batch.id}")
    else:
        output.note(f"开始办理：rpa worker    进度：rpa status {progress.batch.id}")


def _counts(intake: Intake, progress: BatchProgress) -> tuple[int, int]:
    """Rows queued or being worked on, and rows that were done before."""
    from rpa.ledger.data.tasks import TaskState

    planned = sum(number for state, number in progress.states.items() if state is not TaskState.DONE)
    return planned, len(intake.preflight.filings) - planned


def _document(intake: Intake, progress: BatchProgress, workers: int) -> dict[str, object]:
    planned, done = _counts(intake, progress)
    return {
        "batch": progress.batch.id,
        "name": progress.batch.name,
        "planned": planned,
        "done": done,
        "blocked": [
            {"row": one.row, "employer": one.name, "explanation": one.explanation, "advice": one.advice}
            for one in intake.preflight.blocked
        ],
        "workers": workers,
    }
