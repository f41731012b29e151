"""How the tests record a filing, as the engine does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from stdnum.cn import uscc

from rpa.evidence.files import sha256
from rpa.evidence.recorder import EQUAL, Recorder
from rpa.filing import Employer, Filing, Outcome, Record, Verdict

JPEG = b"\xff\xd8\xff\xe0 a picture of a page \xff\xd9"
DONE = Outcome(
    Verdict.SUBMITTED,
    "在办理进度查询中查到，受理流水号 411302202600001234",
    record=Record("稳岗返还申请", "试验企业", acceptance="已受理", serial="411302202600001234"),
    submitted_at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
)


def filing(number: int = 1, name: str = "") -> Filing:
    body = f"91410100MA{number:07d}"
    employer = Employer(name or f"试验企业{number}有限公司", body + uscc.calc_check_digit(body))
    return Filing("henan", "南阳", "2024", "稳岗返还", 2026, employer, row=number + 2, row_hash="ab" * 32)


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
