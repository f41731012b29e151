"""The copies that are written, and what their tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from rpa.filing import Verdict
from rpa.workbook.reader import Sheet
from rpa.workbook.results import ResultBook, ResultRow

STARTED = datetime(2024, 7, 1, 1, 2, 3, tzinfo=UTC)
SUBMITTED = ResultRow(
    Verdict.SUBMITTED,
    "已在办理进度查询中找到。无需处理",
    serial="410000202407010001",
    status="受理/待办理",
    submitted_at=STARTED,
    picture="证据/示例 单位/index.html#e1",
    attempts=1,
)


def first_sheet(path: Path) -> Any:
    return load_workbook(path).worksheets[0]


def result_book(sheet: Sheet, folder: Path) -> ResultBook:
    return ResultBook(sheet, "七月/批次", folder, started=STARTED)
