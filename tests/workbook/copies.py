"""The copies that are written, and what their tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from rpa.filing import EndedRow, Outcome, Record, Verdict
from rpa.workbook.reader import Sheet
from rpa.workbook.results import ResultBook

STARTED = datetime(2024, 7, 1, 1, 2, 3, tzinfo=UTC)
PICTURE = "证据/示例 单位/index.html#e1"
SUBMITTED = Outcome(
    Verdict.SUBMITTED,
    "已在办理进度查询中找到",
    record=Record("稳岗返还申请", "示例", acceptance="受理", handling="待办理", serial="410000202407010001"),
    submitted_at=STARTED,
)


def ended(row: int, outcome: Outcome = SUBMITTED, *, attempts: int = 1) -> EndedRow:
    return EndedRow(row, "示例 单位", "", "河南", outcome, attempts)


def first_sheet(path: Path) -> Any:
    return load_workbook(path).worksheets[0]


def result_book(sheet: Sheet, folder: Path) -> ResultBook:
    return ResultBook(sheet, "七月/批次", folder, started=STARTED)
