"""Everything a command prints: results on standard output, progress and messages on standard error.

With ``--json`` standard output holds one JSON document and nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

SCHEMA = "wengang-rpa/{kind}/1"
"""First member of each JSON document; the number grows when a member changes its meaning."""


def prepare_streams() -> None:
    """Never fail on a character that the terminal's code page lacks (Chinese Windows: cp936)."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Send the rest of standard output nowhere: its reader has gone (``rpa check … | head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str = "") -> None:
    """A line of the result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A line of progress or a message."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def document(kind: str, content: Mapping[str, object]) -> None:
    """The one JSON document of a command.

    Written as it is in UTF-8, and with escapes alone where standard output has another encoding, so
    that every reader gets valid JSON.
    """
    import json

    unicode = (sys.stdout.encoding or "").replace("-", "").lower() == "utf8"
    whole = {"schema": SCHEMA.format(kind=kind), **content}
    say(json.dumps(whole, ensure_ascii=not unicode, indent=2, default=str))


def width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table, its columns aligned for Chinese text; line breaks in cells become spaces."""
    cells = [[" ".join(cell.split()) for cell in row] for row in (headers, *rows)]
    widths = [max(width(cell) for cell in column) for column in zip(*cells, strict=True)]
    rule = ["-" * columns for columns in widths]
    lines = (
        "  ".join(cell + " " * (columns - width(cell)) for cell, columns in zip(row, widths, strict=True))
        for row in (cells[0], rule, *cells[1:])
    )
    return "\n".join(line.rstrip() for line in lines)
