"""``rpa cancel``: call off what is not done of a batch, or at a portal."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_target
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.engine.operations.control import CancelResult
    from rpa.engine.operations.target import Target


def configure(parser: Parser) -> None:
    """Which batch or portal, and whether to ask first; JSON."""
    add_target(parser)
    parser.add_argument("--yes", action="store_true", help="不再询问，直接取消")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Cancel what waits; what was perhaps submitted stays to be looked up."""
    from dataclasses import asdict

    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.operations.control import cancel
    from rpa.engine.operations.target import find_target
    from rpa.settings.settings import load_settings

    settings = load_settings()
    with open_ledger(settings) as ledger:
        target = find_target(ledger, settings, arguments.target)
        if not (arguments.yes or _confirmed(f"取消{target.shown}中未办的户")):
            output.note("没有取消。")
            return ExitCode.FINDINGS
        counts = cancel(ledger, target, settings.person)
    if arguments.json:
        output.document("cancel", {"target": target.key, **asdict(counts)})
    else:
        _print(target, counts)
    return ExitCode.OK


def _print(target: Target, counts: CancelResult) -> None:
    output.say(f"已取消{target.shown}中未办的 {counts.cancelled} 户。")
    if counts.running:
        what = "在提交之前停下；提交已经发出的，会核实到底" if target.batch else "会办完"
        output.say(f"正在办理的 {counts.running} 户{what}。")
    if counts.unconfirmed:
        output.say(f"提交可能已发出的 {counts.unconfirmed} 户仍是“待核实”，请用 rpa reconcile 核实。")


def _confirmed(what: str) -> bool:
    """Whether the person at the terminal agrees.

    Raises:
        UserError: there is nobody to ask.
    """
    from rpa.cli.shared.confirm import ask_at_terminal

    question = f"{what}？已提交的不受影响。确认请输入 y：\n"
    return ask_at_terminal(question, no_terminal=f"{what}需要确认：请加 --yes") in ("y", "yes", "是")
