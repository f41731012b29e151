"""Stored logins on a machine without a keyring, and a keyring in memory where a test asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.credentials.store import VARIABLE, Credentials
from tests.cli.keyrings import MemoryKeyring, use, use_none


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """A keyring of this process."""
    kept = MemoryKeyring()
    use(monkeypatch, kept)
    return kept


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Credentials:
    """On a machine without a keyring."""
    use_none(monkeypatch)
    monkeypatch.delenv(VARIABLE, raising=False)
    return Credentials(tmp_path / "用户 目录")
