"""``rpa pause``: start nothing more of a batch, or at a portal."""

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
    """Nothing more is started; what runs is finished."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.operations.control import pause
    from rpa.engine.operations.target import find_target
    from rpa.settings.settings import load_settings

    settings = load_settings()
    with open_ledger(settings) as ledger:
        target = find_target(ledger, settings, arguments.target)
        changed = pause(ledger, target, settings.person)
        running = target.running(ledger)
    if arguments.json:
        output.document("pause", {"target": target.key, "changed": changed, "running": running})
        return ExitCode.OK
    output.say(f"已暂停{target.shown}。" if changed else f"{target.shown}早已暂停。")
    if running:
        output.say(f"正在办理的 {running} 户会办完。")
    output.note(f"恢复：rpa resume {target.key}")
    return ExitCode.OK
