"""``rpa template`` and ``rpa check`` in a process of their own, on a Chinese console too."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rpa.cli.main import main
from rpa.filing import Outcome, Verdict
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from rpa.workbook.preflight import check
from rpa.workbook.reader import read_sheet
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.cli.conftest import Rpa

TODAY = datetime.now(timezone(timedelta(hours=8))).date()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Three clean rows, in a path with Chinese and spaces."""
    folder = tmp_path / "六月 批次"
    folder.mkdir()
    return write_sample(folder / "稳岗 返还.xlsx", sample_rows(3, TODAY.year), portals=["河南"])


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_template_writes_a_workbook(encoding: str, rpa: Rpa, tmp_path: Path) -> None:
    out = tmp_path / "新 表（一）.xlsx"
    done = rpa("template", out, encoding=encoding)
    assert (done.returncode, done.stdout) == (0, f"已生成：{out}\n")
    assert "rpa check" in done.stderr
    assert "填报表" in load_workbook(out).sheetnames


def test_template_leaves_an_existing_file_alone(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "表.xlsx"
    out.write_bytes(b"mine")
    assert main(["template", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert out.read_bytes() == b"mine"
    assert main(["template", str(out), "--force"]) == 0
    assert out.read_bytes() != b"mine"


def test_template_wants_xlsx(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", str(tmp_path / "表.xls")]) == 2
    assert ".xlsx" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_check_of_a_clean_workbook(encoding: str, rpa: Rpa, workbook: Path) -> None:
    done = rpa("check", workbook, encoding=encoding)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "可办理 3 行，需更正 0 行；错误 0 处，提醒 0 处\n"
    assert [path.name for path in workbook.parent.iterdir()] == [workbook.name]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_check_names_the_cell_and_marks_a_copy(encoding: str, rpa: Rpa, workbook: Path) -> None:
    cell = spoil_first_code(workbook)
    before = workbook.read_bytes()
    done = rpa("check", workbook, encoding=encoding)
    assert done.returncode == 1
    assert cell in done.stdout
    assert "需更正 1 行" in done.stdout
    assert workbook.read_bytes() == before
    marked = workbook.with_name("稳岗 返还_检查.xlsx")
    assert str(marked) in done.stdout
    comment = load_workbook(marked).worksheets[0][cell].comment
    assert comment is not None
    assert "错误" in comment.text


def spoil_first_code(workbook: Path) -> str:
    """Give the first row a credit code with a wrong check digit; returns its cell."""
    book = load_workbook(workbook)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, headers.index("统一社会信用代码") + 1)
    code = str(cell.value)
    cell.value = code[:-1] + ("1" if code[-1] != "1" else "2")
    book.save(workbook)
    return str(cell.coordinate)


def test_check_as_json(workbook: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cell = spoil_first_code(workbook)
    assert main(["check", str(workbook), "--json", "--marked", str(workbook.with_name("标注.xlsx"))]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/check/1"
    assert (document["ready"], document["blocked"]) == (2, 1)
    assert document["findings"][0]["cell"] == cell
    assert document["findings"][0]["severity"] == "error"
    assert Path(document["marked"]).name == "标注.xlsx"
    assert Path(document["marked"]).is_file()


def test_check_tells_what_the_ledger_has(
    workbook: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings()
    sheet = read_sheet(workbook, settings=settings.workbook)
    filing = check(sheet, portals=settings.portals, today=TODAY).filings[0]
    with Ledger.open(settings.ledger_url) as ledger:
        batch = ledger.batches.open(name="b", workbook=workbook, workbook_sha256="0" * 64)
        state = ledger.filings.enrol(batch.id, [filing])[0]
        attempt = ledger.filings.begin_attempt(state.filing_id, "test")
        found = Outcome(Verdict.SUBMITTED, "已在平台查到")
        with ledger.database.write() as connection:
            ledger.filings.record_within(connection, state.filing_id, attempt, found)
    assert main(["check", str(workbook), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["row"], one["severity"]) for one in findings] == [(filing.row, "warning")]
    assert "已提交" in findings[0]["message"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("没有.xlsx", None), ("坏的.xlsx", b"not a workbook"), ("旧的.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600)],
)
def test_check_of_what_cannot_be_read(name: str, content: bytes | None, rpa: Rpa, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = rpa("check", path, encoding="gbk")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("错误：")
    assert "Traceback" not in done.stderr
