"""Files that are whole or absent, and nobody's but their owner's: the one place that writes them.

Every write goes into a draft beside the file, is flushed to the disk, and takes the file's name last. So a
crash, a kill or a full disk leaves the old file or the new one, never a half. Only a crash can leave a
draft, ``.….tmp``, which nobody reads; and after a power cut the old file may be back, since the folder
itself is not flushed.

On POSIX files have mode 0600 and folders 0700 from their first moment, whatever the umask adds. Windows has
no such modes for files: there the rights of the folder count, and a user's own folder is closed to others.

Own code, since no library does it: ``atomicwrites`` was given up in 2022, its successors are young, and none
lets the first of several writers win with a file that is private from the start.

Errors of the operating system (:class:`OSError`) pass through everywhere; whoever writes says what they mean.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter, and return it; one that is there is left as it is.

    Missing folders above it are made as the system makes folders. Several processes may do so at once.

    Raises:
        OSError: it cannot be made, or something else has its name.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def open_private(path: Path) -> BinaryIO:
    """Open a new, empty file to write to and read back, for what is too large for one piece of memory.

    Whoever opens it flushes it to the disk, and deletes it if writing fails. Of several processes that ask
    at once, one gets it.

    Raises:
        FileExistsError: the name is taken, be it by a dangling link.
        OSError: it cannot be made.
    """
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


@contextmanager
def private_draft(path: Path, data: bytes) -> Iterator[Path]:
    """Data on the disk under a name of its own beside ``path``, to be moved or linked to where it belongs.

    What still has the draft's name when the block ends is deleted. The folder has to be there.

    Raises:
        OSError: it cannot be written; no draft stays.
    """
    draft = path.with_name(f".{token_hex(16)}.tmp")  # no longer for a file whose name is as long as can be
    file = open_private(draft)
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Write a file, or replace the one that is there, whole or not at all; its folder is made if missing.

    Of several writers the last wins, whole. A reader meets the old file or the new one. An old file that
    others could read is closed to them from now on.

    Raises:
        PermissionError: on Windows also while somebody has the old file open; it stays as it is then.
        OSError: it cannot be written; the old file stays as it is.
    """
    private_folder(path.parent)
    with private_draft(path, data) as draft:
        draft.replace(path)


def create_private(path: Path, data: bytes) -> None:
    """Write a file unless there is one, whole or not at all; its folder is made if missing.

    Of several writers the first wins, and all find its file: read the file afterwards to see whose it is.

    Raises:
        OSError: it cannot be written, or the file system knows no hard links.
    """
    private_folder(path.parent)
    with private_draft(path, data) as draft, suppress(FileExistsError):
        path.hardlink_to(draft)
