"""A copy of a workbook with some cells written, coloured, commented or linked, all else byte for byte.

openpyxl needs 7 s and 230 MB to load and save 10,000 rows and drops pictures on the way; this needs
about two seconds, and keeps whatever the agency's Excel or WPS put into the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping

from rpa.workbook.links import Links
from rpa.workbook.notes import NO_COMMENTS, NO_DRAWING, Notes
from rpa.workbook.package import content_of, encrypted, related
from rpa.workbook.reader import Sheet
from rpa.workbook.rows import Edit, RowEditor
from rpa.workbook.sheetxml import coordinate
from rpa.workbook.splice import Splice, append, apply, locate, opening
from rpa.workbook.styles import Styles

_LEVEL = 3
"""Of compression: half the time of the usual 6, and hardly larger."""
_MOST_LINKS = 65_000
"""Excel allows 65,530 on a sheet."""
_ORDER = (
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "AlternateContent",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""Excel refuses a sheet whose elements stand in another order (ECMA-376 part 1, 18.3.1.99)."""

Edits = Mapping[tuple[int, int], Edit]
"""(row, column), both 1-based → what happens to the cell."""


class Overlay:
    """One sheet of one workbook, ready to be copied with edits as often as wanted."""

    def __init__(self, sheet: Sheet) -> None:
        self._package = sheet.package
        self._part = sheet.part
        self._xml = sheet.package.part(sheet.part)
        self._scan = sheet.scan
        spans = list(self._scan.rows.values())
        self._cut, resumed = spans[0].start, spans[-1].end
        self._gap = resumed - self._cut
        self._shell = self._xml[: self._cut] + self._xml[resumed:]
        self._root = locate(self._shell, 2)

    def copy(self, edits: Edits, widths: Mapping[int, int] | None = None) -> bytes:
        """The workbook with the edits, locked with the same password if it had one.

        Args:
            edits: cells of rows that exist.
            widths: column number → width in characters, for columns that have none yet.
        """
        with self._package.open() as archive:
            parts = dict(content_of(archive))
            styles_part = related(archive, related(archive, "", "officeDocument"), "styles")
            links = Links(archive, self._part, strict=b"purl.oclc.org" in self._shell[:2000])
        styles = Styles(parts.get(styles_part, b""))
        splices = self._rows(edits, styles)
        splices += self._dimension(edits)
        splices += self._columns(widths or {})
        splices += self._hyperlinks(edits, links)
        splices += self._notes(edits, links, parts)
        parts[self._part] = apply(self._xml, splices)
        if styles_part in parts:
            parts[styles_part] = styles.xml
        links.write(parts)
        _forget_calculation_order(parts, edits)
        return self._zipped(parts)

    def _rows(self, edits: Edits, styles: Styles) -> list[Splice]:
        by_row: defaultdict[int, dict[int, Edit]] = defaultdict(dict)
        for (row, column), edit in edits.items():
            by_row[row][column] = edit
        splices: list[Splice] = []
        for row, cells in by_row.items():
            editor = RowEditor(self._xml, self._scan.prefix, row, self._scan.rows[row], styles)
            splices += editor.splices(cells)
        return splices

    def _place(self, position: int) -> int:
        """A byte of the shell as a byte of the sheet."""
        return position if position <= self._cut else position + self._gap

    def _moved(self, splice: Splice) -> Splice:
        return (self._place(splice[0]), self._place(splice[1]), splice[2])

    def _dimension(self, edits: Edits) -> list[Splice]:
        node = self._root.child("dimension")
        if node is None or not edits:
            return []
        rows = max(self._scan.last_row, *(row for row, _ in edits))
        columns = max(self._scan.last_column, *(column for _, column in edits))
        tag = opening(node.tag, {"ref": f"A1:{coordinate(rows, columns)}"}, "/>")
        return [self._moved((node.start, node.end, tag))]

    def _columns(self, widths: Mapping[int, int]) -> list[Splice]:
        node = self._root.child("cols")
        last = max((int(col.attributes.get("max", "0")) for col in node.children), default=0) if node else 0
        p = self._root.prefix
        added = b"".join(
            opening(
                f"{p}col",
                {"min": str(column), "max": str(column), "width": str(width), "customWidth": "1"},
                "/>",
            )
            for column, width in sorted(widths.items())
            if column > last
        )
        data = self._root.child("sheetData")
        if not added or data is None:
            return []
        if node is not None:
            return [self._moved(append(self._shell, node, added))]
        return [(data.start, data.start, f"<{p}cols>".encode() + added + f"</{p}cols>".encode())]

    def _hyperlinks(self, edits: Edits, links: Links) -> list[Splice]:
        p, node = self._root.prefix, self._root.child("hyperlinks")
        old = {link.attributes.get("ref"): link for link in node.children} if node else {}
        splices: list[Splice] = []
        added: list[bytes] = []
        for (row, column), edit in edits.items():
            if not edit.link or len(old) + len(added) >= _MOST_LINKS:
                continue
            place = coordinate(row, column)
            if place in old:
                splices.append(self._moved((old[place].start, old[place].end, b"")))
            target, _, anchor = edit.link.partition("#")
            attributes = {"ref": place, "xmlns:rpa": links.namespace, "rpa:id": links.external(target)}
            attributes |= {"location": anchor} if anchor else {}
            added.append(opening(f"{p}hyperlink", attributes, "/>"))
        if not added:
            return []
        if node is not None:
            return [*splices, self._moved(append(self._shell, node, b"".join(added)))]
        wrapped = f"<{p}hyperlinks>".encode() + b"".join(added) + f"</{p}hyperlinks>".encode()
        return [self._insert("hyperlinks", wrapped)]

    def _notes(self, edits: Edits, links: Links, parts: dict[str, bytes]) -> list[Splice]:
        texts = {place: edit.note for place, edit in edits.items() if edit.note}
        if not texts:
            return []
        drawing = self._root.child("legacyDrawing")
        vml = links.targets.get(drawing.attribute("id"), "") if drawing else ""
        comments = links.comments
        notes = Notes(parts.get(comments, NO_COMMENTS), parts.get(vml, NO_DRAWING)).with_texts(texts)
        parts[comments or links.new_comments()] = notes.comments
        if vml in parts:
            parts[vml] = notes.drawing
            return []
        identifier, path = links.new_drawing()
        parts[path] = notes.drawing
        tag = opening(
            f"{self._root.prefix}legacyDrawing", {"xmlns:rpa": links.namespace, "rpa:id": identifier}, "/>"
        )
        return [self._insert("legacyDrawing", tag)]

    def _insert(self, name: str, xml: bytes) -> Splice:
        """Put an element before the first one that must follow it."""
        later = _ORDER[_ORDER.index(name) + 1 :]
        follower = next((node for node in self._root.children if node.name in later), None)
        position = self._place(follower.start if follower else self._root.closing)
        return (position, position, xml)

    def _zipped(self, parts: Mapping[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for path, data in parts.items():
                # as of no day: the same content is the same file
                archive.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED, _LEVEL)
        data = out.getvalue()
        return encrypted(data, self._package.password) if self._package.password else data


def _forget_calculation_order(parts: dict[str, bytes], edits: Edits) -> None:
    """Drop the list of formulas, which Excel makes again: a cell written over may stand in it."""
    if any(edit.text is not None for edit in edits.values()) and "xl/calcChain.xml" in parts:
        del parts["xl/calcChain.xml"]
        for path in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
            xml = parts.get(path, b"")
            parts[path] = re.sub(rb"<[^<>]*calcChain\.xml[^<>]*/>", b"", xml)
