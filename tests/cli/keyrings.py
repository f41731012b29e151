"""Keyrings for tests, behind the real ``keyring`` package: in memory, and each way of failing."""

from __future__ import annotations

import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

NONE = "keyring.backends.fail.Keyring"
"""For ``PYTHON_KEYRING_BACKEND``: a machine without a keyring."""


class MemoryKeyring(KeyringBackend):
    """Keeps its entries while it lives."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(username)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class FailingKeyring(MemoryKeyring):
    """Fails, and blurts out whatever it was told."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self._error(f"{self.kept}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self._error(password)


def use(monkeypatch: pytest.MonkeyPatch, ring: KeyringBackend | None) -> None:
    """Let this process have a keyring; ``None``: the one that the environment names."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)


def use_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process, and the commands that it starts, have no keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NONE)
    use(monkeypatch, None)
