"""``rpa run``: file for every row of a workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rpa.cli.shared.options import add_how_far, add_work_options, work_settings
from rpa.cli.shared.parser import Parser


def configure(parser: Parser) -> None:
    """Which workbook, how far its filings go, and how to work; JSON."""
    parser.add_argument("workbook", metavar="WORKBOOK.xlsx", type=Path, help="填好并检查过的工作簿")
    add_how_far(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Enter the workbook and work on it, with progress on standard error; an interruption loses nothing."""
    from rpa.cli.shared.batch_report import report
    from rpa.cli.shared.run_batch import conclude, run_workbook
    from rpa.engine.batch.data import RunOptions

    options = RunOptions(until=arguments.until, approve=arguments.approve)
    batch_run = run_workbook(arguments.workbook, work_settings(arguments), arguments, options)
    return conclude(batch_run, report(batch_run.result, as_json=arguments.json))
