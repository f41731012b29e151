"""``rpa track``: read again how the portal handles what was submitted."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, NamedTuple

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_moved_workbook, add_work_options
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.rework import Again
    from rpa.filing import Record


class Change(NamedTuple):
    """A row whose status at the portal is another one than last time."""

    row: int
    employer: str
    before: str
    after: str


def configure(parser: Parser) -> None:
    """Its arguments."""
    parser.add_argument("batch", metavar="BATCH", help="批次编号，见 rpa status")
    add_moved_workbook(parser)
    add_work_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """The new statuses go into a new result copy; what changed since last time is listed."""
    from rpa.cli.shared.batch_report import document_of, print_places
    from rpa.cli.shared.rework import leave_to_worker, work_again
    from rpa.cli.shared.run_batch import ended
    from rpa.engine.operations.control import plan_track
    from rpa.ledger.records.tasks import Work

    done = work_again(arguments, plan_track, work=Work.TRACK, nothing="批次中还没有已提交的户。")
    if done.result is None or done.interruptions is None:
        return leave_to_worker(done, kind="track", as_json=arguments.json)
    changes = _changes(done)
    if arguments.json:
        listed = [change._asdict() for change in changes]
        output.document("track", {**document_of(done.result), "tracked": done.planned, "changes": listed})
    else:
        _print(done, changes)
        print_places(done.result)
    return ended(
        ExitCode.FINDINGS if done.result.unfinished else ExitCode.OK, done.interruptions, done.result
    )


def _print(done: Again, changes: list[Change]) -> None:
    if changes:
        rows = [(str(one.row), one.employer, one.before, one.after) for one in changes]
        output.say(output.table(("行", "单位", "上次状态", "现在状态"), rows))
    output.say(f"已跟踪 {done.planned} 户，状态有变化的 {len(changes)} 户。")


def _changes(done: Again) -> list[Change]:
    assert done.result is not None
    changes = []
    for entry in done.result.entries:
        state = done.before.get(entry.row)
        if state is None or not entry.verdict.final:
            continue
        before = _status(state.outcome.record if state.outcome else None)
        after = _status(entry.record)
        if before != after:
            changes.append(Change(entry.row, entry.employer, before, after))
    return changes


def _status(record: Record | None) -> str:
    """受理状态/办理状态 as the result workbook shows them."""
    return "/".join(filter(None, (record.acceptance, record.handling))) if record else ""
