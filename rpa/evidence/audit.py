"""The audit trail: JSON lines, each carrying the SHA-256 of the line before.

A line is canonical JSON (RFC 8785), so the same facts are always the same bytes.
Whoever changes, removes or moves a line breaks the chain at that place; only lines cut off at the
end need the manifest to be missed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rpa.errors import Superseded
from rpa.evidence.files import china_now, sha256
from rpa.files import private_folder

_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
START = "0" * 64
"""What the first line carries for want of a line before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an audit trail."""

    seq: int
    time: str
    """ISO 8601 with zone."""
    event: str
    facts: Mapping[str, Any]


class ChainBrokenError(ValueError):
    """A line is not what the chain says; ``number`` counts from 1, the reason is Chinese."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"第 {number} 行{reason}")
        self.number = number


class AuditTrail:
    """One file, appended to. Continues an existing one; a torn last line is moved aside and noted."""

    def __init__(self, path: Path) -> None:
        private_folder(path.parent)
        self._path = path
        torn = _move_torn_line(path)
        self._seq, self._previous = _end_of(path)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        self._size = os.fstat(self._file.fileno()).st_size
        if torn:
            self.append("上次记录中断，残行已移出", file=torn.name, sha256=sha256(torn.read_bytes()))

    def append(self, event: str, **facts: Any) -> None:
        """Write one line and hand it to the operating system, so that our own crash cannot lose it.

        Raises:
            Superseded: somebody else goes on with this trail; a line of ours would break its chain.
        """
        self.check()
        line = _canonical(
            {
                "event": event,
                "facts": facts,
                "previous": self._previous,
                "seq": self._seq + 1,
                "time": china_now().isoformat(timespec="milliseconds"),
            }
        )
        self._file.write(line + b"\n")
        self._file.flush()
        self._size += len(line) + 1
        self._seq += 1
        self._previous = sha256(line)

    def check(self) -> None:
        """See that nobody else has written: a worker that was taken for dead may come back to life.

        Raises:
            Superseded: somebody has.
        """
        if os.fstat(self._file.fileno()).st_size != self._size:
            raise Superseded("另一个办理程序已接手这笔办件的记录")

    def close(self) -> None:
        """Close the file; the trail can be continued later."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_lines(data: bytes) -> Iterator[Line]:
    """The lines of a trail, checked one by one.

    Raises:
        ChainBrokenError: at the first line that does not follow from the one before.
    """
    previous = START
    rows = data.split(b"\n")
    for number, row in enumerate(rows[:-1], 1):
        yield _checked(number, row, previous)
        previous = sha256(row)
    if rows[-1]:
        raise ChainBrokenError(len(rows), "不完整（末尾缺换行）")


def write_lines(lines: Iterable[Line]) -> bytes:
    """A whole trail, chained anew; what :func:`read_lines` reads. Numbers follow the order."""
    previous, rows = START, []
    for seq, line in enumerate(lines, 1):
        row = _canonical(
            {"event": line.event, "facts": line.facts, "previous": previous, "seq": seq, "time": line.time}
        )
        previous = sha256(row)
        rows.append(row + b"\n")
    return b"".join(rows)


def whole_lines(data: bytes) -> list[bytes]:
    """A trail's lines, without a torn one at its end."""
    return data.split(b"\n")[:-1]


def in_order(data: bytes) -> bool:
    """Whether the lines make a whole chain once they are put in the order of their numbers."""
    if not data.endswith(b"\n"):
        return False
    try:
        rows = sorted(whole_lines(data), key=lambda row: int(json.loads(row)["seq"]))
        for _ in read_lines(b"".join(row + b"\n" for row in rows)):
            pass
    except (ValueError, KeyError, TypeError):
        return False
    return True


def readable(data: bytes) -> Iterator[Line]:
    """The lines that can be read at all, whatever state the chain is in."""
    for row in whole_lines(data):
        with suppress(ValueError, KeyError, TypeError):
            content = json.loads(row)
            yield Line(content["seq"], content["time"], content["event"], content["facts"])


def noted_files(lines: Iterable[Line]) -> Mapping[str, str]:
    """File name → SHA-256 (hex) as lines tell it."""
    return {
        str(line.facts["file"]): str(line.facts["sha256"])
        for line in lines
        if "file" in line.facts and "sha256" in line.facts
    }


def _checked(number: int, row: bytes, previous: str) -> Line:
    try:
        text = row.decode()
        content, end = _DECODER.raw_decode(text)  # twice as fast as json.loads, of tens of thousands of lines
        if end != len(text):
            raise ChainBrokenError(number, "不是有效的记录")
        line = Line(content["seq"], content["time"], content["event"], content["facts"])
        chained = content["previous"] == previous
    except (ValueError, KeyError, TypeError) as error:
        raise ChainBrokenError(number, "不是有效的记录") from error
    if not chained:
        raise ChainBrokenError(number, "与上一行的校验值不符（前面有行被改动、删除、插入或调换）")
    if line.seq != number:
        raise ChainBrokenError(number, f"序号应为 {number}，实为 {line.seq}")
    return line


def _canonical(content: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what stands in lines: no fractions, and names in ASCII.

    Four times as fast as the library ``rfc8785``, which a test holds it against: a batch has tens of
    thousands of lines.
    """
    return _ENCODER.encode(content).encode()


def _move_torn_line(path: Path) -> Path | None:
    """Cut off what a crash left after the last whole line; returns the file that it now stands in."""
    data = path.read_bytes() if path.exists() else b""
    whole = data.rfind(b"\n") + 1
    if whole == len(data):
        return None
    number = len(list(path.parent.glob(f"{path.stem}.torn-*"))) + 1
    aside = path.with_name(f"{path.stem}.torn-{number}.txt")
    aside.write_bytes(data[whole:])
    with path.open("r+b") as file:
        file.truncate(whole)
    return aside


def _end_of(path: Path) -> tuple[int, str]:
    """Number and hash of the last line; a trail that somebody altered is continued all the same."""
    rows = whole_lines(path.read_bytes()) if path.exists() else []
    return (len(rows), sha256(rows[-1])) if rows else (0, START)
