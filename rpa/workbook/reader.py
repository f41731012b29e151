"""From an Excel file to rows: which sheet, which header row, which column is which.

python-calamine reads the values (twelve times faster than openpyxl); one pass of our own over the
XML (:mod:`rpa.workbook.sheetxml`) tells hidden rows and formulas that were never calculated.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Literal

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rpa.errors import UserError
from rpa.settings.settings import WorkbookSettings
from rpa.workbook.cells import Value, shown, text_of
from rpa.workbook.columns import (
    BY_KEY,
    EXAMPLE_SHEET,
    FILL_SHEET,
    GUIDE_SHEET,
    INPUT_KEYS,
    header_key,
    header_names,
    names_password,
)
from rpa.workbook.package import Package, open_package
from rpa.workbook.sheetxml import DAMAGED, SheetScan, coordinate, scan

HEADER_ROWS = 10
"""How far down the header is looked for: titles may stand above it."""
_MOST_CELLS = 12_000_000
"""The values are kept as one block up to the last cell that holds something."""
_IDENTIFYING = ("name", "code")

Trouble = Literal["", "uncached", "error"]


@dataclass(slots=True)
class Cell:
    """One cell of a row; made by the hundred thousand, hence not frozen."""

    row: int
    column: int
    value: Value = field(repr=False)
    """As stored; of a formula its stored result; an empty text if there is nothing."""
    text: str = field(repr=False)
    """The value as a person reads it."""
    trouble: Trouble = ""
    """``uncached``: a formula without a stored result; ``error``: an Excel error such as #N/A."""

    @property
    def coordinate(self) -> str:
        """As Excel shows it, e.g. ``E7``."""
        return coordinate(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something in it."""

    number: int
    """1-based, as Excel shows it."""
    values: tuple[Value, ...] = field(repr=False)
    hidden: bool
    columns: Mapping[str, int] = field(repr=False)
    """Column key → 1-based column number; the sheet's own."""
    troubles: Mapping[int, Trouble] = field(default_factory=dict)

    def cell(self, key: str) -> Cell:
        """The cell of a column.

        Raises:
            KeyError: the sheet has no such column.
        """
        column = self.columns[key]
        value = self.values[column - 1] if column <= len(self.values) else ""
        return Cell(self.number, column, value, text_of(value), self.troubles.get(column, ""))

    def text(self, key: str) -> str:
        """A column's value as a person reads it; empty if the sheet has no such column."""
        return self.cell(key).text if key in self.columns else ""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all its cells as read."""
        cells = [shown(value) for value in self.values]
        return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that holds the batch."""

    package: Package
    part: str
    """The path of its XML inside the package."""
    scan: SheetScan = field(repr=False)
    name: str
    header_row: int
    columns: Mapping[str, int]
    """Column key → 1-based column number."""
    headers: Mapping[str, str]
    """Column key → the header as the agency wrote it."""
    rows: tuple[Row, ...]
    last_column: int
    """The last column with a header or a value."""
    doubled: tuple[tuple[int, str], ...] = ()
    """(column number, header) of columns that mean the same as another one and are not read."""
    passwords: tuple[tuple[int, str], ...] = ()
    """(column number, header) of columns that say they hold passwords; nothing in them is read."""
    others: tuple[str, ...] = ()
    """Other visible sheets that also hold rows; they are not read."""

    @property
    def path(self) -> Path:
        """The workbook's file."""
        return self.package.path


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[str, int]
    headers: dict[str, str]
    doubled: tuple[tuple[int, str], ...]
    passwords: tuple[tuple[int, str], ...]


def read_sheet(path: Path, *, settings: WorkbookSettings, password: Callable[[], str] | None = None) -> Sheet:
    """Read the sheet that holds the batch.

    Args:
        path: the workbook.
        settings: the agency's own header aliases.
        password: asks a person for the password of an encrypted workbook; called only then.

    Raises:
        UserError: the file cannot be read, or no sheet has a recognisable header.
    """
    names = header_names(settings.aliases)
    package = open_package(path, password)
    parts = package.sheets()
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package.data)) as book:
            found = [
                sheet
                for title in _candidates(book)
                if title in parts and (sheet := _read(package, book, title, parts[title], names))
            ]
    except CalamineError as error:
        raise UserError(DAMAGED) from error
    if not found:
        raise UserError(
            f"“{path.name}”前 {HEADER_ROWS} 行里找不到表头：至少要有“单位名称”和“统一社会信用代码”两列。"
            "可用 rpa template 生成空表对照，或在设置 workbook.aliases 中加上自己的列名"
        )
    chosen = next((sheet for sheet in found if sheet.rows), found[0])
    others = tuple(sheet.name for sheet in found if sheet is not chosen and sheet.rows)
    return replace(chosen, others=others)


