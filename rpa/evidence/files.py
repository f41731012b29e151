"""Names of the evidence's folders and files, good on Windows too, and what a file is known by: its hash."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from pathlib import Path

from rpa.files import write_private
from rpa.filing import CHINA, Filing, RowStatus

AUDIT = "audit.jsonl"
REPORT = "index.html"
RESULTS = "results.xlsx"
ENVIRONMENT = "environment.json"

_FORBIDDEN = frozenset('<>:"/\\|?*%')
"""What Windows forbids, and ``%``, which a bag's manifest would have to write in another way."""
_RESERVED = frozenset(
    [
        "CON",
        "PRN",
        "AUX",
        "NUL",
        *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
    ]
)
_NAME_LIMIT = 30
"""Characters of an employer's name in a folder's name: Windows allows 260 for a whole path."""


def china_now() -> datetime:
    """Now, in the portals' zone."""
    return datetime.now(CHINA)


def sha256(data: bytes) -> str:
    """SHA-256 of some bytes (hex)."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file (hex), read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(text: str, limit: int = 60) -> str:
    """A name that Windows, macOS and Linux all take as one file or folder name.

    Args:
        text: any text; what is forbidden becomes ``_``, what is invisible goes.
        limit: characters at most.
    """
    visible = (one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one)[0] != "C")
    name = "".join("_" if one in _FORBIDDEN else one for one in visible).strip()[:limit].rstrip(". ")
    if not name or name.partition(".")[0].rstrip().upper() in _RESERVED:
        name = f"_{name}"
    return name


def folder_name(filing: Filing) -> str:
    """The folder of one filing in its batch: the same at every run, and no other filing's."""
    name = safe_name(filing.employer.name, _NAME_LIMIT)
    return f"{name}_{safe_name(filing.employer.code, 18)}_{_short(filing)}"


def folder_of(row: RowStatus) -> str:
    """The evidence folder of a row; empty for one that never became a filing."""
    return folder_name(row.filing) if row.filing else ""


def anchor(filing: Filing) -> str:
    """The place of one filing in the report, ASCII so that Excel's links find it: ``index.html#…``."""
    code = "".join(one for one in filing.employer.code if one.isascii() and one.isalnum())
    return f"e-{code}-{_short(filing)}"


def _short(filing: Filing) -> str:
    return sha256("\n".join(map(str, filing.key)).encode())[:6]


def holds(path: Path, content: bytes) -> bool:
    """Whether a file is there and has exactly these bytes."""
    return path.is_file() and path.read_bytes() == content


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all; one that has these bytes keeps its time of change.

    Raises:
        OSError: it cannot be read or written; the old one stays as it is.
    """
    if not holds(path, content):
        write_private(path, content)


def payload(bag: Path) -> Path:
    """Where a batch's bag (RFC 8493) keeps what it is about: report, results, one folder per employer."""
    return bag / "data"
