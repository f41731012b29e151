"""Writing a file so that it is whole or absent, and giving way to a copy that is open in Excel."""

from __future__ import annotations

import os
import tempfile
from itertools import chain, count, islice
from pathlib import Path

from rpa.errors import UserError

_TRIES = 50


def write_file(path: Path, data: bytes) -> Path:
    """Write a file in one go: a crash leaves the old one or the new one, never half of one.

    Returns:
        Where it was written: ``path``, or ``name(2).xlsx`` … if that one is held open.

    Raises:
        UserError: the folder cannot be written to, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(path, data)
    except OSError as error:
        raise UserError(f"无法写入文件夹“{path.parent}”（{error.strerror}），请检查权限和磁盘空间") from error
    try:
        for target in islice(_names(path), _TRIES):
            try:
                os.replace(temporary, target)  # noqa: PTH105 - Path.replace would hide that it is atomic
            except PermissionError:
                continue
            return target
    except OSError as error:
        raise UserError(f"无法写入“{path}”（{error.strerror}），请检查权限和磁盘空间") from error
    finally:
        temporary.unlink(missing_ok=True)
    raise UserError(f"无法写入“{path}”，请在 Excel 中关闭它，或换一个文件夹")


def _temporary(path: Path, data: bytes) -> Path:
    """The data on disk, under a name of its own beside the target; readable by the owner alone."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _names(path: Path) -> chain[Path]:
    return chain([path], (path.with_name(f"{path.stem}({number}){path.suffix}") for number in count(2)))
