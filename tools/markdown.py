"""Parts of a page in Markdown, for the tools that write one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST = 190
"""Characters of a snippet; a longer one is cut."""


def section(title: str, source: str, says: str) -> Iterator[str]:
    """The heading of a section, what it says, and which files it comes from."""
    yield from ("", f"## {title}", "", f"{says} ({_sources(source)})", "")


def _sources(source: str) -> str:
    return re.sub(r"[\w/]+\.py", lambda found: f"`{found[0]}`", source)


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table, line by line."""
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_row, rows)


def _row(cells: tuple[str, ...]) -> str:
    inside = " | ".join(cell.replace("|", "\\|") for cell in cells)
    return f"| {inside} |"


def code(html: str) -> str:
    """HTML as a code span, without what does not matter."""
    short = _short(html)
    return f"`{short if len(short) <= _LONGEST else short[: _LONGEST - 1] + '…'}`"


def _short(html: str) -> str:
    """HTML without the end tags that may be left out, attributes that do not matter, and line ends."""
    short = re.sub(r"</(td|th|tr|li|dt|dd|p|option|thead|tbody)>|<tbody>", "", html)
    short = re.sub(r" (onclick|class|id|href)=('[^']*'|\"[^\"]*\"|[^\s>]+)", "", short)
    return re.sub(r"\s+", " ", short).replace("\u200b", "").replace("\ufeff", "").strip()
