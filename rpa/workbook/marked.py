"""A copy of the workbook with everything that was found marked in place, for the person who corrects it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from rpa.workbook.atomic import write_file
from rpa.workbook.finding import Finding
from rpa.workbook.overlay import Overlay
from rpa.workbook.reader import Sheet
from rpa.workbook.rows import Edit
from rpa.workbook.sheetxml import column_of
from rpa.workbook.styles import Look

_LOOKS = {"error": Look.ERROR, "warning": Look.WARNING}
_WORDS = {"error": "错误", "warning": "提醒"}


def write_marked(sheet: Sheet, out: Path, findings: Iterable[Finding]) -> Path:
    """Write a copy with the cells coloured (red: error, yellow: warning) and commented.

    The original stays untouched. A workbook with a password gives a copy with the same password.

    Args:
        sheet: the sheet that was checked.
        out: where the copy goes.
        findings: what was found.

    Returns:
        Where the copy is: ``out``, or another name beside it if that is held open or
        the workbook has macros.

    Raises:
        UserError: nothing can be written there.
    """
    cells: defaultdict[tuple[int, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        cells[finding.row, column_of(finding.cell)].append(finding)
    edits = {place: _edit(found) for place, found in cells.items()}
    if sheet.path.suffix.lower() == ".xlsm":  # Excel refuses macros under another suffix
        out = out.with_suffix(".xlsm")
    return write_file(out, Overlay(sheet).copy(edits))


def _edit(findings: list[Finding]) -> Edit:
    worst = min(findings, key=lambda finding: finding.severity)
    lines = [f"{_WORDS[one.severity]}：{one.message}。{one.advice}" for one in findings]
    return Edit(look=_LOOKS[worst.severity], note="\n".join(lines))
