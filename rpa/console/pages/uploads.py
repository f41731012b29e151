"""Workbooks that were dropped into the page, stored under their content's hash until they are a batch."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rpa.console.access.middleware import UPLOAD_LIMIT
from rpa.errors import UserError
from rpa.evidence.files import safe_name, sha256, sha256_of
from rpa.files import private_folder, write_private
from rpa.settings.settings import WorkbookSettings
from rpa.workbook.package import is_encrypted
from rpa.workbook.reader import read_sheet

TOO_LARGE = f"文件超过 {UPLOAD_LIMIT >> 20} MB：2,000 户的表格不到 1 MB，请删去表中的图片，或分成几个文件"
_KINDS = (".xlsx", ".xlsm")
_ID = re.compile(r"[0-9a-f]{16}")
_UNUSED_SECONDS = 24 * 3600.0
"""A workbook that nobody has started goes after a day: it holds personal data."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A workbook that was dropped."""

    id: str
    """First 16 hex digits of its SHA-256: the same content is the same upload, and the same batch."""
    path: Path

    @property
    def marked(self) -> Path:
        """Its copy with the findings marked; there once it was checked and something was found."""
        return self.path.with_name(f"{self.path.stem}_检查{self.path.suffix}")


class Uploads:
    """The folder with all of them.

    Args:
        home: the user's folder.
        settings: the agency's own headers, by which a workbook is recognised.
    """

    def __init__(self, home: Path, settings: WorkbookSettings) -> None:
        self._folder = home.resolve() / "uploads"  # as the ledger keeps a workbook's path
        self._settings = settings

    def store(self, name: str, data: bytes) -> Upload:
        """Store a workbook; one that is here already stays under its first name.

        Args:
            name: as the browser calls it.
            data: its bytes.

        Raises:
            UserError: it is no workbook that can be read; nothing of it is stored.
        """
        name = _checked_name(name)
        digest = sha256(data)[:16]
        if known := self._known(digest):
            return known
        private_folder(self._folder)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".") as draft:
            path = Path(draft) / name
            write_private(path, data)
            if not is_encrypted(data):
                read_sheet(path, settings=self._settings)
            stored = private_folder(self._folder / digest) / name
            path.replace(stored)
        return Upload(digest, stored)

    def find(self, upload_id: str) -> Upload:
        """An upload by its id.

        Raises:
            UserError: there is none.
        """
        if _ID.fullmatch(upload_id) and (known := self._known(upload_id)):
            return known
        raise UserError("这份表格已不在这里，请重新把文件拖进来")

    def of(self, workbook: Path) -> Upload | None:
        """The upload that a batch's workbook is; none where it came from elsewhere, or is gone."""
        folder = workbook.parent
        inside = folder.parent == self._folder and _ID.fullmatch(folder.name)
        return self._known(folder.name) if inside else None

    def sweep(self, in_use: Collection[Path]) -> None:
        """Remove what nobody has started within a day.

        Args:
            in_use: the workbooks of batches, as the ledger keeps them.
        """
        used = {path.parent for path in in_use}
        for folder in self._folder.glob("*"):
            if folder not in used and time.time() - folder.stat().st_mtime > _UNUSED_SECONDS:
                shutil.rmtree(folder)

    def _known(self, digest: str) -> Upload | None:
        """Beside the workbook stand copies with its findings and results: its content distinguishes it."""
        for path in (self._folder / digest).glob("*.xls?"):
            if sha256_of(path).startswith(digest):
                return Upload(digest, path)
        return None


def _checked_name(name: str) -> str:
    """A file's name without its folder, good on every system.

    Raises:
        UserError: it names another kind of file.
    """
    name = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = name.rpartition(".")
    suffix = f"{dot}{ending}".lower()
    if suffix == ".xls":
        raise UserError(f"“{name}”是旧版 .xls 格式，请用 Excel 或 WPS 打开后另存为“Excel 工作簿（*.xlsx）”")
    if suffix not in _KINDS:
        raise UserError(f"“{name}”不是 Excel 工作簿，请放入 .xlsx 文件")
    if name.startswith("~$"):
        raise UserError(f"“{name}”是 Excel 打开文件时的临时文件，请选择去掉“~$”的那个文件")
    return safe_name(stem) + suffix
