"""Batches, filings and intents: at most once, whatever crashes."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stdnum.cn import uscc

from rpa.errors import UserError
from rpa.filing import Employer, Filing, Outcome, Record, Verdict
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import Batch

SHA = "0" * 64


def employer(number: int) -> Employer:
    body = f"91410100MA{number:07d}"
    return Employer(name=f"试验企业{number}有限公司", code=body + uscc.calc_check_digit(body))


def filing(number: int = 1) -> Filing:
    return Filing("henan", "南阳", "2024", "稳岗返还", 2024, employer(number), row=number + 1, row_hash=SHA)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/我的 台账/ledger.db"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


@pytest.fixture
def batch(ledger: Ledger, tmp_path: Path) -> Batch:
    return open_batch(ledger, tmp_path)


def open_batch(ledger: Ledger, tmp_path: Path, *, name: str = "批次.xlsx", sha256: str = SHA) -> Batch:
    return ledger.open_batch(
        name=name, workbook=tmp_path / name, workbook_sha256=sha256, evidence=tmp_path / "evidence"
    )


def test_only_the_owner_can_read_the_database(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "我的 台账"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert modes.pop("我的 台账") == 0o700
    assert {"ledger.db"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_batch_ids_are_short_and_count_the_day(ledger: Ledger, tmp_path: Path) -> None:
    first = open_batch(ledger, tmp_path)
    second = open_batch(ledger, tmp_path, name="另一批.xlsx")
    assert first.id.endswith("-1")
    assert second.id == first.id[:-1] + "2"
    assert second.evidence == tmp_path / "evidence" / second.id
    assert [one.id for one in ledger.batches()] == [second.id, first.id]
    assert ledger.batch(first.id) == first


def test_the_same_workbook_is_the_same_batch(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    ledger.enrol(batch.id, filing())
    assert open_batch(ledger, tmp_path) == batch
    assert len(ledger.outcomes(batch.id)) == 1


def test_a_corrected_workbook_enrols_its_rows_anew(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    before = ledger.enrol(batch.id, filing())
    again = open_batch(ledger, tmp_path, sha256="1" * 64)
    assert (again.id, again.workbook_sha256) == (batch.id, "1" * 64)
    assert ledger.outcomes(batch.id) == []
    assert ledger.enrol(batch.id, filing()).filing_id == before.filing_id


def test_unknown_batch(ledger: Ledger) -> None:
    with pytest.raises(UserError, match="没有批次 B1"):
        ledger.batch("B1")


def test_enrolling_twice_is_one_filing(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    first = ledger.enrol(batch.id, filing())
    assert ledger.enrol(batch.id, filing()) == first
    assert ledger.enrol(other.id, replace(filing(), row=9)) == replace(first, row=9)
    assert ledger.enrol(batch.id, replace(filing(), year=2023, row=10)).filing_id != first.filing_id


def test_state_follows_attempts_and_outcomes(ledger: Ledger, batch: Batch) -> None:
    state = ledger.enrol(batch.id, filing())
    assert (state.verdict, state.outcome, state.attempts, state.intent_at) == (None, None, 0, None)

    assert ledger.begin_attempt(state.filing_id, "甲机") == 1
    ledger.record(state.filing_id, 1, Outcome(Verdict.UNAVAILABLE, "平台维护中"))
    assert ledger.begin_attempt(state.filing_id, "乙机") == 2
    assert ledger.state(state.filing_id).verdict is Verdict.UNAVAILABLE

    done = Outcome(
        Verdict.SUBMITTED,
        "在办理进度查询中查到",
        record=Record("稳岗返还申请", "试验企业1有限公司", serial="4113002024000001"),
        submitted_at=datetime(2024, 11, 21, 8, 0, tzinfo=UTC),
    )
    ledger.record(state.filing_id, 2, done)
    found = ledger.find(filing().key)
    assert found is not None
    assert (found.outcome, found.attempts, found.row) == (done, 2, None)
    assert ledger.outcomes(batch.id) == [replace(found, row=2)]


def test_the_later_outcome_of_an_attempt_counts(ledger: Ledger, batch: Batch) -> None:
    number = ledger.enrol(batch.id, filing()).filing_id
    ledger.begin_attempt(number, "甲机")
    ledger.record(number, 1, Outcome(Verdict.UNCONFIRMED, "待核实"))
    ledger.record(number, 1, Outcome(Verdict.SUBMITTED, "已核实"))
    assert ledger.state(number).verdict is Verdict.SUBMITTED


def test_many_rows_at_once(ledger: Ledger, batch: Batch) -> None:
    rows = [filing(number) for number in range(1200)]
    states = ledger.enrol_all(batch.id, rows)
    assert [state.key for state in states] == [row.key for row in rows]
    assert ledger.enrol_all(batch.id, []) == []
    known = ledger.find_all([row.key for row in rows] + [("guangdong", *rows[0].key[1:])])
    assert known.keys() == {row.key for row in rows}
    assert [state.row for state in ledger.outcomes(batch.id)] == [row.row for row in rows]


def test_unknown_filings(ledger: Ledger) -> None:
    assert ledger.find(filing().key) is None
    with pytest.raises(KeyError):
        ledger.state(7)


def test_the_second_intent_is_refused(ledger: Ledger, batch: Batch) -> None:
    number = ledger.enrol(batch.id, filing()).filing_id
    attempt = ledger.begin_attempt(number, "甲机")
    assert ledger.win_intent(number, attempt)
    assert not ledger.win_intent(number, attempt)
    assert ledger.state(number).intent_at is not None


RACER = """
import sys
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1]) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(1, 41):
        attempt = ledger.begin_attempt(number, sys.argv[2])
        print(int(ledger.win_intent(number, attempt)), flush=True)
