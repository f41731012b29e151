"""The result columns: what they say, when they are written, and that no text does harm."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Record, Verdict
from rpa.workbook.results import ResultBook, result_texts
from tests.workbook.conftest import HEADERS, Grid, grid, read, row
from tests.workbook.copies import PICTURE, STARTED, ended, first_sheet, result_book

Book = Callable[[Grid], Path]


def test_results_are_added_behind_the_last_column(book: Book, tmp_path: Path) -> None:
    sheet = read(book(grid(row(1), row(2))))
    results = result_book(sheet, tmp_path / "结果")
    results.update(ended(2), picture=PICTURE)
    path = results.write()
    assert path == results.path == tmp_path / "结果" / "七月_批次_结果_20240701-090203.xlsx"
    written = first_sheet(path)
    last = len(HEADERS)
    assert [cell.value for cell in written[1]][last:] == [
        "办理结论",
        "说明",
        "受理流水号",
        "受理/办理状态",
        "提交时间",
        "截图",
        "尝试次数",
    ]
    assert [cell.value for cell in written[2]][last:] == [
        "已提交",
        "已在办理进度查询中找到。无需处理",
        "410000202407010001",
        "受理/待办理",
        "2024-07-01 09:02:03",
        "查看",
        "1",
    ]
    assert [cell.value for cell in written[3]][last:] == [None] * 7
    link = written.cell(2, last + 6).hyperlink
    assert link.target == "%E8%AF%81%E6%8D%AE/%E7%A4%BA%E4%BE%8B%20%E5%8D%95%E4%BD%8D/index.html"
    assert link.location == "e1"
    assert written.cell(2, last + 1).fill.fgColor.rgb == "FFC6EFCE"
    assert written.column_dimensions["Y"].width == 50


def test_a_result_copy_can_be_run_again(book: Book, tmp_path: Path) -> None:
    first = result_book(read(book(grid(row(1), row(2)))), tmp_path)
    first.update(ended(2, Outcome(Verdict.NEEDS_PERSON, "旧的说明")), picture="a.html")
    path = first.write()
    assert path is not None
    again = ResultBook(read(path), "再办", tmp_path, started=STARTED)
    again.update(ended(2), picture=PICTURE)
    again.update(ended(3, Outcome(Verdict.UNAVAILABLE, "维护中")))
    second = first_sheet(again.write() or Path())
    assert second.max_column == len(HEADERS) + 7
    assert second.cell(2, len(HEADERS) + 2).value == "已在办理进度查询中找到。无需处理"
    assert second.cell(2, len(HEADERS) + 6).hyperlink.location == "e1"
    assert second.cell(3, len(HEADERS) + 1).value == "平台不可用"


FORMULA_LIKE = ["=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1"]
AWKWARD = ["_x0041_", "<b>&amp;]]>", "a\nb", "\x00\x07\ufffe好"]


@pytest.mark.parametrize("text", [*FORMULA_LIKE, *AWKWARD])
def test_no_text_becomes_a_formula_or_breaks_the_file(book: Book, tmp_path: Path, text: str) -> None:
    results = result_book(read(book(grid(row(1)))), tmp_path)
    record = Record("", "", acceptance=text, serial=text)
    results.update(ended(2, Outcome(Verdict.REFUSED, text, advice=text, record=record)))
    path = results.write() or Path()
    cell = first_sheet(path).cell(2, len(HEADERS) + 2)
    assert cell.data_type == "s"
    assert cell.number_format == "@"
    kept = "".join(letter for letter in text if letter not in "\x00\x07\ufffe")
    assert read(path).rows[0].text("explanation") == " ".join(f"{kept}。{kept}".split())


def test_outcomes_become_rows() -> None:
    record = Record("稳岗返还申请", "示例", acceptance="已受理", handling="待办理", serial="41")
    outcome = Outcome(Verdict.SUBMITTED, "已在办理进度查询中找到", record=record, submitted_at=STARTED)
    made = result_texts(ended(2, outcome, attempts=2))
    assert made == {
        "verdict": "已提交",
        "explanation": "已在办理进度查询中找到。无需处理",
        "record_serial": "41",
        "status": "已受理/待办理",
        "submitted_at": "2024-07-01 09:02:03",
        "attempts": "2",
    }
    cancelled = Outcome(Verdict.CANCELLED, "不办了。", advice="问单位")
    assert result_texts(ended(2, cancelled))["explanation"] == "不办了。问单位"


def test_results_are_not_written_too_often(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    written = result_book(read(book(grid(row(1)))), tmp_path)
    assert written.write() is not None
    now[0] += 60
    assert written.write() is None  # nothing changed
    written.update(ended(2), picture=PICTURE)
    assert written.write() is not None
    written.update(ended(2), picture=PICTURE)
    now[0] += 4.9
    assert written.write() is None
    assert written.write(force=True) is not None
    now[0] += 5.1
    written.update(ended(2), picture=PICTURE)
    assert written.write() is not None


def test_a_copy_held_open_gets_another_name(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = read(book(grid(row(1))))
    written = result_book(sheet, tmp_path / "out")
    first = written.write()
    replace = os.replace

    def held(source: Path, target: Path) -> None:
        if target == first:
            raise PermissionError(13, "held open")
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    written.update(ended(2), picture=PICTURE)
    second = written.write(force=True)
    assert second == written.path == tmp_path / "out" / "七月_批次_结果_20240701-090203(2).xlsx"
    assert written.moved
    assert first_sheet(second).cell(2, len(HEADERS) + 1).value == "已提交"
    assert len(list((tmp_path / "out").iterdir())) == 2  # no temporary file stays


def test_a_crash_while_writing_leaves_the_old_copy(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = result_book(read(book(grid(row(1)))), tmp_path / "out")
    path = written.write() or Path()
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    written.update(ended(2), picture=PICTURE)
    with pytest.raises(UserError, match="无法写入"):
        written.write(force=True)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
