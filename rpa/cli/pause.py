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
    from rpa.cli.home import prepare_home  # noqa: PLC0415 - its help needs none of it
    from rpa.cli.target import find_target, portal_name, running_at  # noqa: PLC0415
    from rpa.ledger.ledger import Ledger  # noqa: PLC0415
    from rpa.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    prepare_home(settings)
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        target = find_target(ledger, settings, arguments.target)
        if isinstance(target, str):
            changed = ledger.pause_portal(target, f"由{settings.person}暂停")
            name, shown, running = (
                target,
                f"平台“{portal_name(settings, target)}”",
                running_at(ledger, target),
            )
        else:
            changed = _pause_batch(ledger, target)
            name, shown = target.id, f"批次 {target.id}"
            running = ledger.running(target.id)
    if arguments.json:
        output.document("pause", {"target": name, "changed": changed, "running": running})
        return ExitCode.OK
    output.say(f"已暂停{shown}。" if changed else f"{shown}早已暂停。")
    if running:
        output.say(f"正在办理的 {running} 户会办完。")
    output.note(f"恢复：rpa resume {name}")
    return ExitCode.OK


def _pause_batch(ledger: Ledger, batch: Batch) -> bool:
    """Whether it was not paused before."""
    from rpa.errors import UserError  # noqa: PLC0415
    from rpa.ledger.records import BatchState  # noqa: PLC0415

    if batch.state is BatchState.CANCELLED:
        raise UserError(f"批次 {batch.id} 已取消，不用再暂停")
    ledger.set_batch_state(batch.id, BatchState.PAUSED)
    return batch.state is BatchState.ACTIVE
