"""Sealing: what a table keeps of a workbook's row is readable, and changeable, with the key alone.

The key is a file that only its owner reads. Machines that share a ledger share the key: it is copied
once, by hand, never through the database that it protects.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rpa.errors import UserError
from rpa.files import create_private

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_NAME_LENGTH = 32  # 128 bits: no two texts ever share a name


class Seal:
    """Seals texts and opens them again; safe to share between threads.

    Args:
        key: 32 random bytes in URL-safe base64, as the key file holds them.

    Raises:
        ValueError: ``key`` is something else.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.fernet import Fernet  # 50 ms that most commands do not need

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
        from cryptography.fernet import Fernet  # as above

        try:
            if not path.exists():
                create_private(path, Fernet.generate_key() + b"\n")
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
        from cryptography.fernet import InvalidToken  # loaded with the key already

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise UserError("台账中封存的数据打不开：密钥不对，或数据被改动过") from error
