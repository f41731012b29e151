"""Employers from a JSON file, or from the very workbook that a batch files."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_portal.records import Employer, EmployerState

HEADERS = {
    "name": ("单位名称", "企业名称"),
    "code": ("统一社会信用代码", "信用代码"),
    "unit_number": ("单位编号", "单位编号/单位管理码", "单位管理码"),
    "area": ("地市/统筹区", "地市", "统筹区"),
}
"""Field of an employer → the headers that mean it."""
_HEADER_ROWS = 5
"""The header stands within this many rows: the first ones may be titles."""


def load(path: Path) -> tuple[Employer, ...]:
    """The employers of a ``.json`` file (a list of objects) or of a workbook's rows.

    Raises:
        ValueError: the file holds no employers that can be read.
        OSError: it cannot be opened.
    """
    if path.suffix.lower() == ".json":
        return tuple(employer_from(each) for each in json.loads(path.read_text(encoding="utf-8-sig")))
    return _from_workbook(path)


def employer_from(fields: Mapping[str, Any]) -> Employer:
    """An employer from its fields as JSON has them; only ``name`` and ``code`` are needed.

    Raises:
        ValueError: a field is missing or unknown.
    """
    values = {key: value for key, value in fields.items() if value not in (None, "")}
    if "state" in values:
        values["state"] = EmployerState(values["state"])
    if "filed_at" in values:
        values["filed_at"] = datetime.fromisoformat(values["filed_at"])
    try:
        values["code"] = _folded(values["code"]).upper()
        values.setdefault("unit_number", unit_number(values["code"]))
        return Employer(**values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not an employer ({error}): {dict(fields)}") from error


def unit_number(code: str) -> str:
    """A 单位编号 for an employer whose row has none: 12 digits, starting with 41."""
    return f"41{zlib.crc32(code.encode()):010d}"


def _from_workbook(path: Path) -> tuple[Employer, ...]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and only workbooks need it

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = list(sheet.iter_rows(values_only=True))
            for index, row in enumerate(rows[:_HEADER_ROWS]):
                columns = _columns(row)
                if {"name", "code"} <= columns.keys():
                    return tuple(_from_rows(rows[index + 1 :], columns))
    finally:
        book.close()
    raise ValueError(f"no sheet of {path} has the columns 单位名称 and 统一社会信用代码")


def _columns(row: Sequence[Any]) -> dict[str, int]:
    """Field → column for a row of headers."""
    found: dict[str, int] = {}
    for column, cell in enumerate(row):
        text = _folded(cell).strip("*:：")
        for name, headers in HEADERS.items():
            if text in headers:
                found.setdefault(name, column)
    return found


def _from_rows(rows: Iterable[Sequence[Any]], columns: Mapping[str, int]) -> Iterable[Employer]:
    for row in rows:
        fields = {name: _as_text(row[column]) for name, column in columns.items() if column < len(row)}
        if fields.get("name") and fields.get("code"):
            yield employer_from(fields)


def _as_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _folded(cell: Any) -> str:
    """Text with full-width letters and digits made plain, and without any space."""
    text = unicodedata.normalize("NFKC", _as_text(cell))
    return "".join(character for character in text if not character.isspace() and character.isprintable())
