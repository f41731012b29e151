"""The lock files: complete, portable, in agreement."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def locked(name: str) -> dict[str, str]:
    """Name → version."""
    text = (TOP / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_only(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    form = re.compile(
        r"[a-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", re.IGNORECASE
    )
    assert [line for line in text.splitlines() if not form.fullmatch(line)] == []
    assert all(f"{package}==" in text for package in locked(name))


@pytest.mark.parametrize(("name", "extra"), [(LOCKS[0], None), (LOCKS[1], None), (LOCKS[1], "dev")])
def test_a_lock_holds_every_requirement(name: str, extra: str | None) -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    names = {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in wanted}
    assert names <= locked(name).keys()


def test_the_build_backend_is_locked() -> None:
    for name in LOCKS:
        assert {"hatchling", "editables"} <= locked(name).keys()


def test_the_locks_agree() -> None:
    runtime, dev = (locked(name) for name in LOCKS)
    assert runtime.items() <= dev.items()
