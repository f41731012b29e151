"""Further cell formats for a workbook's styles: an existing format with another fill, font or wrapping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from rpa.workbook.splice import Node, Splice, append, apply, locate, opening


@dataclass(frozen=True, slots=True)
class _Change:
    fill: str = ""
    """RGB, empty: keep."""
    link: bool = False
    wrapped: bool = False
    """Text format, wrapped, at the top."""


class Look(Enum):
    """What a cell of ours looks like."""

    SAME = _Change()
    ERROR = _Change(fill="FFC7CE")
    WARNING = _Change(fill="FFEB9C")
    TEXT = _Change(wrapped=True)
    LINK = _Change(wrapped=True, link=True)
    GOOD = _Change(fill="C6EFCE", wrapped=True)
    BAD = _Change(fill="FFC7CE", wrapped=True)
    WAITING = _Change(fill="FFEB9C", wrapped=True)


class Styles:
    """The formats of one workbook (``xl/styles.xml``). Call :meth:`styled`, then read :attr:`xml`."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        root = locate(xml, 2) if xml else None
        found = {name: root.child(name) if root else None for name in ("fonts", "fills", "cellXfs")}
        self._lists: dict[str, Node] = {name: node for name, node in found.items() if node}
        self._added: dict[str, list[bytes]] = {name: [] for name in found}
        self._formats: dict[tuple[int, Look], int] = {}
        self._parts: dict[tuple[str, bytes], int] = {}

    def styled(self, base: int, look: Look) -> int:
        """The number of the format ``base`` with a look put over it."""
        formats = self._lists.get("cellXfs")
        if look is Look.SAME or formats is None or base >= len(formats.children):
            return base
        if (base, look) not in self._formats:
            self._formats[base, look] = self._add(
                "cellXfs", self._changed(formats.children[base], look.value)
            )
        return self._formats[base, look]

    @property
    def xml(self) -> bytes:
        """The part with what was added."""
        splices: list[Splice] = []
        for name, node in self._lists.items():
            if added := self._added[name]:
                splices.append(append(self._xml, node, b"".join(added)))
                splices += self._recounted(node, len(node.children) + len(added))
        return apply(self._xml, splices)

    def _recounted(self, node: Node, count: int) -> list[Splice]:
        match = re.compile(rb"\scount=[\"'](\d+)").search(self._xml, node.start, node.opened)
        return [(*match.span(1), str(count).encode())] if match else []

    def _changed(self, base: Node, change: _Change) -> bytes:
        attributes = dict(base.attributes)
        inner = self._xml[base.opened : base.closing]
        if change.fill and "fills" in self._lists:
            attributes |= {"fillId": str(self._part("fills", self._fill(change.fill))), "applyFill": "1"}
        if change.link and "fonts" in self._lists:
            attributes |= {"fontId": str(self._part("fonts", self._link_font())), "applyFont": "1"}
        if change.wrapped:
            attributes |= {"numFmtId": "49", "applyNumberFormat": "1", "applyAlignment": "1"}
            inner = f'<{base.prefix}alignment vertical="top" wrapText="1"/>'.encode()
        return opening(base.tag, attributes) + inner + f"</{base.tag}>".encode()

    def _fill(self, colour: str) -> bytes:
        p = self._lists["fills"].prefix
        return (
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
            f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
        ).encode()

    def _link_font(self) -> bytes:
        p = self._lists["fonts"].prefix
        return (
            f'<{p}font><{p}u/><{p}sz val="11"/><{p}color rgb="FF0563C1"/><{p}name val="宋体"/></{p}font>'
        ).encode()

    def _part(self, name: str, xml: bytes) -> int:
        if (name, xml) not in self._parts:
            self._parts[name, xml] = self._add(name, xml)
        return self._parts[name, xml]

    def _add(self, name: str, xml: bytes) -> int:
        self._added[name].append(xml)
        return len(self._lists[name].children) + len(self._added[name]) - 1
