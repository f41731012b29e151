"""``rpa results``: write a batch's result workbook and report from the ledger, without working."""

from __future__ import annotations

from argparse import Namespace

from rpa.cli.shared.options import add_batch, add_moved_workbook
from rpa.cli.shared.parser import Parser


def configure(parser: Parser) -> None:
    """Which batch, and where its workbook is now; JSON."""
    add_batch(parser)
    add_moved_workbook(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """For batches that other machines worked on, and for another copy at any time."""
    import asyncio

    from rpa.cli.shared.batch_report import report
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.cli.shared.password import password_prompt
    from rpa.cli.shared.rework import check_workbook_unchanged, find_workbook
    from rpa.engine.batch.data import RunOptions
    from rpa.engine.batch.follower import write_results
    from rpa.engine.batch.intake import read
    from rpa.engine.operations.target import find_batch
    from rpa.privacy.logs import configure_logging
    from rpa.settings.settings import load_settings

    configure_logging(level="WARNING")
    settings = load_settings()
    with open_ledger(settings) as ledger:
        batch = find_batch(ledger.batches, arguments.batch)
        workbook = find_workbook(batch, arguments.workbook)
        intake = read(workbook, settings, RunOptions(password=password_prompt(workbook)))
        check_workbook_unchanged(intake.sha256, batch)
        result = asyncio.run(write_results(batch, intake, settings, ledger))
    return report(result, as_json=arguments.json)
