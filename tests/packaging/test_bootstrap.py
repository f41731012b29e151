"""Preparing a checkout: older Pythons are told, the second time is a glance, the Makefile is thin."""

from __future__ import annotations

import ast
import os
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).parents[2]
SCRIPT = TOP / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, about to prepare a small checkout of its own."""
    spec = spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / f"rpa{module.EXE}").write_text("", encoding="utf-8")
    monkeypatch.setattr(module, "TOP", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "SCRIPTS", scripts)
    return module


@pytest.fixture
def installed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locks that were installed; nothing is."""
    locks: list[str] = []
    monkeypatch.setattr(bootstrap, "ensure_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "install", locks.append)
    return locks


def test_an_older_python_can_read_it() -> None:
    assert ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_second_time_nothing_is_installed(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.main([])
    bootstrap.main([])
    assert installed == ["requirements.lock"]


def test_what_the_tests_need_is_enough_to_run(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.main(["--dev"])
    bootstrap.main([])
    bootstrap.main(["--dev"])
    assert installed == ["requirements-dev.lock"]


def test_the_tests_need_more_than_running(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.main([])
    bootstrap.main(["--dev"])
    assert installed == ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_change_installs_again(changed: str, bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.main([])
    (bootstrap.TOP / changed).write_text("changed", encoding="utf-8")
    bootstrap.main([])
    assert len(installed) == 2


def test_a_failed_installation_is_not_taken_for_done(
    bootstrap: ModuleType, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_lock: str) -> None:
        raise SystemExit("no network")

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install", fail)
        with pytest.raises(SystemExit):
            bootstrap.main([])
    bootstrap.main([])
    assert installed == ["requirements.lock"]


def test_an_older_python_is_told_what_to_do(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"install Python 3\.11, 3\.12, 3\.13 or 3\.14"):
        bootstrap.ensure_python()


def test_an_older_python_hands_over_to_a_newer_one(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = tmp_path / "called.txt"
    newer = tmp_path / "python3.12"
    newer.write_text(f'#!/bin/sh\necho "$@" > "{called}"\n', encoding="utf-8")
    newer.chmod(0o755)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "--dev"])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        bootstrap.ensure_python()
    assert ended.value.code == 0
    assert called.read_text(encoding="utf-8") == "bootstrap.py --dev\n"


def test_a_failing_command_ends_it(bootstrap: ModuleType) -> None:
    with pytest.raises(SystemExit, match="failed"):
        bootstrap.run(sys.executable, "-c", "raise SystemExit(7)")


def test_ci_runs_the_test_command_alone() -> None:
    script = TOP / ".ci" / "run"
    commands = script.read_text(encoding="utf-8").splitlines()
    assert commands[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in commands
    assert commands[-1] == "make test"
    assert os.access(script, os.X_OK)


def test_the_makefile_is_thin() -> None:
    """Every recipe is one call of a command that works without make as well."""
    recipes = re.findall(r"^\t@?(.+)$", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipes
    for recipe in recipes:
        assert recipe.startswith(("$(BIN)/", "$(PYTHON) tools/", "rm -rf ", "grep ")), recipe
