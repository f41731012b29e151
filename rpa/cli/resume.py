"""``rpa resume``: let a batch, or a portal, go on."""

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
    """Whoever works goes on with it; says so when nobody does."""
    from rpa.cli.ledger import open_ledger  # noqa: PLC0415 - its help needs none of it
    from rpa.cli.target import find_target  # noqa: PLC0415
    from rpa.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    with open_ledger(settings) as ledger:
        target = find_target(ledger, settings, arguments.target)
        changed = _resume_batch(ledger, target.batch) if target.batch else ledger.resume_portal(target.key)
        workers = sum(worker.alive for worker in ledger.workers(settings.engine.dead_seconds))
    if arguments.json:
        output.document("resume", {"target": target.key, "changed": changed, "workers": workers})
        return ExitCode.OK
    output.say(f"已恢复{target.shown}。" if changed else f"{target.shown}没有暂停。")
    if not workers:
        output.note("没有办理程序在运行，开始办理：rpa worker")
    return ExitCode.OK


def _resume_batch(ledger: Ledger, batch: Batch) -> bool:
    """Whether it was paused."""
    from rpa.errors import UserError  # noqa: PLC0415
    from rpa.ledger.records import BatchState  # noqa: PLC0415

    if batch.state is BatchState.CANCELLED:
        raise UserError(f"批次 {batch.id} 已取消，要办理请重新登记：rpa run {batch.workbook}")
    ledger.set_batch_state(batch.id, BatchState.ACTIVE)
    return batch.state is BatchState.PAUSED
