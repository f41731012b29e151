"""``rpa resume``: end the pause of a batch, or of a portal."""

from __future__ import annotations

from argparse import Namespace

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_target
from rpa.cli.shared.parser import Parser


def configure(parser: Parser) -> None:
    """Which batch or portal; JSON."""
    add_target(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Whoever works goes on with it; says so when nobody does."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.operations.control import resume
    from rpa.engine.operations.target import find_target
    from rpa.settings.settings import load_settings

    settings = load_settings()
    with open_ledger(settings) as ledger:
        target = find_target(ledger, settings, arguments.target)
        changed = resume(ledger, target, settings.person)
        workers = len(ledger.workers.alive(settings.engine.dead_seconds))
    if arguments.json:
        output.document("resume", {"target": target.key, "changed": changed, "workers": workers})
        return ExitCode.OK
    output.say(f"已恢复{target.shown}。" if changed else f"{target.shown}没有暂停。")
    if not workers:
        output.note("没有办理程序在运行，开始办理：rpa worker")
    return ExitCode.OK
