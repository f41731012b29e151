"""What must not stand in a sealed file: a known secret, or a person's whole ID number.

Text is searched as the bytes that it is, since evidence may be large: pictures and printed forms are passed
over, workbooks are opened. A workbook is the agency's own, and may well have a column of ID numbers: there
only secrets are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from zipfile import BadZipFile, ZipFile

from rpa.privacy.masks import id_numbers, looks_of, redact

A_SECRET = "登录密码等保密内容"  # noqa: S105 - what is told, not one
AN_ID_NUMBER = "完整的身份证号码"

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".tsr", ".age"})
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_SHORTEST = 6
"""A secret that is shorter is a common word or number sooner than a leak."""
_NARROW, _WITH_ZEROS = ("utf-8", "gb18030"), ("utf-16-le", "utf-16-be")
_SHOWN = 20
"""Places told of one file."""

_PLAIN_RUN = re.compile(r"[0-9A-Za-z]+")
_DIGITS_TO_0 = bytes.maketrans(b"123456789", b"0" * 9)
_DIGITS = re.compile(rb"000000[ -]?0000[ -]?0000[ -]?000")
_WIDE = tuple(re.compile(wide) for wide in (rb"\xef\xbc[\x90-\x99]", rb"\xc2\xa0", rb"\xe3\x80\x80"))
"""Full-width digits, and the spaces between digits that are not ASCII; apart they are found faster."""
_TO_ASCII = str.maketrans("０１２３４５６７８９\u00a0\u3000", "0123456789  ")
_BEFORE, _AFTER = 8, 64
"""Bytes around a number in which it is told whether it is one."""
_TAG = re.compile(rb"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Leak:
    """One place; never what stands there."""

    name: str
    line: int
    """Counts from 1; 0: in the file's name, or somewhere in a workbook."""
    what: str
    """In Chinese."""

    def __str__(self) -> str:
        return f"{self.name} {f'第 {self.line} 行' if self.line else ''}有{self.what}"


def leaks(files: Iterable[tuple[str, Path]], secrets: Iterable[str]) -> list[Leak]:
    """Where secrets and whole ID numbers stand, in the names of files too.

    Args:
        files: names to tell, and where the files are.
        secrets: what to look for; those of fewer than six characters are left out.

    Raises:
        OSError: a file cannot be read.
    """
    wanted = [_Wanted.of(secret) for secret in {*secrets} if len(secret) >= _SHORTEST]
    return [leak for name, path in files for leak in _leaks_of(name, path, wanted)]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A secret as files may hold it."""

    secret: str = field(repr=False)
    core: bytes = field(repr=False)
    """Stands in every narrow look: a quick way to say that none is there."""
    narrow: frozenset[bytes] = field(repr=False)
    with_zeros: frozenset[bytes] = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Self:
        core = max(_PLAIN_RUN.findall(secret), key=len, default="")  # quoted in no way of writing
        narrow, with_zeros = (
            frozenset(look.encode(code, "replace") for look in looks_of(secret) for code in codes)
            for codes in (_NARROW, _WITH_ZEROS)
        )
        return cls(secret, core.encode(), narrow, with_zeros)

    def places(self, data: bytes) -> Iterator[int]:
        looks = self.narrow if self.core in data else frozenset()
        for look in looks | self.with_zeros if b"\0" in data else looks:
            yield from _all(look, data)


def _leaks_of(name: str, path: Path, wanted: Sequence[_Wanted]) -> Iterator[Leak]:
    named = {what for _, what in _told(name.encode(errors="replace"), wanted)}
    shown = redact(name, [one.secret for one in wanted]) if named else name
    kind = path.suffix.lower()
    if kind in _PICTURES or path.is_symlink():
        found: set[tuple[int, str]] = set()
    elif kind in _WORKBOOKS:
        found = {(0, A_SECRET)} if _in_workbook(path, wanted) else set()
    else:
        found = set(_told(_as_utf8(path.read_bytes()), wanted))
    for line, what in (*((0, what) for what in sorted(named)), *sorted(found)[:_SHOWN]):
        yield Leak(shown, line, what)


def _as_utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode()
    return data


def _told(data: bytes, wanted: Iterable[_Wanted]) -> Iterator[tuple[int, str]]:
    """Line and what stands there."""
    for one in wanted:
        for place in one.places(data):
            yield data.count(b"\n", 0, place) + 1, A_SECRET
    for place in _numbers(data):
        yield data.count(b"\n", 0, place) + 1, AN_ID_NUMBER


def _numbers(data: bytes) -> Iterator[int]:
    """Where ID numbers stand, or their lines at least."""
    if any(wide.search(data) for wide in _WIDE):
        data = data.decode(errors="replace").translate(_TO_ASCII).encode()
    for found in _DIGITS.finditer(data.translate(_DIGITS_TO_0)):
        around = data[max(found.start() - _BEFORE, 0) : found.end() + _AFTER]
        if any(id_numbers(around.decode(errors="replace"))):
            yield found.start()


def _all(look: bytes, data: bytes) -> Iterator[int]:
    place = data.find(look)
    while place >= 0:
        yield place
        place = data.find(look, place + 1)


def _in_workbook(path: Path, wanted: Iterable[_Wanted]) -> bool:
    """Whether a cell, a comment or anything else that a workbook says holds a secret."""
    try:
        with ZipFile(path) as packed:
            parts = [packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".vml"))]
    except BadZipFile:  # encrypted as a whole: nobody reads it without its own password
        parts = [path.read_bytes()]
    told = b"\n".join((*parts, *(_TAG.sub(b"", part) for part in parts)))  # a text may stand in several runs
    return any(place >= 0 for one in wanted for place in one.places(told))
