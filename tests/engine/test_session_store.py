"""Kept states: read by their owner alone, used where they belong, and not after their end."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from rpa.engine.attempt.session_store import Binding, SessionStore, StoredSession
from rpa.privacy.sealing import Seal

if TYPE_CHECKING:
    from playwright.async_api import StorageState

HERE = Binding("guangdong", "https://ggfw.hrss.gd.gov.cn", "0123456789abcdef")
STATE: StorageState = {
    "cookies": [
        {
            "name": "JSESSIONID",
            "value": "c2VjcmV0LXRpY2tldA",
            "domain": "ggfw.hrss.gd.gov.cn",
            "path": "/",
            "expires": -1,
            "httpOnly": True,
            "secure": True,
            "sameSite": "Lax",
        }
    ],
    "origins": [{"origin": HERE.origin, "localStorage": [{"name": "token", "value": "dG9rZW4tMTIz"}]}],
}


def kept(minutes: float = 30) -> StoredSession:
    return StoredSession(STATE, datetime.now(UTC) + timedelta(minutes=minutes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sessions"


@pytest.fixture
def states(folder: Path, seal: Seal) -> SessionStore:
    return SessionStore(folder, seal)


def test_a_state_is_there_until_its_end(states: SessionStore) -> None:
    assert states.load(HERE) is None
    one = kept()
    states.save(HERE, one)
    assert states.load(HERE) == one
    states.save(HERE, kept(-1))
    assert states.load(HERE) is None


def test_nobody_else_can_read_it(states: SessionStore, folder: Path, lines: list[str]) -> None:
    states.save(HERE, kept())
    states.save(HERE, kept())
    (path,) = folder.iterdir()
    written = path.read_text()
    for secret in ("c2VjcmV0", "dG9rZW4", "JSESSIONID", "ggfw", "guangdong"):
        assert secret not in written + path.name
        assert secret not in repr(kept())
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert lines == []


@pytest.mark.parametrize(
    "other",
    [
        replace(HERE, origin="https://ggfw.hrss.gd.gov.cn:8443"),
        replace(HERE, portal="guangdong@test"),
        replace(HERE, login="fedcba9876543210"),
    ],
)
def test_it_is_used_nowhere_else(states: SessionStore, folder: Path, other: Binding) -> None:
    states.save(HERE, kept())
    (path,) = folder.iterdir()
    path.rename(folder / f"{other.login}.sealed")
    assert states.load(other) is None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("spoilt", ["", "gAAAAABn", "{}", "不是状态"])
def test_what_cannot_be_read_is_thrown_away(
    states: SessionStore, folder: Path, spoilt: str, lines: list[str]
) -> None:
    states.save(HERE, kept())
    (path,) = folder.iterdir()
    path.write_text(spoilt, encoding="utf-8")
    assert states.load(HERE) is None
    assert list(folder.iterdir()) == []
    assert "读不了" in lines[0]


@pytest.mark.parametrize("foreign", ["[]", "{}", '"bound"'])
def test_what_was_sealed_for_another_purpose_is_thrown_away(
    states: SessionStore, folder: Path, seal: Seal, foreign: str
) -> None:
    states.save(HERE, kept())
    (path,) = folder.iterdir()
    path.write_text(seal.seal(foreign))
    assert states.load(HERE) is None
    assert list(folder.iterdir()) == []


def test_with_another_key_it_is_thrown_away(states: SessionStore, folder: Path) -> None:
    states.save(HERE, kept())
    other = SessionStore(folder, Seal(Fernet.generate_key()))
    assert other.load(HERE) is None
    assert states.load(HERE) is None


def test_thrown_away_twice(states: SessionStore) -> None:
    states.save(HERE, kept())
    for _ in range(2):
        states.discard(HERE)
    assert states.load(HERE) is None


def test_a_place_that_cannot_be_written_costs_nothing_but_a_login(
    tmp_path: Path, seal: Seal, lines: list[str]
) -> None:
    (tmp_path / "sessions").write_text("a file where the folder should be")
    states = SessionStore(tmp_path / "sessions", seal)
    states.save(HERE, kept())
    assert "没有保存" in lines[0]
    assert "c2VjcmV0" not in lines[0]
