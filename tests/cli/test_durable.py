"""The commands of the queue as a person uses them: several processes, one ledger, real Chromium."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.server import MockPortal
from rpa.ledger.data.requests import WaitingRequest
from rpa.ledger.ledger import Ledger
from tests.cli.conftest import Rpa
from tests.cli.desk_clerk import Clerk, started
from tests.support import henan
from tests.support.waiting import until

pytestmark = pytest.mark.counts_commits


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return henan.write(tmp_path / "六月 批次.xlsx", henan.rows(1))


def work(portal: MockPortal, *options: str) -> list[str]:
    return ["--operator", "none", "--base-url", f"henan={portal.url}", "--json", *options]


def told(done: subprocess.CompletedProcess[str], code: int = 0) -> Any:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def nobody(_request: WaitingRequest) -> None:
    """Leaves a request waiting."""


def waits(home: Path, kind: str) -> bool:
    if not (home / "ledger.db").exists():
        return False
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        return any(request.kind == kind for request in ledger.requests.waiting())


def test_submit_then_worker_then_status(rpa: Rpa, home: Path, portal: MockPortal, tmp_path: Path) -> None:
    book = henan.write(tmp_path / "六月 批次.xlsx", henan.rows(2))
    address = f"henan={portal.url}"
    submitted = told(rpa("submit", book, "--base-url", address, "--json"))
    with Clerk(home, portal.world):
        done = rpa("worker", "--until-idle", "--operator", "none", "--base-url", address, encoding="gbk")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("【已提交】") == 2
    assert done.stderr.endswith("队列中没有要办的了。\n")
    status = told(rpa("status", submitted["batch"], "--json"))
    assert status["batch"]["verdicts"] == {"SUBMITTED": 2}
    assert len(list(book.parent.glob("*_结果_*.xlsx"))) == 1
    assert len(portal.world.journal("submit")) == 2


@pytest.mark.thorough
def test_one_interruption_ends_well_and_the_next_run_goes_on(
    rpa: Rpa, home: Path, environment: dict[str, str], portal: MockPortal, book: Path
) -> None:
    with (
        Clerk(home, portal.world, approval=nobody),
        started(environment, "run", book, *work(portal)) as process,
    ):
        until(lambda: waits(home, "approval"))
        busy = rpa("run", book, *work(portal))
        left = told(rpa("retry", _batch(home), "--verdict", "平台退回", *work(portal)))
        process.send_signal(signal.SIGINT)
        out, messages = process.communicate(timeout=100)
    assert busy.returncode == 2
    assert "本机已有办理程序在运行" in busy.stderr
    assert left["left_to_worker"] is True
    assert process.returncode == 130
    assert "正在停下：正在办的步骤办完就停" in messages
    assert "已停下：还有 1 户未办。" in messages
    assert json.loads(out)["unfinished"] == 1
    with Clerk(home, portal.world):
        again = told(rpa("run", book, *work(portal)))
    assert again["counts"] == {"SUBMITTED": 1}
    assert len(portal.world.journal("submit")) == 1


def test_two_interruptions_end_at_once(
    home: Path, environment: dict[str, str], portal: MockPortal, book: Path
) -> None:
    portal.world.faults.arm(Fault(FaultKind.LATENCY, Place.SAVE, milliseconds=200_000))
    with (
        Clerk(home, portal.world),
        started(environment, "run", book, *work(portal)) as process,
    ):
        until(lambda: not portal.world.faults.armed())  # it waits for the portal now
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while "正在停下" not in process.stderr.readline():  # two at once would be taken for one
            assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.send_signal(signal.SIGINT)
        out, messages = process.communicate(timeout=25)  # the step itself would take 30 seconds
    assert process.returncode == 130
    assert "正在立即停止" in messages
    assert json.loads(out)["unfinished"] == 1


@pytest.mark.thorough
def test_a_worker_that_is_told_to_end(home: Path, environment: dict[str, str], portal: MockPortal) -> None:
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        with started(environment, "worker", *work(portal)[:-1]) as process:
            assert process.stderr is not None
            assert "按 Ctrl+C 停下" in process.stderr.readline()
            until(lambda: _alive(home))
            os.kill(process.pid, number)
            _, messages = process.communicate(timeout=100)
        assert process.returncode == code
        assert "再次运行 rpa worker 继续" in messages


def test_a_cancelled_batch_stops_before_its_commit(
    rpa: Rpa, home: Path, environment: dict[str, str], portal: MockPortal, book: Path
) -> None:
    asked: list[bool] = []
    with (
        Clerk(home, portal.world, approval=lambda _: "y" if asked else None),
        started(environment, "run", book, *work(portal)) as process,
    ):
        until(lambda: waits(home, "approval"))
        cancelled = told(rpa("cancel", _batch(home), "--yes", "--json"))
        asked.append(True)
        out, _ = process.communicate(timeout=100)
    assert (cancelled["cancelled"], cancelled["running"]) == (0, 1)
    assert json.loads(out)["counts"] == {"CANCELLED": 1}
    assert portal.world.journal("submit") == ()


@pytest.mark.thorough
def test_retry_then_track(rpa: Rpa, home: Path, portal: MockPortal, book: Path) -> None:
    portal.world.faults.arm(Fault(FaultKind.MAINTENANCE, Place.LANDING, times=None))
    batch = told(rpa("run", book, *work(portal)), 1)["batch"]
    portal.world.faults.clear()
    with Clerk(home, portal.world):
        retried = told(rpa("retry", batch, "--verdict", "平台不可用", *work(portal)))
        assert retried["counts"] == {"SUBMITTED": 1}
        portal.world.clock.advance(timedelta(days=2))
        tracked = told(rpa("track", batch, *work(portal)))
    (change,) = tracked["changes"]
    assert change["before"].endswith("待办理")
    assert change["after"].endswith("审核中")
    assert tracked["results"] != retried["results"]
    assert len(portal.world.journal("submit")) == 1


@pytest.mark.thorough
def test_reconcile_until_a_person_declares_that_nothing_arrived(
    rpa: Rpa, home: Path, portal: MockPortal, book: Path
) -> None:
    portal.world.faults.arm(Fault(FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SUBMIT))
    with Clerk(home, portal.world, clearing=lambda _: next(says)) as clerk:
        says = iter(["n", "y"])
        batch = told(rpa("run", book, *work(portal)), 1)["batch"]
        missing = told(rpa("reconcile", batch, *work(portal)), 1)
        assert [one["result"] for one in missing["looked_up"]] == ["missing"]
        assert "首次查无记录：" in missing["looked_up"][0]["explanation"]
        cleared = told(rpa("reconcile", batch, *work(portal)))
    assert [one["result"] for one in cleared["looked_up"]] == ["cleared"]
    assert cleared["counts"] == {"SUBMITTED": 1}
    assert clerk.answered.count("clearing") == 2
    assert len(portal.world.filings()) == 1


def _batch(home: Path) -> str:
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        return ledger.batches.all()[0].id


def _alive(home: Path) -> bool:
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        return bool(ledger.workers.alive(30))