"""


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_processes_racing_for_an_intent(ledger: Ledger, batch: Batch, url: str) -> None:
    ledger.enrol_all(batch.id, [filing(number) for number in range(40)])
    racers = [start(RACER, url, name) for name in ("甲机", "乙机")]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [racer.communicate(timeout=60)[0].split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    assert [sorted(pair) for pair in zip(*won, strict=True)] == [["0", "1"]] * 40
    assert {state.attempts for state in ledger.outcomes(batch.id)} == {2}


def test_several_processes_may_open_a_new_database_at_once(url: str) -> None:
    script = (
        "import sys; from rpa.ledger.ledger import Ledger; sys.stdin.read(); Ledger.open(sys.argv[1]).close()"
    )
    openers = [start(script, url) for _ in range(4)]
    for opener in openers:
        opener.communicate("", timeout=60)
    assert [opener.returncode for opener in openers] == [0] * 4


CRASHER = """
import sys
from rpa.ledger import tables
from rpa.ledger.ledger import Ledger
ledger = Ledger.open(sys.argv[1])
print(int(ledger.win_intent(1, ledger.begin_attempt(1, "甲机"))), flush=True)
with ledger._write() as connection:
    connection.execute(tables.intents.insert().values(filing_id=2, attempt=1, at=ledger.state(1).intent_at))
    print("in the middle", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_kill_keeps_what_was_committed_and_nothing_else(ledger: Ledger, batch: Batch, url: str) -> None:
    ledger.enrol_all(batch.id, [filing(1), filing(2)])
    crasher = start(CRASHER, url)
    assert crasher.stdout is not None
    assert [crasher.stdout.readline(), crasher.stdout.readline()] == ["1\n", "in the middle\n"]
    crasher.send_signal(signal.SIGKILL)
    crasher.communicate(timeout=60)
    assert not ledger.win_intent(1, ledger.begin_attempt(1, "乙机"))
    assert ledger.win_intent(2, ledger.begin_attempt(2, "乙机"))


def test_another_version_of_the_tables_is_refused(url: str, tmp_path: Path) -> None:
    Ledger.open(url).close()
    connection = sqlite3.connect(tmp_path / "我的 台账" / "ledger.db")
    connection.execute("UPDATE ledger_schema SET version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(UserError, match="第 99 版"):
        Ledger.open(url)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"PK\x03\x04 this is a workbook" * 100)
    with pytest.raises(UserError, match="不是台账数据库"):
        Ledger.open(f"sqlite:///{path}")
    with pytest.raises(UserError, match="格式不对"):
        Ledger.open("nonsense")
    with pytest.raises(UserError, match="只支持"):
        Ledger.open("mysql://localhost/x")
    with pytest.raises(UserError, match="写不了"):
        Ledger.open(f"sqlite:///{path}/ledger.db")
