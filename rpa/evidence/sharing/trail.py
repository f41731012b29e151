"""Copies one filing's trail and pictures into a shared copy, everything personal hidden.

Every line keeps its time and says the hash of the line that it stands for, every picture the hash of its
original, so whoever has both can hold them against each other.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rpa.evidence.audit import Line, read_lines, whole_lines, write_lines
from rpa.evidence.files import AUDIT, safe_name, sha256
from rpa.evidence.sharing.hiding import Hiding
from rpa.evidence.sharing.masks import UnmaskableError, boxes_in, painted
from rpa.files import private_folder, write_private
from rpa.privacy.masks import Box

_PICTURE = "截图"


@dataclass(frozen=True, slots=True)
class Masked:
    """A picture in the copy."""

    file: str
    """Below ``data/``."""
    sha256: str
    original_sha256: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not in the copy."""

    file: str
    """Below ``data/``, as it would be called there."""
    original_sha256: str
    why: str
    """In Chinese."""


@dataclass(slots=True)
class CopiedTrail:
    """What became of one filing's evidence."""

    pictures: list[Masked] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def said_in(folder: Path, names: Container[str]) -> set[str]:
    """What a filing's trail says under some names of facts, however deep."""
    return {
        value
        for line in read_lines((folder / AUDIT).read_bytes())
        for name, value in _every(line.facts)
        if name in names and value
    }


def copy_trail(original: Path, folder: Path, hiding: Hiding) -> CopiedTrail:
    """Write a filing's masked trail and pictures.

    Args:
        original: the filing's folder in the bag.
        folder: its folder in the copy.
        hiding: what is hidden.

    Raises:
        ChainBrokenError: the trail was altered.
    """
    private_folder(folder)
    copied = CopiedTrail()
    data = (original / AUDIT).read_bytes()
    rows = zip(read_lines(data), whole_lines(data), strict=True)
    lines = (
        Line(
            line.seq,
            line.time,
            hiding.text(line.event),
            _facts(line, original, folder, hiding, copied) | {"original_line_sha256": sha256(row)},
        )
        for line, row in rows
    )
    write_private(folder / AUDIT, write_lines(lines))
    return copied


def _every(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _every(one, str(key))
    elif isinstance(value, list):
        for one in value:
            yield from _every(one, name)
    elif isinstance(value, str):
        yield name, value


def _facts(line: Line, original: Path, folder: Path, hiding: Hiding, copied: CopiedTrail) -> dict[str, Any]:
    """A line's facts as the copy tells them; the file that it speaks of is copied, if it can be masked."""
    if "file" not in line.facts:
        return hiding.facts(line.facts)
    was = str(line.facts["file"])
    digest = str(line.facts["sha256"])
    about = {name: value for name, value in line.facts.items() if name not in ("file", "sha256", "size")}
    facts = hiding.facts(about) | {"original_sha256": digest}
    name = f"{safe_name(hiding.exact(Path(was).stem))}{Path(was).suffix}"
    try:
        boxes, picture = _picture(line, original / was)
    except UnmaskableError as error:
        copied.left_out.append(LeftOut(f"{folder.name}/{name}", digest, str(error)))
        return facts | {"left_out": name, "why": str(error)}
    (folder / name).write_bytes(picture)
    copied.pictures.append(Masked(f"{folder.name}/{name}", sha256(picture), digest, boxes))
    return facts | {"file": name, "sha256": sha256(picture), "size": len(picture)}


def _picture(line: Line, path: Path) -> tuple[Sequence[Box], bytes]:
    if line.event != _PICTURE:
        raise UnmaskableError("不是截图，无法遮盖")
    boxes = boxes_in(line.facts)
    try:
        return boxes, painted(path.read_bytes(), boxes)
    except FileNotFoundError:
        raise UnmaskableError("原件已按期清除") from None
