"""``rpa reconcile``: look up again what was perhaps submitted."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.rework import Again
    from rpa.engine.batch.records import RowResult

_FOUND, _MISSING, _CLEARED = "已查到", "仍未查到", "确认未提交，已重新办理"
_NAMES = {_FOUND: "found", _MISSING: "missing", _CLEARED: "cleared"}


def configure(parser: Parser) -> None:
    """Its arguments."""
    parser.add_argument("batch", metavar="BATCH", help="批次编号，见 rpa status")
    add_moved_workbook(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Look on the portal's list; a person decides about what was missing long enough."""
    from rpa.cli.shared.rework import leave_to_worker, work_again
    from rpa.cli.shared.run_batch import ended
    from rpa.engine.operations.control import plan_look_up
    from rpa.ledger.records.tasks import Work

    begun = datetime.now(UTC)
    done = work_again(arguments, plan_look_up, work=Work.LOOK_UP, nothing="没有需要核实的户。")
    if done.result is None or done.interruptions is None:
        return leave_to_worker(done, kind="reconcile", as_json=arguments.json)
    cleared = _cleared_since(done, begun)
    found = [(entry, _what(entry, cleared)) for entry in done.result.entries if _uncertain(done, entry.row)]
    _report(done, found, as_json=arguments.json)
    left = done.result.unfinished or any(what == _MISSING for _, what in found)
    return ended(ExitCode.FINDINGS if left else ExitCode.OK, done.interruptions, done.result)


def _uncertain(done: Again, row: int) -> bool:
    """Whether a row's filing was perhaps submitted and not proved when the command began."""
    state = done.before.get(row)
    return state is not None and state.intent_at is not None and not (state.verdict and state.verdict.final)


def _cleared_since(done: Again, begun: datetime) -> set[int]:
    """Rows of which a person declared meanwhile that nothing had arrived."""
    from rpa.cli.shared.open_ledger import open_ledger

    with open_ledger(done.settings) as ledger:
        return {
            row
            for row, state in done.before.items()
            if _uncertain(done, row)
            and any(one.cleared_at >= begun for one in ledger.intents.cleared(state.filing_id))
        }


def _what(entry: RowResult, cleared: set[int]) -> str:
    if entry.row in cleared:
        return _CLEARED
    return _FOUND if entry.verdict.final else _MISSING


def _report(done: Again, found: list[tuple[RowResult, str]], *, as_json: bool) -> None:
    from rpa.cli.shared.batch_report import document_of, print_places

    assert done.result is not None
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
        output.document("reconcile", {**document_of(done.result), "looked_up": looked_up})
        return
    if found:
        rows = [
            (str(entry.row), entry.employer, what, entry.verdict.chinese, entry.outcome.explanation)
            for entry, what in found
        ]
        output.say(output.table(("行", "单位", "核实结果", "办理结论", "说明"), rows))
    counts = "，".join(f"{what} {sum(one == what for _, one in found)} 户" for what in _NAMES)
    output.say(f"\n核实 {len(found)} 户：{counts}")
    print_places(done.result)
