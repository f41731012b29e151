"""A bag's files by their names, whether they lie in a folder or in a zip file."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import BadZipFile, ZipFile

from rpa.errors import UserError

ALGORITHMS = ("sha256", *(("sm3",) if "sm3" in hashlib.algorithms_available else ()))
"""What a manifest is made with: SHA-256 always, SM3 (GB/T 32905) where this machine's OpenSSL has it."""

NO_FILE = ""
"""The digest of what has a name and is no file, such as a link: no manifest ever says so."""

_PIECE = 1 << 20
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Tree(Protocol):
    """Files by their names, relative to the bag, with ``/``."""

    def names(self) -> Sequence[str]:
        """Every file; one that stands there twice comes twice."""

    def open(self, name: str) -> BinaryIO | None:
        """A file to read, or None where it is none (a link)."""


class Folder:
    """The files of a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> Sequence[str]:
        """Every file below the folder, in order; links are named and not followed."""
        return sorted(self._walk(self._root, ""))

    def open(self, name: str) -> BinaryIO | None:
        """A file to read, or None for a link and whatever else is no file.

        Raises:
            OSError: there is no such file, or it cannot be read.
        """
        path = f"{self._root}/{name}"  # not as a Path, which takes longer than a small file's hash
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        return os.fdopen(os.open(path, _READ), "rb", buffering=0)

    def _walk(self, folder: Path, before: str) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from self._walk(folder / entry.name, f"{before}{entry.name}/")
                else:
                    yield before + entry.name


class Zip:
    """The files of a zip file; a folder that all of them stand in counts as the bag."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
        tops = {name.partition("/")[0] for name in names}
        self._top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
        self._names = sorted(name.removeprefix(self._top) for name in names)

    def names(self) -> Sequence[str]:
        """Every file of the archive, in order, without the folder that all of them stand in."""
        return self._names

    def open(self, name: str) -> BinaryIO | None:
        """A file to read: a zip file's entry is always one.

        Raises:
            BadZipFile: the entry is damaged.
            KeyError: there is no such entry.
        """
        return self._archive.open(self._top + name)  # type: ignore[return-value]  # reads like one


@contextmanager
def tree_of(path: Path) -> Iterator[Tree]:
    """The files of a folder or of a zip file.

    Raises:
        UserError: it is neither, or the zip file is damaged.
    """
    if path.is_dir():
        yield Folder(path)
        return
    try:
        with ZipFile(path) as archive:
            yield Zip(archive)
    except BadZipFile as error:
        raise UserError(f"{path} 不是证据文件夹，也不是完好的 zip 文件") from error


def read(tree: Tree, name: str) -> bytes:
    """A whole file; empty where it is none."""
    file = tree.open(name)
    if file is None:
        return b""
    with file:
        return file.read()


def digests(
    tree: Tree, names: Iterable[str], algorithms: Sequence[str] = ("sha256",)
) -> Mapping[str, tuple[str, ...]]:
    """Every file's digests (hex), one for each algorithm; read piece by piece.

    Raises:
        OSError: a file cannot be read.
        BadZipFile: a zip file's entry is damaged.
    """

    def one(name: str) -> tuple[str, tuple[str, ...]]:
        file = tree.open(name)
        if file is None:
            return name, (NO_FILE,) * len(algorithms)
        hashers = [hashlib.new(algorithm) for algorithm in algorithms]
        with file:
            while piece := file.read(_PIECE):
                for hasher in hashers:
                    hasher.update(piece)
        return name, tuple(hasher.hexdigest() for hasher in hashers)

    if len(algorithms) == 1:  # so fast that threads would take longer to take turns
        return dict(map(one, names))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(one, names))
