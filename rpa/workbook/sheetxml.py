"""One pass over a sheet's XML for what python-calamine does not tell.

Which rows are hidden, which formulas have no stored result, which cells hold an Excel error, how far
the content reaches, and at which byte every row stands (for :mod:`rpa.workbook.overlay`).
The tags keep whatever prefix the producer chose; a document type declaration is refused, so no
entity is ever expanded.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from rpa.errors import UserError

DAMAGED = "文件已损坏或不是有效的 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再试"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?\d")
_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")


@dataclass(frozen=True, slots=True)
class RowSpan:
    """Where a row's element stands in the sheet's bytes."""

    start: int
    end: int
    hidden: bool
    columns: array[int] = field(repr=False)
    """The columns of its cells, in the order they stand there."""
    starts: array[int] = field(repr=False)
    """The first byte of each of them."""


@dataclass(slots=True)
class SheetScan:
    """What one pass found; rows and columns are 1-based."""

    prefix: str
    """Prefix of the sheet's own elements, with its colon, or empty."""
    rows: dict[int, RowSpan] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    """Formulas without a stored result."""
    errors: set[tuple[int, int]] = field(default_factory=set)
    """Cells that hold an Excel error such as #N/A."""
    last_row: int = 0
    last_column: int = 0


def column_number(letters: str) -> int:
    """``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """27 → ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def coordinate(row: int, column: int) -> str:
    """(5, 27) → ``AA5``, both 1-based."""
    return f"{column_letters(column)}{row}"


def column_of(reference: str) -> int:
    """``AA5`` → 27; the reference of a cell as a sheet writes it.

    Raises:
        UserError: it is none, so the sheet is damaged.
    """
    match = _REFERENCE.match(reference)
    if not match:
        raise UserError(DAMAGED)
    return column_number(match.group(1))


def element_end(xml: bytes, start: int, closing: int) -> int:
    """The byte after an element, given its first byte and where expat saw its end.

    Raises:
        UserError: no tag begins there, so the sheet is damaged.
    """
    tag = tag_at(xml, start)
    return start + len(tag) if tag.endswith(b"/>") else xml.find(b">", closing) + 1


def tag_at(xml: bytes, start: int) -> bytes:
    """The opening tag that begins at a byte.

    Raises:
        UserError: none does, so the sheet is damaged.
    """
    found = TAG.match(xml, start)
    if found is None:
        raise UserError(DAMAGED)
    return found.group()


def safe_parser() -> expat.XMLParserType:
    """An expat parser that refuses document type declarations and texts other than UTF-8."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.XmlDeclHandler = _only_utf8
    return parser


def scan(xml: bytes) -> SheetScan:
    """Read a sheet's XML once.

    Raises:
        UserError: it is not well-formed, not UTF-8, or holds a document type declaration.
    """
    root = _ROOT.search(xml)
    if root is None:
        raise UserError(DAMAGED)
    scanner = _Scanner(xml, (root.group(1) or b"").decode())
    try:
        scanner.parser.Parse(xml, True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, ValueError) as error:
        raise UserError(DAMAGED) from error
    return scanner.result


class _Scanner:
    """The state of the pass. Every callback costs 50,000 rows dearly, so tags are looked up whole."""

    def __init__(self, xml: bytes, prefix: str) -> None:
        self.result = SheetScan(prefix)
        self.parser = safe_parser()
        self._xml = xml
        self._row = self._column = self._row_start = self._value_start = 0
        self._hidden = self._formula = self._content = self._typed = False
        self._columns, self._starts = array("I"), array("Q")
        opens = {
            prefix + "row": self._open_row,
            prefix + "c": self._open_cell,
            prefix + "f": self._open_formula,
            prefix + "v": self._open_value,
            prefix + "is": self._open_value,
        }
        closes = {
            prefix + "row": self._close_row,
            prefix + "c": self._close_cell,
            prefix + "v": self._close_value,
        }

        def opened(tag: str, attributes: dict[str, str]) -> None:
            if handler := opens.get(tag):
                handler(attributes)

        def closed(tag: str) -> None:
            if handler := closes.get(tag):
                handler()

        self.parser.StartElementHandler = opened
        self.parser.EndElementHandler = closed

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0
        self._columns, self._starts = array("I"), array("Q")
        self._row_start = self.parser.CurrentByteIndex
        self._hidden = attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0"

    def _close_row(self) -> None:
        end = element_end(self._xml, self._row_start, self.parser.CurrentByteIndex)
        self.result.rows[self._row] = RowSpan(self._row_start, end, self._hidden, self._columns, self._starts)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column = column_of(reference) if reference else self._column + 1
        self._columns.append(self._column)
        self._starts.append(self.parser.CurrentByteIndex)
        self._formula = self._content = False
        kind = attributes.get("t")
        self._typed = kind == "str"
        if kind == "e":
            self.result.errors.add((self._row, self._column))

    def _open_formula(self, _attributes: dict[str, str]) -> None:
        self._formula = True

    def _open_value(self, _attributes: dict[str, str]) -> None:
        self._content = True
        if self._formula:
            self._value_start = self.parser.CurrentByteIndex

    def _close_value(self) -> None:
        if self._formula:  # an empty element, <v/> or <v></v>, holds no result
            closing = self.parser.CurrentByteIndex
            opening = TAG.match(self._xml, self._value_start)
            self._content = opening is not None and closing > opening.end()

    def _close_cell(self) -> None:
        if self._content:
            self.result.last_row = max(self.result.last_row, self._row)
            self.result.last_column = max(self.result.last_column, self._column)
        elif self._formula and not self._typed:  # a typed one may well have the result ""
            self.result.uncached.add((self._row, self._column))


def _refuse(*_: Any) -> None:
    raise UserError("文件中含有不允许的声明（DOCTYPE），请用 Excel 打开后另存为 .xlsx 再试")


def _only_utf8(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UserError(DAMAGED)
