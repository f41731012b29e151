"""How the tests record a filing, as the engine does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rpa.evidence.files import sha256
from rpa.evidence.recorder import EQUAL, Recorder
from rpa.filing import Filing, Outcome, Record, Verdict
from tests.ledger import builders

JPEG = b"\xff\xd8\xff\xe0 a picture of a page \xff\xd9"
DONE = Outcome(
    Verdict.SUBMITTED,
    "在办理进度查询中查到，受理流水号 411302202600001234",
    record=Record("稳岗返还申请", "试验企业", acceptance="已受理", serial="411302202600001234"),
    submitted_at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
)


def filing(number: int = 1, name: str = "") -> Filing:
    one = builders.filing(number, year=2026, row=number + 2, row_hash="ab" * 32)
    return replace(one, employer=replace(one.employer, name=name)) if name else one


def content(bag: Path) -> dict[str, bytes]:
    """Its files by their paths."""
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    return {path.relative_to(bag).as_posix(): path.read_bytes() for path in files}


def leave_file(recorder: Recorder, name: str, data: bytes) -> None:
    """A file that is no picture: what a crash left, told as the next attempt tells it."""
    (recorder.folder / name).write_bytes(data)
    recorder.line("补记：上次中断时已存的文件", file=name, sha256=sha256(data))


def record(folder: Path, one: Filing) -> Path:
    """One attempt, as the engine records it; returns the employer's folder."""
    with Recorder(folder, one, operator="王经办") as recorder:
        recorder.picture("登录单位网厅", JPEG, address="http://127.0.0.1/login", title="单位登录")
        recorder.answered("验证码", "王经办", datetime.now(UTC))
        recorder.picture("填写申请信息", JPEG + b"2", address="http://127.0.0.1/form", title="申请")
        recorder.compared({"户名": EQUAL, "银行账号": "不一致"})
        leave_file(recorder, "03_申报表.pdf", b"%PDF-1.7")
        recorder.ended(DONE)
        return recorder.folder
