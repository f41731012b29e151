"""Notes (comments) for cells: the two parts that Excel wants for them, new or added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rpa.workbook.sheetxml import coordinate
from rpa.workbook.splice import Splice, append, apply, content, locate

AUTHOR = "检查结果"
_LINE = 18
"""Characters that fit in a line of a note."""

NO_COMMENTS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors/><commentList/></comments>"
)
NO_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)

Texts = Mapping[tuple[int, int], str]
"""(row, column), both 1-based → the note's text."""


@dataclass(frozen=True, slots=True)
class Notes:
    """The two parts: the texts, and the boxes that show them."""

    comments: bytes = NO_COMMENTS
    drawing: bytes = NO_DRAWING

    def with_texts(self, texts: Texts) -> Notes:
        """These notes and further ones; a cell that has one already gets the text below it."""
        comments, fresh = _add_comments(self.comments, texts)
        return Notes(comments, _add_boxes(self.drawing, {place: texts[place] for place in fresh}))


def _add_comments(xml: bytes, texts: Texts) -> tuple[bytes, list[tuple[int, int]]]:
    root = locate(xml, 3)
    authors, listed = root.child("authors"), root.child("commentList")
    if authors is None or listed is None:
        return _add_comments(NO_COMMENTS, texts)
    old = {comment.attributes.get("ref", ""): comment for comment in listed.children}
    p, author = root.prefix, len(authors.children)
    splices: list[Splice] = [append(xml, authors, f"<{p}author>{AUTHOR}</{p}author>".encode())]
    fresh, added = [], []
    for place in sorted(texts):
        box = old[coordinate(*place)].child("text") if coordinate(*place) in old else None
        if box is not None:
            splices.append(append(xml, box, _run(p, "\n" + texts[place]).encode()))
        else:
            opened = f'<{p}comment ref="{coordinate(*place)}" authorId="{author}"><{p}text>'
            added.append(f"{opened}{_run(p, texts[place])}</{p}text></{p}comment>")
            fresh.append(place)
    splices.append(append(xml, listed, "".join(added).encode()))
    return apply(xml, splices), fresh


def _run(prefix: str, text: str) -> str:
    return f'<{prefix}r><{prefix}t xml:space="preserve">{content(text)}</{prefix}t></{prefix}r>'


def _add_boxes(xml: bytes, texts: Texts) -> bytes:
    root = locate(xml, 0)
    boxes = "".join(
        _box(number, row, column, text) for number, ((row, column), text) in enumerate(texts.items(), 1)
    )
    return apply(xml, [append(xml, root, boxes.encode())])


def _box(number: int, row: int, column: int, text: str) -> str:
    lines = sum(1 + len(line) // _LINE for line in text.splitlines())
    return (
        '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_rpa_{number}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
        f'width:240pt;height:{18 * lines + 12}pt;z-index:{number};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
