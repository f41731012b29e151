"""What a sheet refers to: files outside, notes, and the content types of parts that are new."""

from __future__ import annotations

import re
import zipfile
from urllib.parse import quote

from rpa.workbook.package import related, relations, relations_path
from rpa.workbook.splice import append, apply, locate, opening

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Links:
    """The relations of the sheet to other parts and files, and their content types."""

    def __init__(self, archive: zipfile.ZipFile, part: str, *, strict: bool) -> None:
        self.namespace = _STRICT if strict else _OFFICE
        self.targets = relations(archive, part)
        self.comments = related(archive, part, "comments")
        self._path = relations_path(part)
        self._external: dict[str, str] = {}
        self._relations: list[bytes] = []
        self._types: list[bytes] = []

    def external(self, target: str) -> str:
        """The id of a relation to a file or address outside."""
        if target not in self._external:
            address = quote(target.replace("\\", "/"), safe="/:?=&%@+,;~")
            self._external[target] = self._relate("hyperlink", address, {"TargetMode": "External"})
        return self._external[target]

    def new_comments(self) -> str:
        """The path of a new part for comments."""
        path = "xl/rpaComments.xml"
        self._new_part("comments", path, "openxmlformats-officedocument.spreadsheetml.comments+xml")
        return path

    def new_drawing(self) -> tuple[str, str]:
        """The relation's id and the path of a new part for the boxes of notes."""
        path = "xl/drawings/rpaNotes.vml"
        return self._new_part("vmlDrawing", path, "openxmlformats-officedocument.vmlDrawing"), path

    def write(self, parts: dict[str, bytes]) -> None:
        """Put what was added into the package's parts."""
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
        for path, added in ((self._path, self._relations), ("[Content_Types].xml", self._types)):
            if added:
                xml = parts.get(path, empty)
                root = locate(xml, 0)
                inner = b"".join(added)
                if root.prefix:
                    inner = re.sub(rb"<(?=\w)", f"<{root.prefix}".encode(), inner)
                parts[path] = apply(xml, [append(xml, root, inner)])

    def _new_part(self, kind: str, path: str, content: str) -> str:
        """Name a part with what it contains; the id of its relation."""
        fields = {"PartName": f"/{path}", "ContentType": f"application/vnd.{content}"}
        self._types.append(opening("Override", fields, "/>"))
        return self._relate(kind, f"/{path}", {})

    def _relate(self, kind: str, target: str, more: dict[str, str]) -> str:
        identifier = f"rpaLink{len(self._relations) + 1}"
        while identifier in self.targets:
            identifier += "x"
        fields = {"Id": identifier, "Type": f"{self.namespace}/{kind}", "Target": target} | more
        self._relations.append(opening("Relationship", fields, "/>"))
        return identifier
