"""``rpa retry``: work again on a batch's rows with certain verdicts."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.options import add_batch, add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.filing import Verdict


def configure(parser: Parser) -> None:
    """Which batch and which verdicts, where its workbook is now, and how to work; JSON."""
    add_batch(parser)
    parser.add_argument(
        "--verdict",
        metavar="VERDICT",
        action="append",
        required=True,
        help="重办结论是什么的户，如 平台不可用（或 UNAVAILABLE）；可重复",
    )
    add_moved_workbook(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Rows that were perhaps submitted are looked up, never submitted again."""
    from rpa.cli.shared.batch_report import report
    from rpa.cli.shared.rework import report_left_to_worker, rework
    from rpa.cli.shared.run_batch import conclude
    from rpa.engine.operations.control import plan_retry
    from rpa.filing import Verdict
    from rpa.ledger.data.tasks import Work

    verdicts = [_verdict(text) for text in arguments.verdict]
    if Verdict.UNCONFIRMED in verdicts:
        output.note("待核实的只到平台查询，不会再次提交。")
    named = "、".join(verdict.chinese for verdict in verdicts)
    reworked = rework(
        arguments,
        lambda ledger, batch, who: plan_retry(ledger, batch, verdicts, who),
        work=Work.FILE,
        nothing=f"批次中没有结论是{named}的户。",
    )
    if reworked.run is None:
        return report_left_to_worker(reworked, kind="retry", as_json=arguments.json)
    return conclude(reworked.run, report(reworked.run.result, as_json=arguments.json))


def _verdict(text: str) -> Verdict:
    """A verdict by its Chinese or English name.

    Raises:
        UserError: there is none of this name, or its filings are done.
    """
    from rpa.engine.operations.control import check_retry
    from rpa.errors import UserError
    from rpa.filing import Verdict

    names = {name: verdict for verdict in Verdict for name in (verdict.value, verdict.chinese)}
    verdict = names.get(text) or names.get(text.upper())
    if verdict is None:
        known = "、".join(one.chinese for one in Verdict if not one.final)
        raise UserError(f"没有“{text}”这个办理结论。可以重办的：{known}")
    check_retry([verdict])
    return verdict
