"""``rpa track``: read again how the portal handles what was submitted."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, NamedTuple

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_batch, add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser
from rpa.filing import Verdict

if TYPE_CHECKING:
    from rpa.cli.shared.rework import ReworkResult
    from rpa.engine.batch.data import BatchResult


class Change(NamedTuple):
    """A row whose status at the portal is another one than last time."""

    row: int
    employer: str
    before: str
    after: str


def configure(parser: Parser) -> None:
    """Which batch, where its workbook is now, and how to work; JSON."""
    add_batch(parser)
    add_moved_workbook(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """The new statuses go into a new result copy; what changed since last time is listed."""
    from rpa.cli.shared.batch_report import batch_document, print_summary
    from rpa.cli.shared.rework import report_left_to_worker, rework
    from rpa.cli.shared.run_batch import conclude
    from rpa.engine.operations.control import plan_track
    from rpa.ledger.data.tasks import Work

    reworked = rework(arguments, plan_track, work=Work.TRACK, nothing="批次中还没有已提交的户。")
    if reworked.run is None:
        return report_left_to_worker(reworked, kind="track", as_json=arguments.json)
    result = reworked.run.result
    changes = _changes(reworked, result)
    if arguments.json:
        listed = [change._asdict() for change in changes]
        output.document("track", {**batch_document(result), "tracked": reworked.planned, "changes": listed})
    else:
        _print(reworked.planned, changes)
        print_summary(result)
    return conclude(reworked.run, ExitCode.FINDINGS if result.unfinished else ExitCode.OK)


def _print(tracked: int, changes: list[Change]) -> None:
    if changes:
        rows = [(str(one.row), one.employer, one.before, one.after) for one in changes]
        output.say(output.table(("行", "单位", "上次状态", "现在状态"), rows))
    output.say(f"已跟踪 {tracked} 户，状态有变化的 {len(changes)} 户。")


def _changes(reworked: ReworkResult, result: BatchResult) -> list[Change]:
    changes = []
    for entry in result.entries:
        state = reworked.before.get(entry.row)
        if state is None or not (entry.verdict.final or entry.verdict is Verdict.RETURNED):
            continue
        last = state.outcome and state.outcome.record
        before, after = (record.status if record else "" for record in (last, entry.record))
        if before != after:
            changes.append(Change(entry.row, entry.employer, before, after))
    return changes
