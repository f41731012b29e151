"""The copy of the workbook that says how every filing ended."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from rpa.filing import CHINA, EndedRow
from rpa.workbook.atomic import write_file
from rpa.workbook.columns import BY_KEY, RESULT_COLUMNS
from rpa.workbook.overlay import Overlay
from rpa.workbook.reader import Sheet
from rpa.workbook.rows import Edit
from rpa.workbook.styles import Look
from rpa.workbook.without_passwords import without_passwords

_SHARE = 10
"""Writing takes at most one part in so many of the time."""


def result_texts(row: EndedRow) -> dict[str, str]:
    """Result column → what it says of a row; ``picture`` alone is the caller's."""
    outcome, record = row.outcome, row.record
    at = outcome.submitted_at
    return {
        "verdict": outcome.verdict.chinese,
        "explanation": f"{outcome.explanation}。{outcome.next_step}".replace("。。", "。"),
        "record_serial": record.serial if record else "",
        "status": record.status if record else "",
        "submitted_at": at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S") if at else "",
        "attempts": str(row.attempts),
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """What the result columns say about one row."""

    texts: dict[str, str]
    look: Look
    picture: str


class ResultBook:
    """``批次名_结果_时间.xlsx``: a copy of the workbook with result columns, rewritten as filings end.

    Safe to use from several threads; :meth:`write` belongs in a thread of its own.

    Args:
        sheet: the sheet that the batch was read from; its file is never touched.
        batch_name: stands in the file's name.
        folder: where the copy goes.
        started: when the run began (aware); stands in the file's name.
        rewrite_seconds: the file is written not more often than this, unless forced.
    """

    def __init__(
        self, sheet: Sheet, batch_name: str, folder: Path, *, started: datetime, rewrite_seconds: float = 5.0
    ) -> None:
        safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", batch_name).strip(" .")[:80] or "批次"
        stamp = started.astimezone(CHINA).strftime("%Y%m%d-%H%M%S")
        suffix = sheet.path.suffix.lower() if sheet.path.suffix.lower() == ".xlsm" else ".xlsx"
        self.path = folder / f"{safe}_结果_{stamp}{suffix}"
        """Where the copy is; another name once this one was held open."""
        self.moved = False
        """Whether another name had to be chosen, since the copy was open in Excel."""
        self._sheet = sheet
        self._overlay = Overlay(sheet)
        self._columns = _result_columns(sheet)
        self._rewrite_seconds = rewrite_seconds
        self._rows: dict[int, _Line] = {}
        self._changed = True
        self._due = 0.0
        self._data_lock = threading.Lock()
        self._file_lock = threading.Lock()

    def update(self, row: EndedRow, *, picture: str = "") -> None:
        """Set what one row's result columns say; it is in the file after the next :meth:`write`.

        Args:
            row: which has ended.
            picture: the employer's page in the report: a path relative to the copy, or an address.
        """
        texts = result_texts(row) | {"picture": "查看" if picture else ""}
        look = Look[row.verdict.cell.upper()]
        with self._data_lock:
            self._rows[row.row] = _Line(texts, look, picture)
            self._changed = True

    def write(self, *, force: bool = False) -> Path | None:
        """Write the copy if something changed and it is time, or if ``force``.

        Returns:
            Where it was written, or None if it was not time yet or nothing changed.

        Raises:
            UserError: the folder cannot be written to.
        """
        with self._file_lock:
            rows = self._take(force=force)
            if rows is None:
                return None
            began = time.monotonic()
            data = self._overlay.copy(self._edits(rows), self._widths())
            written = write_file(self.path, data)
            self.moved = self.moved or written != self.path
            self.path = written
            done = time.monotonic()
            self._due = done + max(self._rewrite_seconds, _SHARE * (done - began))
            return written

    def for_evidence(self, report: str) -> bytes | None:
        """The copy as it stands in the evidence, without columns of passwords.

        Args:
            report: the report as seen from there.

        Returns:
            None where passwords stand in a workbook that is locked: they cannot be taken out.
        """
        if self._sheet.passwords and self._sheet.package.password:
            return None
        with self._data_lock:
            rows = dict(self._rows)
        for number, row in rows.items():
            if row.picture:
                rows[number] = replace(row, picture=f"{report}#{row.picture.partition('#')[2]}")
        data = self._overlay.copy(self._edits(rows), self._widths())
        return without_passwords(data, self._sheet) if self._sheet.passwords else data

    def _take(self, *, force: bool) -> dict[int, _Line] | None:
        with self._data_lock:
            if not force and (not self._changed or time.monotonic() < self._due):
                return None
            self._changed = False
            return dict(self._rows)

    def _edits(self, rows: dict[int, _Line]) -> dict[tuple[int, int], Edit]:
        like = max(self._sheet.columns.values())
        edits = {
            (self._sheet.header_row, self._columns[column.key]): Edit(text=column.header, like=like)
            for column in RESULT_COLUMNS
            if column.key not in self._sheet.columns
        }
        like = self._sheet.columns["name"]
        for number, row in rows.items():
            for key, text in row.texts.items():
                edits[number, self._columns[key]] = _edit(key, text, row, like)
        return edits

    def _widths(self) -> dict[int, int]:
        return {number: BY_KEY[key].width for key, number in self._columns.items()}


def _edit(key: str, text: str, row: _Line, like: int) -> Edit:
    look, link = Look.TEXT, ""
    if key == "verdict":
        look = row.look
    elif key == "picture" and row.picture:
        look, link = Look.LINK, row.picture
    return Edit(text=text, look=look, like=like, link=link)


def _result_columns(sheet: Sheet) -> dict[str, int]:
    """Result column → its number: where the sheet has it already, else behind the last column."""
    free = count(sheet.last_column + 1)
    keys = (column.key for column in RESULT_COLUMNS)
    return {key: sheet.columns[key] if key in sheet.columns else next(free) for key in keys}
