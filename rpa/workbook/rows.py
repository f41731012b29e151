"""Changing some cells of one row in a sheet's XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rpa.workbook.sheetxml import RowSpan, coordinate, tag_at
from rpa.workbook.splice import Splice, content
from rpa.workbook.styles import Look, Styles

_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_SPANS = re.compile(rb"\sspans\s*=\s*(\"[^\"]*\"|'[^']*')")
_NAME = re.compile(rb"<[^\s/>]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens to one cell."""

    text: str | None = None
    """Its new text, never a formula; None keeps what is there."""
    look: Look = Look.SAME
    like: int = 0
    """The column of the same row whose format a cell takes; 0: its own or none."""
    note: str = ""
    link: str = ""
    """A path relative to the copy, or an address; ``#…`` names a place in it."""


class RowEditor:
    """Turns edits of one row into splices of the sheet's XML."""

    def __init__(self, xml: bytes, prefix: str, row: int, span: RowSpan, styles: Styles) -> None:
        self._xml = xml
        self._prefix = prefix
        self._row = row
        self._span = span
        self._styles = styles
        self._index = {column: index for index, column in enumerate(span.columns)}
        self._tag = tag_at(xml, span.start)
        self._closing = xml.rfind(b"</", span.start, span.end)

    def splices(self, edits: Mapping[int, Edit]) -> list[Splice]:
        """What to change; ``spans`` goes, an optional hint that new cells would make wrong."""
        start, tag = self._span.start, _SPANS.sub(b"", self._tag)
        ordered = sorted(edits.items())
        if self._tag.endswith(b"/>"):
            cells = b"".join(self._new(column, edit) for column, edit in ordered)
            closing = f"</{self._prefix}row>".encode()
            return [(start, self._span.end, tag[:-2] + b">" + cells + closing)]
        return [(start, start + len(self._tag), tag), *(self._splice(*pair) for pair in ordered)]

    def _splice(self, column: int, edit: Edit) -> Splice:
        index = self._index.get(column)
        if index is None:
            place = self._following(column)
            return (place, place, self._new(column, edit))
        start = self._span.starts[index]
        if edit.text is not None:
            return (start, self._start_of(index + 1), self._new(column, edit))
        tag = self._tag_at(index)
        return (start, start + len(tag), self._restyled(tag, self._style(column, edit)))

    def _following(self, column: int) -> int:
        """The byte where a new cell of that column belongs: cells stand in the order of columns."""
        later = (index for index, other in enumerate(self._span.columns) if other > column)
        return self._start_of(next(later, len(self._span.starts)))

    def _start_of(self, index: int) -> int:
        return self._span.starts[index] if index < len(self._span.starts) else self._closing

    def _tag_at(self, index: int) -> bytes:
        return tag_at(self._xml, self._span.starts[index])

    def _style(self, column: int, edit: Edit) -> int:
        index = self._index.get(edit.like, self._index.get(column))
        match = _STYLE.search(self._tag_at(index)) if index is not None else None
        return self._styles.styled(int(match.group(1)) if match else 0, edit.look)

    def _restyled(self, tag: bytes, style: int) -> bytes:
        plain = _STYLE.sub(b"", tag)
        return _NAME.sub(lambda name: name.group() + f' s="{style}"'.encode(), plain, count=1)

    def _new(self, column: int, edit: Edit) -> bytes:
        p, place = self._prefix, f'r="{coordinate(self._row, column)}" s="{self._style(column, edit)}"'
        if not edit.text:
            return f"<{p}c {place}/>".encode()
        text = f'<{p}is><{p}t xml:space="preserve">{content(edit.text)}</{p}t></{p}is>'
        return f'<{p}c {place} t="inlineStr">{text}</{p}c>'.encode()