def _candidates(book: CalamineWorkbook) -> list[str]:
    """Visible sheets, the template's own first, without its instructions and examples."""
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and sheet.visible == SheetVisibleEnum.Visible
        and sheet.name not in (GUIDE_SHEET, EXAMPLE_SHEET)
    ]
    return sorted(visible, key=lambda name: name != FILL_SHEET)


def _read(
    package: Package, book: CalamineWorkbook, title: str, part: str, names: Mapping[str, str]
) -> Sheet | None:
    """One sheet, or None if it has no recognisable header."""
    try:
        seen = scan(package.part(part))
    except KeyError as error:
        raise UserError(DAMAGED) from error
    if seen.last_row * seen.last_column > _MOST_CELLS:
        last = coordinate(seen.last_row, seen.last_column)
        raise UserError(f"工作表“{title}”的内容一直到 {last}，范围过大。请删除数据以外多余的行和列后再试")
    source = book.get_sheet_by_name(title)
    grid: list[list[Value]] = source.to_python(skip_empty_area=False)
    header = _find_header(grid, names)
    if header is None:
        return None
    rows = tuple(_rows(grid, header, seen))
    width = max((len(line) for line in grid), default=0)
    return Sheet(
        package,
        part,
        seen,
        title,
        header.row,
        header.columns,
        header.headers,
        rows,
        width,
        header.doubled,
        header.passwords,
    )


def _rows(grid: Sequence[list[Value]], header: _Header, seen: SheetScan) -> list[Row]:
    """Every row under the header that holds something, be it only a formula without a result."""
    troubles: dict[int, dict[int, Trouble]] = {}
    for row, column in seen.errors:
        troubles.setdefault(row, {})[column] = "error"
    for row, column in seen.uncached:
        troubles.setdefault(row, {})[column] = "uncached"
    results = {column for key, column in header.columns.items() if key not in INPUT_KEYS}
    secret = [column for column, _ in header.passwords]
    found = []
    for number in range(header.row + 1, max([len(grid), *troubles]) + 1):
        line = _without(secret, grid[number - 1]) if number <= len(grid) else []
        wrong = troubles.get(number, {})
        if _holds_something(line, wrong, results):
            span = seen.rows.get(number)
            hidden = span is not None and span.hidden
            found.append(Row(number, tuple(line), hidden, header.columns, wrong))
    return found


def _without(columns: Sequence[int], line: list[Value]) -> list[Value]:
    """A row with nothing in these columns."""
    if not columns:
        return line
    return ["" if column in columns else value for column, value in enumerate(line, 1)]


def _holds_something(line: Sequence[Value], wrong: Mapping[int, Trouble], results: set[int]) -> bool:
    """Whether a row has anything outside the result columns."""
    filled = (column for column, value in enumerate(line, 1) if value != "" and text_of(value))
    return any(column not in results for column in chain(wrong, filled))


def _find_header(grid: Sequence[list[Value]], names: Mapping[str, str]) -> _Header | None:
    """The row among the first ones that names most columns; a cell above fills in for a lower header row."""
    best: _Header | None = None
    for index in range(min(HEADER_ROWS, len(grid))):
        above = grid[index - 1] if index else []
        header = _header_at(index + 1, grid[index], above, names)
        if best is None or len(header.columns) > len(best.columns):
            best = header
    if best is None or not all(key in best.columns for key in _IDENTIFYING):
        return None
    return best


def _header_at(
    number: int, line: Sequence[Value], above: Sequence[Value], names: Mapping[str, str]
) -> _Header:
    columns: dict[str, int] = {}
    headers: dict[str, str] = {}
    doubled: list[tuple[int, str]] = []
    passwords: list[tuple[int, str]] = []
    for column in range(1, len(line) + 1):
        title = _title(column, line, above, names)
        if title is None:
            if names_password(text := _text_at(column, line) or _text_at(column, above)):
                passwords.append((column, text))
            continue
        key = names[header_key(title)]
        if key not in columns or _is_own(key, title) > _is_own(key, headers[key]):
            if key in columns:
                doubled.append((columns[key], headers[key]))
            columns[key], headers[key] = column, title
        else:
            doubled.append((column, title))
    return _Header(number, columns, headers, tuple(doubled), tuple(passwords))


def _title(
    column: int, line: Sequence[Value], above: Sequence[Value], names: Mapping[str, str]
) -> str | None:
    """A column's recognised header: in the row itself, else in the row above (cells merged downwards)."""
    texts = (_text_at(column, line), _text_at(column, above))
    return next((text for text in texts if text and header_key(text) in names), None)


def _text_at(column: int, line: Sequence[Value]) -> str:
    return text_of(line[column - 1]) if column <= len(line) else ""


def _is_own(key: str, title: str) -> bool:
    return header_key(title) == header_key(BY_KEY[key].header)
