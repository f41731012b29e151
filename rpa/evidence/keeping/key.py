"""The key that opens encrypted evidence: an age identity (X25519), made once, in the system's keyring.

Where there is no keyring it stands in ``evidence.key`` in the user's folder, its owner's alone, in the form
that the program ``age`` reads (``age -d -i evidence.key``). A key that was kept in a safe is put there to be
used again; keys in the file come before the keyring's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from rpa.credentials.keyring import Ring
from rpa.errors import UserError
from rpa.files import private_folder, write_private
from rpa.privacy.masks import register_secret

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

FILE = "evidence.key"
_ENTRY = "evidence-key"
_BEGIN = "AGE-SECRET-KEY-"


class VaultKey:
    """The keys of this machine's user.

    Args:
        home: the user's folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def own(self) -> Identity:
        """The key that new evidence is encrypted to; made where there is none yet.

        Raises:
            UserError: file or keyring cannot be used.
        """
        if known := self.known():
            return known[0]
        private_folder(self._path.parent)
        with FileLock(self._path.with_suffix(".lock"), mode=0o600):  # two commands at once make one key
            known = self.known() or [self._make()]
            return known[0]

    def known(self) -> Sequence[Identity]:
        """Every key that this machine has; none is made.

        Raises:
            UserError: file or keyring cannot be used.
        """
        stored = self._in_file()
        try:
            ring = Ring.find()
            text = ring.get(_ENTRY) if ring else None
        except UserError:
            if stored:
                return stored
            raise
        return [*stored, *([_identity(text, "系统钥匙串")] if text else [])]

    @property
    def place(self) -> str:
        """Where :meth:`own` is, in Chinese.

        Raises:
            UserError: a keyring is configured and cannot be loaded.
        """
        ring = None if self._path.exists() else Ring.find()
        return f"系统钥匙串（{ring.name}）" if ring else f"文件 {self._path}（仅本人可读）"

    def _make(self) -> Identity:
        from pyrage.x25519 import Identity  # most commands need no key

        made = Identity.generate()
        text = register_secret(str(made))
        if ring := Ring.find():
            ring.set(_ENTRY, text)
        else:
            write_private(self._path, f"# public key: {made.to_public()}\n{text}\n".encode())
        return made

    def _in_file(self) -> list[Identity]:
        try:
            with self._path.open(encoding="utf-8") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                    raise UserError(
                        f"证据密钥 {self._path} 其他用户可以读取：请运行 chmod 600 {self._path}，"
                        "并想一想是否已经泄露"
                    )
                lines = [line.strip() for line in file]
        except FileNotFoundError:
            return []
        except UnicodeDecodeError:
            raise UserError(f"{self._path} 不是证据密钥，请换回原来的文件") from None
        except OSError as error:
            raise UserError(f"读不了证据密钥 {self._path}：{error.strerror}") from error
        keys = [line for line in lines if line and not line.startswith("#")]
        if not keys:
            raise UserError(f"{self._path} 里没有证据密钥，请换回原来的文件")
        return [_identity(line, str(self._path)) for line in keys]


def recipients(key: Identity, further: Iterable[str]) -> Sequence[Recipient]:
    """Whoever is to open what is encrypted now.

    Args:
        key: the machine's own.
        further: age recipients, as ``evidence.encrypt_to`` of the settings has them.

    Raises:
        UserError: one of them is none.
    """
    from pyrage import RecipientError
    from pyrage.x25519 import Recipient

    found = [key.to_public()]
    for number, one in enumerate(further, 1):
        if one.strip().upper().startswith(_BEGIN):
            raise UserError(
                f"设置 evidence.encrypt_to 的第 {number} 项是私钥：它已不再保密，请另换一把，只填公钥"
            )
        try:
            found.append(Recipient.from_str(one.strip()))
        except RecipientError:
            raise UserError(f"设置 evidence.encrypt_to 的第 {number} 项不是 age 公钥（age1…）") from None
    return found


def _identity(text: str, place: str) -> Identity:
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    try:
        return Identity.from_str(register_secret(text.strip()))
    except IdentityError:
        raise UserError(f"{place}中的证据密钥无法使用，请换回原来的密钥") from None
