"""Two machines on one PostgreSQL: each with a home of its own, the sealing key and a shared folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mock_portal.server import MockPortal
from rpa.ledger.data.requests import WaitingRequest
from rpa.settings.settings import load_settings
from rpa.workbook.reader import read_sheet
from tests.cli.desk_clerk import Clerk, in_a_hurry, started
from tests.support import henan

pytestmark = pytest.mark.counts_commits


def run(environment: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rpa", *map(str, words)],
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def machine(environment: dict[str, str], home: Path, url: str, shared: Path) -> dict[str, str]:
    in_a_hurry(home)
    own = {"RPA_HOME": str(home), "RPA_DATABASE_URL": url, "RPA_EVIDENCE_FOLDER": str(shared)}
    return environment | own | {"RPA_ENGINE__CONCURRENCY": "1"}


@pytest.mark.thorough
def test_one_submits_and_both_work(environment: dict[str, str], postgres_url: str, tmp_path: Path) -> None:
    rows, shared = henan.rows(4), tmp_path / "共享 证据"
    first = machine(environment, tmp_path / "甲机", postgres_url, shared)
    second = machine(environment, tmp_path / "乙机", postgres_url, shared)
    book = henan.write(tmp_path / "六月 批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        address = ["--base-url", f"henan={portal.url}"]
        work = ["worker", "--until-idle", "--operator", "none", *address]
        submitted = run(first, "submit", book, *address, "--json")
        assert submitted.returncode == 0, submitted.stderr
        batch = json.loads(submitted.stdout)["batch"]

        lacking = run(second, *work)
        assert lacking.returncode == 2
        assert "seal.key" in lacking.stderr
        shutil.copy(tmp_path / "甲机" / "seal.key", tmp_path / "乙机" / "seal.key")

        def when_both_have_begun(_request: WaitingRequest) -> str | None:
            """Either files one employer at a time: so neither does all of them while the other starts."""
            logged_in = {login.code for login in portal.world.journal("login")}
            return "y" if len(logged_in) > 1 else None

        with (
            Clerk(tmp_path / "乙机", portal.world, url=postgres_url, approval=when_both_have_begun),
            started(first, *work) as one,
            started(second, *work) as other,
        ):
            said = [process.communicate(timeout=240)[1] for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], said
        submits = Counter(line.code for line in portal.world.journal("submit"))
    assert submits == Counter(str(row["code"]) for row in rows)
    assert all("提交申报" in told for told in said), "both have worked"

    status = json.loads(run(second, "status", batch, "--json").stdout)
    assert status["batch"]["verdicts"] == {"SUBMITTED": 4}
    assert run(first, "results", batch).returncode == 0
    (results,) = book.parent.glob("*_结果_*.xlsx")
    assert len(read_sheet(results, settings=load_settings().workbook).rows) == len(rows)
    intact = run(second, "evidence", "verify", batch)
    assert intact.returncode == 2, intact.stdout
    assert "证据完好" in intact.stdout
    assert {path.name for path in (shared / batch / "data").iterdir()} >= {"index.html", "results.xlsx"}
