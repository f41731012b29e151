"""Status, pause, resume, cancel and submit: what needs the ledger alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rpa.cli.main import main
from rpa.cli.shared.options import other_addresses
from rpa.engine.operations.target import unserved
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.data.tasks import Task
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from tests.cli.conftest import TOP, Rpa
from tests.cli.desk_clerk import started
from tests.support import henan
from tests.support.ledger import portal_state

LIGHT = "operations"
"""The room of the engine that only looks at the ledger."""
REAL, TEST = "henan", "henan@http://127.0.0.1:9"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return henan.write(tmp_path / "六月 批次.xlsx", henan.rows(3))


def submit(book: Path, *options: str) -> str:
    """The batch's id."""
    assert main(["submit", str(book), "--json", *options]) in (0, 1)
    with Ledger.open(load_settings().ledger_url) as ledger:
        return next(batch.id for batch in ledger.batches.all() if batch.workbook == book.resolve())


def take(ledger: Ledger, portal: str = REAL) -> Task:
    """Claim the first task that is due, as a worker does."""
    if "w" not in ledger.workers.alive(60):
        ledger.workers.sign_on("w", host="host", pid=1)
    ticket = ledger.ready_tasks.find(portal, 1)[0]
    task = ledger.tasks.claim(ticket, "w", alive={"w"})
    assert task is not None
    return task


def end(ledger: Ledger, task: Task, verdict: Verdict) -> None:
    attempt = ledger.filings.begin_attempt(task.filing_id, "w")
    assert ledger.tasks.end(task.ticket, "w", attempt, Outcome(verdict, "测试"))


