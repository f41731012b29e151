"""What is recorded: numbered files, chained lines, and never a secret."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.errors import Superseded
from rpa.evidence.audit import START, AuditTrail, ChainBrokenError, read_lines
from rpa.evidence.bag.seal import seal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import anchor, folder_name, safe_name
from rpa.evidence.recorder import Recorder
from rpa.filing import Outcome, Record, Verdict
from rpa.privacy.masks import register_secret
from tests.evidence.recorded import DONE, JPEG, filing, record


def test_files_are_numbered_over_all_attempts(batch: Path, employer: Path) -> None:
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        assert recorder.picture("登录单位网厅", JPEG, address="", title="") == "04_登录单位网厅.jpg"
    assert sorted(path.name for path in employer.iterdir()) == [
        "01_登录单位网厅.jpg",
        "02_填写申请信息.jpg",
        "03_申报表.pdf",
        "04_登录单位网厅.jpg",
        "audit.jsonl",
    ]


def test_a_printout_is_a_numbered_file_with_a_line(batch: Path, employer: Path) -> None:
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        assert recorder.printout(b"%PDF-1.7") == "04_打印件.pdf"
    assert (employer / "04_打印件.pdf").read_bytes() == b"%PDF-1.7"
    line = list(read_lines((employer / "audit.jsonl").read_bytes()))[-1]
    assert (line.event, line.facts) == (
        "打印件",
        {"file": "04_打印件.pdf", "sha256": hashlib.sha256(b"%PDF-1.7").hexdigest(), "size": 8},
    )
    seal(batch)
    assert not verify(batch).problems
    (employer / "04_打印件.pdf").write_bytes(b"%PDF-1.4")
    assert [one.path for one in verify(batch).problems] == [f"data/{employer.name}/04_打印件.pdf"]


def test_a_worker_that_was_taken_for_dead_adds_nothing(batch: Path, employer: Path) -> None:
    """Another one went on with the filing: a line or a picture of the former would break its chain."""
    with Recorder(batch, filing(1), operator="甲机") as asleep:
        with Recorder(batch, filing(1), operator="乙机") as taking_over:
            taking_over.picture("登录单位网厅", JPEG, address="", title="")
        before = {path.name: path.read_bytes() for path in employer.iterdir()}
        with pytest.raises(Superseded):
            asleep.line("步骤", step="提交申报")
        with pytest.raises(Superseded):
            asleep.picture("登录单位网厅", b"another", address="", title="")
    assert {path.name: path.read_bytes() for path in employer.iterdir()} == before
    assert list(read_lines(before["audit.jsonl"]))


def test_clearing_an_intent_is_told(batch: Path, employer: Path) -> None:
    seen = (datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 21, 2, tzinfo=UTC))
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        recorder.cleared("李主管", seen_missing=seen)
    line = list(read_lines((employer / "audit.jsonl").read_bytes()))[-1]
    assert (line.event, line.facts["who"]) == ("清除提交意向", "李主管")
    assert line.facts["seen_missing"] == ["2026-11-20T09:00:00+08:00", "2026-11-21T10:00:00+08:00"]


def test_only_the_owner_can_read_the_evidence(batch: Path, employer: Path) -> None:
    for folder in (batch, employer):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_lines_are_canonical_and_chained(employer: Path) -> None:
    rows = (employer / "audit.jsonl").read_bytes().splitlines()
    previous = START
    for number, row in enumerate(rows, 1):
        content = json.loads(row)
        assert row == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert (content["seq"], content["previous"]) == (number, previous)
        assert content["time"].endswith("+08:00")
        previous = hashlib.sha256(row).hexdigest()


def test_lines_tell_what_an_auditor_asks(employer: Path) -> None:
    lines = list(read_lines((employer / "audit.jsonl").read_bytes()))
    assert [line.event for line in lines] == [
        "开始记录",
        "截图",
        "人工答复",
        "截图",
        "核对页面与表格",
        "补记：上次中断时已存的文件",
        "办理结论",
    ]
    start, picture, answered, _, compared, _, ended = (line.facts for line in lines)
    assert (start["row_hash"], start["operator"], start["edition"]) == ("ab" * 32, "王经办", "2024")
    assert picture["sha256"] == hashlib.sha256(JPEG).hexdigest()
    assert (picture["address"], picture["title"]) == ("http://127.0.0.1/login", "单位登录")
    assert (answered["kind"], answered["who"]) == ("验证码", "王经办")
    assert compared["results"] == [["户名", "一致"], ["银行账号", "不一致"]]
    assert ended["record"]["serial"] == "411302202600001234"
    assert ended["explanation"] == "在办理进度查询中查到，受理流水号 411302202600001234"
    assert ended["submitted_at"] == "2026-11-22T09:30:00+08:00"


def test_secrets_and_personal_data_are_in_no_file(batch: Path) -> None:
    captcha, password = register_secret("q7Zr2"), register_secret("Passw0rd!x")
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        recorder.line(f"输入 {captcha}", told=[{"deep": f"密码{password}"}], phone="13837700001")
        recorder.picture(
            f"步骤{captcha}", JPEG, address=f"http://127.0.0.1/?p={password}", title="41001522010059888888"
        )
        recorder.answered("验证码", f"王经办{captcha}", datetime.now(UTC))
        record = Record("稳岗返还申请", password, serial="411302202600001234")
        why = f"{captcha}，账号 41001522010059888888，流水号 411302202600001234"
        recorder.ended(Outcome(Verdict.SUBMITTED, why, f"打 13837700001 问 {captcha}", record))
    names = "".join(str(path) for path in batch.rglob("*"))
    written = names.encode() + b"".join(path.read_bytes() for path in batch.rglob("*") if path.is_file())
    for value in (captcha, password, "13837700001", "41001522010059888888"):
        assert value.encode() not in written
    for value in (filing(1).employer.code, "流水号 411302202600001234", '"serial":"411302202600001234"'):
        assert value.encode() in written


CRASHER = """
import sys
from pathlib import Path
from tests.evidence.recorded import JPEG, filing
from rpa.evidence.recorder import Recorder
recorder = Recorder(Path(sys.argv[1]), filing(1), operator="王经办")
print("ready", flush=True)
while True:
    recorder.picture("填写申请信息", JPEG * 50, address="http://127.0.0.1/form", title="申请")
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_killed_recording_goes_on(batch: Path) -> None:
    for _ in range(3):
        crasher = subprocess.Popen(
            [sys.executable, "-c", CRASHER, str(batch)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert crasher.stdout is not None
        assert crasher.stdout.readline() == b"ready\n"
        crasher.send_signal(signal.SIGKILL)
        crasher.communicate(timeout=60)
    record(batch, filing(1))
    assert verify(batch).problems == ()


def test_a_torn_line_is_moved_aside_and_noted(batch: Path, employer: Path) -> None:
    trail = employer / "audit.jsonl"
    whole = trail.read_bytes()
    trail.write_bytes(whole + b'{"event":"half')
    with AuditTrail(trail):
        pass
    assert (employer / "audit.torn-1.txt").read_bytes() == b'{"event":"half'
    *before, noted = read_lines(trail.read_bytes())
    assert len(before) == len(whole.splitlines())
    assert (noted.event, noted.facts["file"]) == ("上次记录中断，残行已移出", "audit.torn-1.txt")
    assert verify(batch).problems == ()


def test_a_file_without_its_line_is_noted_by_the_next_attempt(batch: Path, employer: Path) -> None:
    (employer / "04_保存.jpg").write_bytes(JPEG)
    assert [str(one) for one in verify(batch).problems] == [
        f"多出：data/{employer.name}/04_保存.jpg（记录中没有这个文件）"
    ]
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        recorder.ended(DONE)
    assert verify(batch).problems == ()
    assert "补记" in (employer / "audit.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('甲<乙>:"丙"/丁\\戊|己?庚*', "甲_乙___丙__丁_戊_己_庚_"),
        ("CON", "_CON"),
        ("nul.jpg", "_nul.jpg"),
        ("com¹", "_com¹"),
        ("名称. . ", "名称"),
        ("..", "_"),
        ("", "_"),
        ("甲\u202e\u200b\n乙", "甲乙"),
        ("长" * 200, "长" * 60),
    ],
)
def test_names_that_every_system_takes(text: str, expected: str) -> None:
    assert safe_name(text) == expected


def test_folders_and_anchors_are_each_filings_own() -> None:
    same_name = [filing(number, "郑州/试验:企业") for number in range(5)]
    assert len({folder_name(one) for one in same_name}) == 5
    assert len({anchor(one) for one in same_name}) == 5
    assert folder_name(same_name[1]) == folder_name(filing(1, "郑州/试验:企业"))
    assert all(anchor(one).isascii() for one in same_name)
    assert len(folder_name(filing(1, "长" * 300))) <= 56


def test_lines_that_are_no_records_are_refused() -> None:
    for row in (b"nonsense\n", b"[]\n", b"{}\n", b'{"seq":1}\n'):
        with pytest.raises(ChainBrokenError, match="第 1 行不是有效的记录"):
            list(read_lines(row))
