"""Sealing: what a table keeps of a workbook's row is readable, and changeable, with the key alone.

The key is a file that only its owner reads. Machines that share a ledger share the key: it is copied
once, by hand, never through the database that it protects.
"""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from rpa.errors import UserError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_KEY_BYTES = 32
_NAME_LENGTH = 32  # 128 bits: no two texts ever share a name


class Seal:
    """Seals texts and opens them again; safe to share between threads.

    Args:
        key: 32 random bytes in URL-safe base64, as the key file holds them.

    Raises:
        ValueError: ``key`` is something else.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - 50 ms that most commands do not need

        self._fernet: Fernet = Fernet(key)
        self._key = key
        self.fingerprint = sha256(key).hexdigest()[:16]
        """Tells keys apart without giving one away."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """The seal whose key stands in a file; a missing file is made, readable by its owner alone.

        Several processes may do so at once: all of them end up with the same key.

        Raises:
            UserError: the file cannot be read or written, or holds no key.
        """
        try:
            if not path.exists():
                _make(path)
            return cls(path.read_bytes().strip())
        except ValueError as error:
            raise UserError(f"{path} 不是封存密钥，请换回原来的文件") from error
        except OSError as error:
            raise UserError(f"读写不了封存密钥 {path}：{error.strerror}") from error

    def seal(self, text: str) -> str:
        """A text as nobody can read or change it without the key; sealed again, it looks different."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def name(self, text: str) -> str:
        """Stands for a text where nobody may read it: the same each time, and by this key alone."""
        return hmac.new(self._key, text.encode(), sha256).hexdigest()[:_NAME_LENGTH]

    def open(self, sealed: str) -> str:
        """The text that was sealed.

        Raises:
            UserError: it was changed since, or sealed with another key.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - loaded with the key already

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise UserError("台账中封存的数据打不开：密钥不对，或数据被改动过") from error


def _make(path: Path) -> None:
    """Write a whole new key beside, then let exactly one process put its own in place."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(urlsafe_b64encode(os.urandom(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
