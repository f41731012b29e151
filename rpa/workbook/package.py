"""Opening a workbook's file: what kind it is, whether it is safe to parse, and its password.

Nothing is written to disk: a decrypted workbook exists in memory alone.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from rpa.errors import UserError
from rpa.workbook.sheetxml import DAMAGED

MOST_BYTES = 64 * 2**20
"""Largest file; 50,000 rows need about 8 MB."""
MOST_UNPACKED = 512 * 2**20
MOST_PARTS = 5_000
MOST_RATIO = 150
"""Unpacked by packed, of what unpacks to more than the next: sheets reach 30, a bomb 1,000."""
_LARGE = 32 * 2**20
_CHUNK = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请用 Excel 或 WPS 打开后，另存为“Excel 工作簿（*.xlsx）”再试"

Password = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's bytes, checked and decrypted."""

    path: Path
    data: bytes = field(repr=False)
    password: str | None = field(default=None, repr=False)
    """What opened it; copies are locked with it again."""

    def sheets(self) -> dict[str, str]:
        """Sheet name → the path of its XML inside the package, in the workbook's order."""
        with self.open() as archive:
            book = _relation(archive, "", "officeDocument")
            targets = relations(archive, book)
            tree = _tree(archive, book)
        found = {}
        for sheet in tree.iterfind("{*}sheets/{*}sheet"):
            identifier = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            if target := targets.get(identifier):
                found[sheet.get("name", "")] = target
        return found

    def part(self, path: str) -> bytes:
        """One part's bytes."""
        with self.open() as archive:
            return archive.read(path)

    def open(self) -> zipfile.ZipFile:
        """The package as a zip archive; the caller closes it."""
        return zipfile.ZipFile(io.BytesIO(self.data))


def open_package(path: Path, password: Password | None = None) -> Package:
    """Read a workbook's file into memory and make sure that it may be parsed.

    Args:
        path: an ``.xlsx`` or ``.xlsm`` file.
        password: asks a person; called only when the file is encrypted.

    Raises:
        UserError: the file cannot be read, is of another kind, damaged, too large or locked.
    """
    data = _read(path)
    if not is_encrypted(data):
        return Package(path, _checked(data))
    plain, word = _decrypted(path, data, password)
    return Package(path, _checked(plain), word)


def is_encrypted(data: bytes) -> bool:
    """Whether these are the bytes of a file with a password (or of an old ``.xls``, as it begins alike)."""
    return data.startswith(_OLE)


def encrypted(data: bytes, password: str) -> bytes:
    """An ``.xlsx`` locked with a password (ECMA-376 agile encryption)."""
    from msoffcrypto.format.ooxml import OOXMLFile  # rarely needed, slow to import

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relationship id → the absolute path of its target inside the package, for one part."""
    return {
        item.get("Id", ""): _absolute(part, item.get("Target", ""))
        for item in _relationships(archive, part)
        if item.get("TargetMode") != "External"
    }


def relations_path(part: str) -> str:
    """``xl/a.xml`` → ``xl/_rels/a.xml.rels``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def related(archive: zipfile.ZipFile, part: str, kind: str) -> str:
    """The path of the part that stands in relation ``kind`` to ``part``; empty if none does."""
    for item in _relationships(archive, part):
        if item.get("Type", "").endswith(f"/{kind}"):
            return _absolute(part, item.get("Target", ""))
    return ""


def _relationships(archive: zipfile.ZipFile, part: str) -> Iterable[ET.Element]:
    path = relations_path(part)
    return _tree(archive, path) if path in archive.namelist() else ()


def _relation(archive: zipfile.ZipFile, part: str, kind: str) -> str:
    found = related(archive, part, kind)
    if not found or found not in archive.namelist():
        raise UserError(DAMAGED)
    return found


def _absolute(part: str, target: str) -> str:
    folder = posixpath.dirname(part)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _tree(archive: zipfile.ZipFile, path: str) -> ET.Element:
    try:
        return ET.fromstring(archive.read(path))  # noqa: S314 - parts with a DOCTYPE were refused
    except (ET.ParseError, KeyError, LookupError, ValueError) as error:
        raise UserError(DAMAGED) from error


def _read(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise UserError(f"“{path.name}”是 Excel 打开文件时的临时文件，请选择去掉“~$”的那个文件")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UserError(f"“{path.name}”超过 {MOST_BYTES >> 20} MB，请分成几个文件，或删去表中的图片")
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"找不到文件“{path}”，请检查路径和文件名") from None
    except IsADirectoryError:
        raise UserError(f"“{path}”是文件夹，请给出其中的 .xlsx 文件") from None
    except OSError as error:
        raise UserError(f"无法读取“{path}”（{error.strerror}），请检查权限，或先在 Excel 中关闭它") from error
    if not data:
        raise UserError(f"“{path.name}”是空文件，请检查是否没有保存或没有下载完整")
    return data


def _decrypted(path: Path, data: bytes, password: Password | None) -> tuple[bytes, str]:
    """The workbook inside an encrypted file, and the password that a person gave."""
    import msoffcrypto  # rarely needed, slow to import
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not isinstance(office, OOXMLFile):
            raise UserError(f"“{path.name}”是旧版 .xls 或其他格式，不能直接读取。{_SAVE_AS}")
        if password is None:
            raise UserError(f"“{path.name}”有打开密码。请在终端中运行并输入密码，或取消密码后再试")
        word = password()
        office.load_key(password=word, verify_password=True)
        office.decrypt(out)
    except FileFormatError:
        raise UserError(f"“{path.name}”是旧版 .xls 或其他格式，不能直接读取。{_SAVE_AS}") from None
    except (InvalidKeyError, DecryptionError):
        raise UserError(f"“{path.name}”的打开密码不对，请重新输入") from None
    except (OSError, ValueError, KeyError, IndexError, ET.ParseError) as error:
        raise UserError(DAMAGED) from error
    return out.getvalue(), word


def _checked(data: bytes) -> bytes:
    """Unpack every part once: sizes and checksums are then known to be true."""
    if not data.startswith(b"PK"):
        raise UserError(f"这不是 Excel 工作簿（可能是网页、CSV 或改了扩展名的文件）。{_SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, len(data))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise UserError(DAMAGED) from error
    return data


def _check_parts(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        raise UserError(f"这不是 .xlsx 工作簿。{_SAVE_AS}")
    if any(name.endswith("workbook.bin") for name in names):
        raise UserError(f"不支持二进制工作簿 .xlsb。{_SAVE_AS}")
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > max(_LARGE, MOST_RATIO * packed)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen:
        raise UserError("文件解压后过大，可能是恶意文件，已拒绝打开。如确实是您的表格，请复制到新工作簿再试")
    if len(names) != len(parts):
        raise UserError(DAMAGED)
    for part in parts:
        _unpack(archive, part)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:
        head = stream.read(_CHUNK)
        if part.filename.endswith((".xml", ".rels", ".vml")) and re.search(rb"<!(DOCTYPE|ENTITY)", head):
            raise UserError("文件中含有不允许的声明（DOCTYPE），请用 Excel 打开后另存为 .xlsx 再试")
        while stream.read(_CHUNK):
            pass


def content_of(archive: zipfile.ZipFile) -> Mapping[str, bytes]:
    """Every part's bytes by path, in the archive's order."""
    return {part.filename: archive.read(part) for part in archive.infolist() if not part.is_dir()}
