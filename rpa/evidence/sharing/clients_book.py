"""The results of a shared copy: a workbook of its own, never the agency's."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from rpa.evidence.recorder import told
from rpa.files import write_private
from rpa.filing import CHINA, RowStatus

_COLUMNS = {
    "表格行": 8,
    "单位名称": 34,
    "统一社会信用代码": 22,
    "平台": 8,
    "地市": 10,
    "事项": 12,
    "年度": 8,
    "办理结论": 12,
    "说明": 60,
    "受理流水号": 24,
    "受理/办理状态": 18,
    "提交时间": 20,
}
"""Header → width in characters."""
_LONGEST = 32_767
"""Characters that Excel takes in a cell."""


def write_results(path: Path, entries: Sequence[RowStatus]) -> None:
    """Write the results of some employers, in the workbook's order.

    Args:
        path: of the new workbook.
        entries: what is shown, masked already.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "办理结果"
    rows = [tuple(_COLUMNS), *(_row(one) for one in sorted(entries, key=lambda one: one.row))]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            _fill(sheet.cell(number, column), value)
    for number, width in enumerate(_COLUMNS.values(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(1, number).fill = PatternFill("solid", fgColor="E8EEF5")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    file = BytesIO()
    book.save(file)
    write_private(path, file.getvalue())


def _fill(cell: Cell | MergedCell, value: str | int | None) -> None:
    """Text stays text: what begins with ``=`` or ``+`` must not run in somebody's Excel."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True
    else:
        cell.value = value


def _row(entry: RowStatus) -> tuple[str | int | None, ...]:
    outcome, record, filing = entry.outcome, entry.record, entry.filing
    at = outcome.submitted_at if outcome else None
    return (
        entry.row,
        entry.employer,
        entry.code,
        entry.portal,
        filing.city if filing else "",
        filing.item if filing else "",
        filing.year if filing else None,
        entry.word,
        told(outcome) if outcome else "",
        record.serial if record else "",
        " / ".join(filter(None, (record.acceptance, record.handling))) if record else "",
        f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if at else "",
    )