def document(capsys: Shown, *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_submit_says_what_it_did(book: Path, home: Path, capsys: Shown) -> None:
    assert main(["submit", str(book)]) == 0
    shown = capsys.readouterr()
    assert "排队 3 户，以前已办妥 0 户，需更正 0 行" in shown.out
    assert "rpa worker" in shown.err
    again = document(capsys, "submit", str(book))
    assert (again["planned"], again["done"], again["blocked"]) == (3, 0, [])


def test_submit_tells_rows_that_cannot_be_filed(tmp_path: Path, home: Path, capsys: Shown) -> None:
    rows = henan.rows(2)
    rows[0] |= {"authorisation": ""}
    book = henan.write(tmp_path / "批次.xlsx", rows)
    assert main(["submit", str(book)]) == 1
    shown = capsys.readouterr().out
    assert "排队 1 户，以前已办妥 0 户，需更正 1 行" in shown
    assert f"第 2 行 {rows[0]['name']}：" in shown


def test_submit_leaves_alone_what_is_filed(book: Path, ledger: Ledger, capsys: Shown) -> None:
    submit(book)
    end(ledger, take(ledger), Verdict.SUBMITTED)
    again = document(capsys, "submit", str(book))
    assert (again["planned"], again["done"]) == (2, 1)


def test_submit_and_status_need_no_browser_and_no_queue(book: Path, environment: dict[str, str]) -> None:
    probe = "import sys; from rpa.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"
    for words in (["submit", str(book)], ["status"], ["status", "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", probe, *words],
            cwd=TOP,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        modules = set(done.stdout.split())
        assert not modules & {"dbos", "playwright", "openpyxl"}
        if words[0] == "status":
            engine = {module for module in modules if module.startswith("rpa.engine.")}
            assert {module.split(".")[2] for module in engine} <= {LIGHT}


def test_status_of_everything(book: Path, ledger: Ledger, capsys: Shown) -> None:
    assert main(["status"]) == 0
    assert "台账中还没有批次。" in capsys.readouterr().out
    batch = submit(book)
    end(ledger, take(ledger), Verdict.REFUSED)
    take(ledger)
    ledger.portals.pause(REAL, "测试暂停", probe_at=datetime.now(UTC))
    ledger.requests.ask(NewRequest("captcha", "?", datetime.now(UTC) + timedelta(hours=1), batch_id=batch))
    capsys.readouterr()
    assert main(["status"]) == 0
    shown = capsys.readouterr().out
    row = next(line for line in shown.splitlines() if line.startswith(batch))
    assert row.split() == [batch, "六月", "批次", "办理中", "3", "1", "1", "1", "平台退回", "1"]
    assert "已暂停：测试暂停（" in shown
    assert "办理程序：1 个在运行" in shown
    assert "等待人工处理的待办：1 条" in shown
    facts = document(capsys, "status")
    assert facts["schema"] == "wengang-rpa/status/1"
    assert facts["batches"][0]["states"] == {"RUNNING": 1, "QUEUED": 0, "WAITING": 1}
    assert {portal["portal"]: portal["why"] for portal in facts["portals"]} == {
        REAL: "测试暂停",
        "guangdong": "",
    }
    assert facts["requests"] == 1


def test_status_of_one_batch(book: Path, ledger: Ledger, capsys: Shown) -> None:
    batch = submit(book)
    end(ledger, take(ledger), Verdict.SUBMITTED)
    task = take(ledger)
    attempt = ledger.filings.begin_attempt(task.filing_id, "w")
    ledger.tasks.end(task.ticket, "w", attempt, Outcome(Verdict.UNAVAILABLE, "?"), again_after=600)
    capsys.readouterr()
    assert main(["status", batch.lower()]) == 0
    shown = capsys.readouterr().out
    assert "已办 1/3 户，近 10 分钟每分钟 0.1 户，预计还要 20 分钟" in shown
    assert "下一户自动重试：" in shown
    facts = document(capsys, "status", batch)
    assert facts["by_portal"] == {REAL: {"SUBMITTED": 1, "WAITING": 2}}
    assert (facts["rate_per_minute"], facts["seconds_left"]) == (0.1, 1200)


def test_status_tells_opening_hours(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(hours=8, days=1)).isoweekday()
    monkeypatch.setenv("RPA_PORTALS__HENAN__OPENING_HOURS", f'["{tomorrow} 08:00-09:00"]')
    assert main(["status"]) == 0
    assert "不在办理时间，" in capsys.readouterr().out


def test_watching_ends_with_the_batch(book: Path, ledger: Ledger, environment: dict[str, str]) -> None:
    batch = submit(book)
    tasks = [take(ledger) for _ in range(3)]
    with started(environment, "status", batch, "--watch") as watching:
        assert watching.stdout is not None
        first = watching.stdout.readline().rstrip()
        for task in tasks:
            end(ledger, task, Verdict.SUBMITTED)
        *_, last = watching.stdout.read().splitlines()
        watching.wait(timeout=100)
    assert watching.returncode == 0
    assert first == f"{batch} 办理中：已办 0/3 户，正在办理 3 户，待办 0 条"
    assert last == f"{batch} 已办完：已办 3/3 户，正在办理 0 户，待办 0 条；已提交 3"


def test_pause_and_resume_a_batch(book: Path, ledger: Ledger, capsys: Shown) -> None:
    batch = submit(book)
    take(ledger)
    assert document(capsys, "pause", batch) == {
        "schema": "wengang-rpa/pause/1",
        "target": batch,
        "changed": True,
        "running": 1,
    }
    assert ledger.batches.get(batch).state is BatchState.PAUSED
    assert ledger.ready_tasks.find(REAL, 9) == []
    assert main(["pause", batch]) == 0
    shown = capsys.readouterr().out
    assert "早已暂停" in shown
    assert "正在办理的 1 户会办完。" in shown
    assert main(["resume", batch]) == 0
    assert len(ledger.ready_tasks.find(REAL, 9)) == 2


@pytest.mark.parametrize("name", ["河南", "henan"])
def test_pause_and_resume_a_portal(name: str, book: Path, ledger: Ledger, capsys: Shown) -> None:
    submit(book)
    assert main(["pause", name]) == 0
    assert portal_state(ledger, REAL).why.startswith("由")
    assert main(["pause", name]) == 0
    assert "平台“河南”早已暂停。" in capsys.readouterr().out
    assert main(["resume", name]) == 0
    assert portal_state(ledger, REAL).paused_at is None


def test_a_portal_in_another_environment(tmp_path: Path, book: Path, ledger: Ledger, capsys: Shown) -> None:
    submit(book, "--base-url", f"henan={TEST.partition('@')[2]}")
    assert document(capsys, "pause", "河南")["target"] == TEST  # the only one that the ledger knows
    submit(henan.write(tmp_path / "另一批.xlsx", henan.rows(1)))
    assert main(["resume", "河南"]) == 2
    assert f"有几个环境，请写明是哪一个：{REAL}、{TEST}" in capsys.readouterr().err
    assert document(capsys, "resume", TEST)["changed"] is True


def test_cancel_a_batch(book: Path, ledger: Ledger, capsys: Shown) -> None:
    batch = submit(book)
    perhaps = take(ledger)
    attempt = ledger.filings.begin_attempt(perhaps.filing_id, "w")
    assert ledger.intents.win(perhaps.filing_id, attempt, batch_id=batch)
    ledger.tasks.end(perhaps.ticket, "w", attempt, Outcome(Verdict.UNCONFIRMED, "测试"))
    take(ledger)
    capsys.readouterr()
    assert main(["cancel", batch, "--yes"]) == 0
    shown = capsys.readouterr().out
    assert f"已取消批次 {batch}中未办的 1 户。" in shown
    assert "正在办理的 1 户在提交之前停下" in shown
    assert "提交可能已发出的 1 户仍是“待核实”，请用 rpa reconcile 核实。" in shown
    assert ledger.batches.get(batch).state is BatchState.CANCELLED
    assert main(["resume", batch]) == 2
    assert "rpa run" in capsys.readouterr().err


def test_cancel_a_portal(book: Path, ledger: Ledger, capsys: Shown) -> None:
    batch = submit(book)
    assert document(capsys, "cancel", "河南", "--yes")["cancelled"] == 3
    assert ledger.counts.unfinished(batch) == {}


def test_cancelling_asks_first(book: Path, ledger: Ledger, rpa: Rpa) -> None:
    batch = submit(book)
    done = rpa("cancel", batch, encoding="gbk")
    assert done.returncode == 2
    assert "请加 --yes" in done.stderr
    assert ledger.counts.unfinished(batch) == {REAL: 3}


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "status", "retry", "track", "results"])
def test_an_unknown_name_is_told_with_those_that_exist(
    command: str, book: Path, home: Path, capsys: Shown
) -> None:
    batch = submit(book)
    options = ["--verdict", "平台退回"] if command == "retry" else []
    assert main([command, "广西", *options]) == 2
    assert f"现有批次：{batch}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("verdict", "said"), [("已提交", "rpa track"), ("ALREADY_FILED", "rpa track"), ("好了", "可以重办的")]
)
def test_a_verdict_that_is_not_worked_on_again(verdict: str, said: str, home: Path, capsys: Shown) -> None:
    assert main(["retry", "B1", "--verdict", verdict]) == 2
    assert said in capsys.readouterr().err


