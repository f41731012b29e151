"""What commands that work on a batch show: the progress, the table of verdicts, the JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.filing import Verdict

if TYPE_CHECKING:
    from rpa.engine.batch.data import BatchResult, ProgressUpdate
    from rpa.filing import EndedRow

WELL = frozenset({Verdict.SUBMITTED, Verdict.ALREADY_FILED, Verdict.REHEARSED})
"""Verdicts after which nobody has to do anything."""


def show_progress(update: ProgressUpdate) -> None:
    """Print one line on standard error for each step and each ending."""
    if not update.row:
        output.note(update.step)
        return
    count = f"[{update.done}/{update.total}] " if update.total else ""
    where = f"{count}{update.employer or f'第 {update.row} 行'}"
    if update.outcome is None:
        output.note(f"{where}：{update.step}")
    else:
        output.note(f"{where}：【{update.outcome.verdict.chinese}】{update.outcome.explanation}")


def report(result: BatchResult, *, as_json: bool) -> int:
    """Print how the batch stands; returns the exit code."""
    if as_json:
        output.document("batch", batch_document(result))
    else:
        _print_table(result)
        print_summary(result)
    well = not result.unfinished and all(entry.verdict in WELL for entry in result.entries)
    return ExitCode.OK if well else ExitCode.FINDINGS


def print_summary(result: BatchResult) -> None:
    """Print how many filings ended how, the notes, and where the results are."""
    counts = "，".join(f"{verdict.chinese} {number}" for verdict, number in result.counts.items())
    if result.unfinished:
        counts = "，".join(filter(None, (counts, f"未办 {result.unfinished}")))
    output.say(f"\n批次 {result.batch_id}：共 {len(result.entries) + result.unfinished} 户（{counts}）")
    for line in result.notes:
        output.say(line)
    output.say(f"结果工作簿：{result.results}")
    output.say(f"办理证据：  {result.report}")


def batch_document(result: BatchResult) -> dict[str, object]:
    """How a batch stands, as commands with ``--json`` print it; times in ISO 8601."""
    return {
        "batch": result.batch_id,
        "name": result.name,
        "counts": {verdict.value: number for verdict, number in result.counts.items()},
        "unfinished": result.unfinished,
        "notes": list(result.notes),
        "filings": [_filing(entry) for entry in result.entries],
        "results": str(result.results),
        "evidence": str(result.evidence),
        "report": str(result.report),
    }


def _print_table(result: BatchResult) -> None:
    rows = [
        (
            str(entry.row),
            entry.employer,
            entry.verdict.chinese,
            entry.record.serial if entry.record else "",
        )
        for entry in result.entries
    ]
    output.say(output.table(("行", "单位", "办理结论", "受理流水号"), rows))
    for entry in result.entries:
        if entry.verdict not in WELL:
            output.say(
                f"\n第 {entry.row} 行 {entry.employer}【{entry.verdict.chinese}】{entry.outcome.explanation}"
            )
            output.say(f"  怎么办：{entry.outcome.next_step}")


def _filing(entry: EndedRow) -> dict[str, object]:
    outcome = entry.outcome
    return {
        "row": entry.row,
        "employer": entry.employer,
        "code": entry.code,
        "portal": entry.portal,
        "verdict": outcome.verdict.value,
        "verdict_chinese": outcome.verdict.chinese,
        "explanation": outcome.explanation,
        "advice": outcome.next_step,
        "receipt": asdict(outcome.record) if outcome.record else None,
        "submitted_at": outcome.submitted_at.isoformat() if outcome.submitted_at else None,
        "attempts": entry.attempts,
    }
