"""A bag as a zip file that is made while it is read: nothing of it lies on the disk or wholly in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from rpa.errors import UserError
from rpa.evidence.bag.tree import Folder

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

PIECE = 1 << 20
"""So much is read at once."""


class Packed(io.RawIOBase):
    """A bag as a zip file to read, packed while it is read; its bytes depend on the bag alone."""

    def __init__(self, bag: Path) -> None:
        self._pieces = _zipped(bag)
        self._left = b""
        self.sha256 = hashlib.sha256()
        self.error: Exception | None = None
        """Why it could not be read on."""

    def readable(self) -> bool:
        """Whether it can be read from, as :class:`io.BufferedReader` asks: always."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """The next bytes.

        Raises:
            OSError: a file cannot be read.
            UserError: something in the bag is no file.
        """
        view = memoryview(buffer)
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return 0
        except (OSError, UserError) as error:
            self.error = error
            raise
        part, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(part)] = part
        self.sha256.update(part)
        return len(part)


def digest(bag: Path) -> str:
    """SHA-256 (hex) of a bag as a zip file."""
    packed = Packed(bag)
    buffer = bytearray(PIECE)
    while packed.readinto(buffer):
        pass
    return packed.sha256.hexdigest()


def _zipped(bag: Path) -> Iterator[bytes]:
    """The pieces of a zip file (stored) with a bag's files under its name, always the same ones."""
    parts = _Parts()
    tree = Folder(bag)
    with ZipFile(parts, "w") as archive:
        for name in tree.names():
            info = ZipInfo(f"{bag.name}/{name}")  # with the format's first day: the trails know the times
            info.file_size = (bag / name).lstat().st_size
            info.external_attr = 0o600 << 16
            source = tree.open(name)
            if source is None:
                raise UserError(f"{bag / name} 不是文件，没有加密")
            with source, archive.open(info, "w") as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield parts.taken()
    yield parts.taken()


class _Parts(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: ReadableBuffer, /) -> int:
        self._parts.append(bytes(part))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
