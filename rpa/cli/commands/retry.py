"""``rpa retry``: work again on a batch's rows with certain verdicts."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.options import add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.filing import Verdict


def configure(parser: Parser) -> None:
    """Its arguments."""
    parser.add_argument("batch", metavar="BATCH", help="批次编号，见 rpa status")
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
    from rpa.cli.shared.rework import leave_to_worker, work_again
    from rpa.cli.shared.run_batch import ended
    from rpa.engine.operations.control import plan_retry
    from rpa.filing import Verdict
    from rpa.ledger.records.tasks import Work

    verdicts = [_verdict(text) for text in arguments.verdict]
    if Verdict.UNCONFIRMED in verdicts:
        output.note("待核实的只到平台查询，不会再次提交。")
    named = "、".join(verdict.chinese for verdict in verdicts)
    done = work_again(
        arguments,
        lambda ledger, batch, who: plan_retry(ledger, batch, verdicts, who),
        work=Work.FILE,
        nothing=f"批次中没有结论是{named}的户。",
    )
    if done.result is None or done.interruptions is None:
        return leave_to_worker(done, kind="retry", as_json=arguments.json)
    return ended(report(done.result, as_json=arguments.json), done.interruptions, done.result)


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
