"""The commands as a person runs them: in a process of their own, with a user's folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_portal.server import MockPortal
from rpa.ledger.ledger import Ledger
from tests.cli.desk_clerk import in_a_hurry
from tests.cli.keyrings import NONE, use_none
from tests.support import henan

TOP = Path(__file__).parents[2]
Rpa = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, in a path with Chinese and spaces, on a machine without a keyring."""
    use_none(monkeypatch)
    folder = tmp_path / "用户 目录"
    monkeypatch.setenv("RPA_HOME", str(folder))
    return folder


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    """The user's."""
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as opened:
        yield opened


@pytest.fixture
def portal(home: Path) -> Iterator[MockPortal]:
    """Henan's, which knows two employers; its user has no time."""
    in_a_hurry(home)
    with MockPortal(world=henan.world(henan.rows(2))) as running:
        yield running


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """Of a command: this checkout on the path, the user's own folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RPA_", "PYTHON"))}
    ours = {"RPA_HOME": str(home), "PYTHONPATH": str(TOP), "PYTHON_KEYRING_BACKEND": NONE}
    return kept | ours | {"PYTHONWARNINGS": "error"}


@pytest.fixture
def rpa(environment: dict[str, str], tmp_path: Path) -> Rpa:
    """Run ``rpa …`` in an empty folder and return how it ended."""
    folder = tmp_path / "工作 目录"
    folder.mkdir()

    def run(*words: str | Path, encoding: str = "utf-8", text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rpa", *map(str, words)],
            cwd=folder,
            env=environment | {"PYTHONIOENCODING": encoding},
            input=text,
            capture_output=True,
            encoding=encoding,
            check=False,
            timeout=240,
        )

    return run
