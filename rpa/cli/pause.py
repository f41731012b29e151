"""``rpa pause``: leave a batch, or a portal, standing."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli import output
from rpa.cli.exit_codes import ExitCode
from rpa.cli.parser import Parser

if TYPE_CHECKING:
    from rpa.ledger.ledger import Ledger
    from rpa.ledger.records import Batch


def configure(parser: Parser) -> None:
    """Its arguments."""
    parser.add_argument("target", metavar="BATCH|PORTAL", help="批次编号，或平台（河南、henan）")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Nothing more is started; what runs is finished."""
    from rpa.cli.ledger import open_ledger  # noqa: PLC0415 - its help needs none of it
    from rpa.cli.target import find_target  # noqa: PLC0415
    from rpa.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    with open_ledger(settings) as ledger:
        target = find_target(ledger, settings, arguments.target)
        if target.batch:
            changed = _pause_batch(ledger, target.batch)
        else:
            changed = ledger.pause_portal(target.key, f"由{settings.person}暂停")
        running = target.running(ledger)
    if arguments.json:
        output.document("pause", {"target": target.key, "changed": changed, "running": running})
        return ExitCode.OK
    output.say(f"已暂停{target.shown}。" if changed else f"{target.shown}早已暂停。")
    if running:
        output.say(f"正在办理的 {running} 户会办完。")
    output.note(f"恢复：rpa resume {target.key}")
    return ExitCode.OK


def _pause_batch(ledger: Ledger, batch: Batch) -> bool:
    """Whether it was not paused before."""
    from rpa.errors import UserError  # noqa: PLC0415
    from rpa.ledger.records import BatchState  # noqa: PLC0415

    if batch.state is BatchState.CANCELLED:
        raise UserError(f"批次 {batch.id} 已取消，不用再暂停")
    ledger.set_batch_state(batch.id, BatchState.PAUSED)
    return batch.state is BatchState.ACTIVE
