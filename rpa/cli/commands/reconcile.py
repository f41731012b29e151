"""``rpa reconcile``: look up again what was perhaps submitted."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_batch, add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.rework import ReworkResult
    from rpa.engine.batch.data import BatchResult
    from rpa.filing import EndedRow

_FOUND, _MISSING, _CLEARED = "已查到", "仍未查到", "确认未提交，已重新办理"
_NAMES = {_FOUND: "found", _MISSING: "missing", _CLEARED: "cleared"}


def configure(parser: Parser) -> None:
    """Which batch, where its workbook is now, and how to work; JSON."""
    add_batch(parser)
    add_moved_workbook(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Look on the portal's list; a person decides about what was missing long enough."""
    from rpa.cli.shared.rework import report_left_to_worker, rework
    from rpa.cli.shared.run_batch import conclude
    from rpa.engine.operations.control import plan_look_up
    from rpa.ledger.data.tasks import Work

    begun = datetime.now(UTC)
    reworked = rework(arguments, plan_look_up, work=Work.LOOK_UP, nothing="没有需要核实的户。")
    if reworked.run is None:
        return report_left_to_worker(reworked, kind="reconcile", as_json=arguments.json)
    result = reworked.run.result
    cleared = _cleared_since(reworked, begun)
    found = [(entry, _what(entry, cleared)) for entry in result.entries if _uncertain(reworked, entry.row)]
    _report(result, found, as_json=arguments.json)
    left = result.unfinished or any(what == _MISSING for _, what in found)
    return conclude(reworked.run, ExitCode.FINDINGS if left else ExitCode.OK)


def _uncertain(reworked: ReworkResult, row: int) -> bool:
    """Whether a row's filing was perhaps submitted and not proved when the command began."""
    state = reworked.before.get(row)
    return state is not None and state.intent_at is not None and not (state.verdict and state.verdict.final)


def _cleared_since(reworked: ReworkResult, begun: datetime) -> set[int]:
    """Rows of which a person declared meanwhile that nothing had arrived."""
    from rpa.cli.shared.open_ledger import open_ledger

    with open_ledger(reworked.settings) as ledger:
        return {
            row
            for row, state in reworked.before.items()
            if _uncertain(reworked, row)
            and any(one.cleared_at >= begun for one in ledger.intents.cleared(state.filing_id))
        }


def _what(entry: EndedRow, cleared: set[int]) -> str:
    if entry.row in cleared:
        return _CLEARED
    return _FOUND if entry.verdict.final else _MISSING


def _report(result: BatchResult, found: list[tuple[EndedRow, str]], *, as_json: bool) -> None:
    from rpa.cli.shared.batch_report import batch_document, print_summary

    if as_json:
        looked_up = [
            {
                "row": entry.row,
                "employer": entry.employer,
                "result": _NAMES[what],
                "verdict": entry.verdict.value,
                "explanation": entry.outcome.explanation,
            }
            for entry, what in found
        ]
        output.document("reconcile", {**batch_document(result), "looked_up": looked_up})
        return
    if found:
        rows = [
            (str(entry.row), entry.employer, what, entry.verdict.chinese, entry.outcome.explanation)
            for entry, what in found
        ]
        output.say(output.table(("行", "单位", "核实结果", "办理结论", "说明"), rows))
    counts = "，".join(f"{what} {sum(one == what for _, one in found)} 户" for what in _NAMES)
    output.say(f"\n核实 {len(found)} 户：{counts}")
    print_summary(result)