def test_a_changed_or_lost_workbook_is_told(
    book: Path, ledger: Ledger, tmp_path: Path, capsys: Shown
) -> None:
    batch = submit(book)
    end(ledger, take(ledger), Verdict.REFUSED)
    moved = book.rename(tmp_path / "搬走.xlsx")
    assert main(["results", batch]) == 2
    assert "请用 --workbook 指明" in capsys.readouterr().err
    assert main(["results", batch, "--workbook", str(moved)]) == 1
    assert "共 3 户（平台退回 1，未办 2）" in capsys.readouterr().out
    henan.write(moved, henan.rows(2))
    for command in (["results"], ["retry", "--verdict", "平台退回", "--operator", "none"], ["track"]):
        assert main([command[0], batch, *command[1:], "--workbook", str(moved)]) == 2
        assert "工作簿已改动，请用 rpa run 重新登记" in capsys.readouterr().err


def test_a_batch_at_another_address_is_not_worked_on_here(book: Path, home: Path, capsys: Shown) -> None:
    batch = submit(book, "--base-url", f"henan={TEST.partition('@')[2]}")
    assert main(["reconcile", batch]) == 2
    assert f"请加 --base-url {TEST.replace('@', '=')}" in capsys.readouterr().err


def test_a_paused_batch_is_not_worked_on(book: Path, ledger: Ledger, capsys: Shown) -> None:
    batch = submit(book)
    ledger.batches.set_state(batch, BatchState.PAUSED)
    assert main(["track", batch]) == 2
    assert f"rpa resume {batch}" in capsys.readouterr().err


def test_evidence_goes_by_the_batch_too(book: Path, home: Path, capsys: Shown) -> None:
    batch = submit(book)
    assert main(["results", batch]) == 1
    capsys.readouterr()
    assert main(["evidence", "verify", batch.lower()]) == 2
    assert capsys.readouterr().out.startswith("证据完好")


def test_a_worker_says_what_it_leaves_lying(book: Path, home: Path) -> None:
    submit(book, "--base-url", f"henan={TEST.partition('@')[2]}")
    with Ledger.open(load_settings().ledger_url) as ledger:
        assert unserved(ledger, load_settings()) == {TEST}
    settings = load_settings(portals=other_addresses([TEST.replace("@", "=")]))
    with Ledger.open(load_settings().ledger_url) as ledger:
        assert unserved(ledger, settings) == set()
