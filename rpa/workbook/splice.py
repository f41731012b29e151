"""Changing XML in place: find elements by byte, then put bytes in, and leave all others untouched.

A workbook that is parsed and written again loses what the library does not know (pictures, slicers,
formats of other producers). These few functions change only what must change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from rpa.errors import UserError
from rpa.workbook.sheetxml import DAMAGED, TAG, element_end, safe_parser

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE_LIKE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_MOST_CHARACTERS = 32_000
"""Excel allows 32,767 in one cell."""

Splice = tuple[int, int, bytes]
"""Replace the bytes from the first to before the second position."""


@dataclass(slots=True)
class Node:
    """An element and where it stands."""

    tag: str
    """With the producer's prefix."""
    attributes: dict[str, str]
    start: int
    opened: int
    """The byte after its opening tag."""
    closing: int = 0
    """The byte where its closing tag begins; ``opened`` if it is empty (``<a/>``)."""
    end: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Without the prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """With its colon, or empty."""
        return self.tag[: len(self.tag) - len(self.name)]

    def child(self, name: str) -> Node | None:
        """The first child of that name."""
        return next((node for node in self.children if node.name == name), None)

    def attribute(self, name: str) -> str:
        """An attribute by its name without prefix; empty if there is none."""
        return next((text for key, text in self.attributes.items() if key.rpartition(":")[2] == name), "")


def locate(xml: bytes, depth: int) -> Node:
    """The root element with its descendants down to ``depth`` levels below it.

    Raises:
        UserError: the XML is not well-formed.
    """
    parser = safe_parser()
    top = Node("", {}, 0, 0)
    stack = [top]
    level = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal level
        if level <= depth:
            start = parser.CurrentByteIndex
            match = TAG.match(xml, start)
            node = Node(tag, attributes, start, match.end() if match else start)
            stack[-1].children.append(node)
            stack.append(node)
        level += 1

    def closed(_tag: str) -> None:
        nonlocal level
        level -= 1
        if level <= depth:
            node = stack.pop()
            node.end = element_end(xml, node.start, parser.CurrentByteIndex)
            node.closing = node.opened if node.end == node.opened else parser.CurrentByteIndex

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, ValueError) as error:
        raise UserError(DAMAGED) from error
    return top.children[0]


def append(xml: bytes, node: Node, inner: bytes) -> Splice:
    """Put bytes at the end of an element's content; an empty element gets a closing tag."""
    if node.closing != node.opened or not xml[node.start : node.opened].endswith(b"/>"):
        return (node.closing, node.closing, inner)
    return (node.opened - 2, node.opened, b">" + inner + f"</{node.tag}>".encode())


def apply(xml: bytes, splices: Iterable[Splice]) -> bytes:
    """All splices at once; they must not overlap."""
    pieces: list[bytes] = []
    done = 0
    for start, end, inner in sorted(splices, key=lambda splice: splice[:2]):
        pieces += [xml[done:start], inner]
        done = end
    pieces.append(xml[done:])
    return b"".join(pieces)


def opening(tag: str, attributes: dict[str, str], close: str = ">") -> bytes:
    """An opening tag."""
    written = "".join(f' {name}="{attribute(text)}"' for name, text in attributes.items())
    return f"<{tag}{written}{close}".encode()


def attribute(text: str) -> str:
    """A text as it may stand in an attribute between double quotes."""
    return escape(_FORBIDDEN.sub("", text), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def content(text: str) -> str:
    """A text as it may stand in a cell: what XML forbids is dropped, Excel's own escapes are escaped."""
    return escape(_ESCAPE_LIKE.sub(r"_x005F_\1", _FORBIDDEN.sub("", text[:_MOST_CHARACTERS])))
