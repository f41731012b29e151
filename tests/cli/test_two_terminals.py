"""``rpa run`` in one terminal, ``rpa requests`` and ``rpa answer`` in another: as a person works."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.evidence.bag.verify import verify
from tests.cli.conftest import Rpa
from tests.support import henan

pytestmark = pytest.mark.counts_commits


@contextmanager
def running(book: Path, portal: MockPortal, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "rpa", "run", str(book), "--operator", "none", "--json"]
    address = f"henan={portal.url}"
    with subprocess.Popen(
        [*command, "--base-url", address],
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def waiting(rpa: Rpa, process: subprocess.Popen[str]) -> dict[str, Any]:
    """The first request in line, once there is one."""
    while process.poll() is None:
        found = json.loads(rpa("requests", "--json").stdout)["requests"]
        if found:
            return dict(found[0])
    raise AssertionError(f"rpa run ended early: {process.communicate()}")


def captcha(portal_world: World, picture: Path) -> str:
    shown = hashlib.sha256(picture.read_bytes()).hexdigest()
    return next(made.text for made in portal_world.captchas() if made.picture_sha256 == shown)


@pytest.mark.thorough
def test_a_second_terminal_answers(rpa: Rpa, environment: dict[str, str], tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "六月 批次.xlsx", rows)
    with (
        MockPortal(world=henan.world(rows)) as portal,
        running(book, portal, environment) as process,
    ):
        asked = waiting(rpa, process)
        assert (asked["kind"], asked["employer"]) == ("captcha", rows[0]["name"])
        assert rpa("answer", asked["id"], "--refresh").returncode == 0
        stale = asked["picture_id"]
        while (asked := waiting(rpa, process))["picture_id"] == stale:
            pass
        old = rpa("answer", stale, "abcd")
        assert old.returncode == 2
        assert "图片" in old.stderr
        text = captcha(portal.world, Path(asked["picture"]))
        assert rpa("answer", asked["picture_id"], text).returncode == 0
        asked = waiting(rpa, process)
        assert asked["kind"] == "approval"
        assert rpa("answer", asked["id"], "y").returncode == 0
        out, _ = process.communicate(timeout=200)
        commits = len(portal.world.journal("submit"))
    document = json.loads(out)
    assert document["counts"] == {"SUBMITTED": 1}
    assert process.returncode == 0
    assert commits == 1
    assert Path(document["results"]).parent == book.parent


@pytest.mark.thorough
def test_a_run_that_is_killed_loses_nothing(rpa: Rpa, environment: dict[str, str], tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        with running(book, portal, environment) as process:
            asked = waiting(rpa, process)
            text = captcha(portal.world, Path(asked["picture"]))
            assert rpa("answer", asked["picture_id"], text).returncode == 0
            assert waiting(rpa, process)["kind"] == "approval"  # saved, not submitted: killed here
        assert portal.world.journal("submit") == ()
        with running(book, portal, environment) as process:
            while (asked := waiting(rpa, process))["kind"] == "approval":
                pass  # left over by the killed run, until the new one has started
            text = captcha(portal.world, Path(asked["picture"]))
            assert rpa("answer", asked["picture_id"], text).returncode == 0
            asked = waiting(rpa, process)
            assert asked["kind"] == "approval"
            assert rpa("answer", asked["id"], "y").returncode == 0
            out, _ = process.communicate(timeout=200)
        commits = len(portal.world.journal("submit"))
    document = json.loads(out)
    assert document["counts"] == {"SUBMITTED": 1}
    assert document["filings"][0]["attempts"] == 2
    assert commits == 1
    assert verify(Path(document["evidence"])).intact
