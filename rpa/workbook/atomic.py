"""Writing a workbook whole or not at all, and giving way to a copy that is open in Excel."""

from __future__ import annotations

from itertools import chain, count, islice
from pathlib import Path

from rpa.errors import UserError
from rpa.files import private_draft

_TRIES = 50


def write_file(path: Path, data: bytes) -> Path:
    """Write a file in one go: a crash leaves the old one or the new one, never half of one.

    Returns:
        Where it was written: ``path``, or ``name(2).xlsx`` … if that one is held open.

    Raises:
        UserError: the folder cannot be written to, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)  # not private: people choose where results go
        with private_draft(path, data) as draft:
            return _put_in_place(draft, path)
    except OSError as error:
        raise UserError(f"无法写入文件夹“{path.parent}”（{error.strerror}），请检查权限和磁盘空间") from error


def _put_in_place(draft: Path, path: Path) -> Path:
    """Give the draft the first name that nobody holds open; returns it."""
    for target in islice(_names(path), _TRIES):
        try:
            draft.replace(target)
        except PermissionError:
            continue
        except OSError as error:
            raise UserError(f"无法写入“{path}”（{error.strerror}），请检查权限和磁盘空间") from error
        return target
    raise UserError(f"无法写入“{path}”，请在 Excel 中关闭它，或换一个文件夹")


def _names(path: Path) -> chain[Path]:
    return chain([path], (path.with_name(f"{path.stem}({number}){path.suffix}") for number in count(2)))
