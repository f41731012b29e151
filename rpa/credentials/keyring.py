"""The system's keyring: Windows' credential manager, macOS' keychain, a Linux desktop's Secret Service.

``keyring`` is imported when it is asked for the first time: it costs more than most commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rpa.errors import UserError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "wengang-rpa"
MOST_BYTES = 2560
"""Windows keeps no more in one entry, in UTF-16; the others keep more."""

_NAMES = {
    "Windows": "Windows 凭据管理器",
    "macOS": "macOS 钥匙串",
    "SecretService": "Secret Service，如 GNOME 钥匙串",
    "libsecret": "Secret Service，如 GNOME 钥匙串",
    "kwallet": "KDE 钱包",
}
_ELSEWHERE = "也可以改存文件（rpa secrets set --file），或用环境变量 RPA_LOGINS"


class Ring:
    """One entry per login. Get it with :meth:`find`; its methods raise :class:`UserError` where it fails."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    @classmethod
    def find(cls) -> Self | None:
        """The keyring of this system, or None where there is none (a server, a container).

        Raises:
            UserError: one is configured and cannot be loaded.
        """
        try:
            import keyring

            with _in_chinese():
                backend = keyring.get_keyring()
                there = backend.priority > 0  # not keyring's stand-ins for "none" and "switched off"
        except (ImportError, AttributeError, ValueError):
            raise UserError(
                f"设置的系统钥匙串装载不了，请检查 PYTHON_KEYRING_BACKEND；{_ELSEWHERE}"
            ) from None
        return cls(backend) if there else None

    @property
    def name(self) -> str:
        """What operators call it."""
        chained = getattr(self._backend, "backends", None)  # keyring's chain stores in its first member
        used = chained[0] if chained else self._backend
        return _NAMES.get(type(used).__module__.rpartition(".")[2], used.name)

    def get(self, key: str) -> str | None:
        """The text of an entry, if there is one."""
        with _in_chinese():
            return self._backend.get_password(SERVICE, key)

    def set(self, key: str, text: str) -> None:
        """Keep a text (at most :data:`MOST_BYTES` in UTF-16) in place of the entry's old one."""
        with _in_chinese():
            self._backend.set_password(SERVICE, key, text)

    def remove(self, key: str) -> bool:
        """Remove an entry; whether there was one."""
        if self.get(key) is None:
            return False
        with _in_chinese():
            self._backend.delete_password(SERVICE, key)
        return True


@contextmanager
def _in_chinese() -> Iterator[None]:
    """Say what a keyring's error means. Nothing is chained: what the errors hold is not ours to know."""
    from keyring.errors import KeyringLocked

    try:
        yield
    except KeyringLocked:
        raise UserError(
            f"系统钥匙串锁着：请先解锁（登录桌面，或在弹出的窗口中输入密码）。{_ELSEWHERE}"
        ) from None
    except _failures() as error:
        raise UserError(f"系统钥匙串不能用（{type(error).__name__}）。{_ELSEWHERE}") from None


def _failures() -> tuple[type[Exception], ...]:
    """Whatever a keyring raises: its own errors, and those that its backends let through."""
    from keyring.errors import KeyringError

    failures: tuple[type[Exception], ...] = (KeyringError, RuntimeError, OSError)
    if sys.platform == "win32":
        from win32ctypes.pywin32 import pywintypes

        failures += (pywintypes.error,)
    elif sys.platform == "linux":
        from jeepney import DBusErrorResponse
        from secretstorage.exceptions import SecretStorageException

        failures += (DBusErrorResponse, SecretStorageException)
    return failures
