"""The marked copy and the results: what is added is right, and all else stays as it was."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from rpa.errors import UserError
from rpa.filing import Outcome, Record, Verdict
from rpa.settings import WorkbookSettings
from rpa.workbook.marked import write_marked
from rpa.workbook.overlay import Overlay
from rpa.workbook.package import encrypted
from rpa.workbook.preflight import check
from rpa.workbook.reader import Sheet, read_sheet
from rpa.workbook.results import ResultBook, ResultRow
from rpa.workbook.template import sample_rows, write_sample
from tests.workbook.conftest import HEADERS, PORTALS, TODAY, YEAR, Grid, grid, judge, read, rebuilt, row

Book = Callable[[Grid], Path]
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "legacyDrawing"),
)
"""ECMA-376 part 1, 18.3.1.99, as far as our workbooks have them."""
STARTED = datetime(2024, 7, 1, 1, 2, 3, tzinfo=UTC)
SUBMITTED = ResultRow(
    Verdict.SUBMITTED,
    "已在办理进度查询中找到。无需处理",
    serial="410000202407010001",
    status="受理/待办理",
    submitted_at=STARTED,
    picture="证据/示例 单位/index.html#e1",
    attempts=1,
)


def first_sheet(path: Path) -> Any:
    return load_workbook(path).worksheets[0]


def result_book(sheet: Sheet, folder: Path) -> ResultBook:
    return ResultBook(sheet, "七月/批次", folder, started=STARTED)


def test_marks_colour_and_comment_the_cells(book: Book, tmp_path: Path) -> None:
    path = book(grid(row(1, contact="", account_name="别的公司"), row(2)))
    before = path.read_bytes()
    sheet = read(path)
    findings = check(sheet, portals=PORTALS, today=TODAY).findings
    out = write_marked(sheet, tmp_path / "标注.xlsx", findings)
    assert path.read_bytes() == before
    marked = first_sheet(out)
    assert marked["I2"].fill.fgColor.rgb == "FFFFC7CE"
    assert "错误：联系人没有填写。请填写单位联系人姓名" in marked["I2"].comment.text
    assert marked["L2"].fill.fgColor.rgb == "FFFFEB9C"
    assert marked["L2"].value == "别的公司"
    assert marked["L2"].comment.text.startswith("提醒：户名")
    assert marked["L3"].comment is None
    assert read(out).rows[0].text("account_name") == "别的公司"


def test_marks_join_the_notes_that_are_there(tmp_path: Path) -> None:
    """The template's headers have notes already; an agency's own note on a wrong cell stays."""
    path = write_sample(tmp_path / "a.xlsx", [{**sample_rows(1, YEAR)[0], "contact": ""}])
    workbook = load_workbook(path)
    workbook.worksheets[0]["I2"].comment = Comment("问过王会计", "周示例")
    workbook.save(path)
    sheet = read(path)
    out = write_marked(sheet, tmp_path / "b.xlsx", check(sheet, portals=PORTALS, today=TODAY).findings)
    marked = first_sheet(out)
    assert marked["I2"].comment.text.startswith("问过王会计\n错误：联系人没有填写")
    assert "营业执照" in marked["E1"].comment.text


def test_marks_keep_number_formats(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "a.xlsx", [{**sample_rows(1, YEAR)[0], "account": "12"}])
    sheet = read(path)
    out = write_marked(sheet, tmp_path / "b.xlsx", check(sheet, portals=PORTALS, today=TODAY).findings)
    assert first_sheet(out)["N2"].number_format == "@"
    assert first_sheet(out)["N2"].fill.fgColor.rgb == "FFFFC7CE"


def test_results_are_added_behind_the_last_column(book: Book, tmp_path: Path) -> None:
    sheet = read(book(grid(row(1), row(2))))
    results = result_book(sheet, tmp_path / "结果")
    results.update(2, SUBMITTED)
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
        SUBMITTED.explanation,
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
    assert written.column_dimensions["X"].width == 50


def test_a_result_copy_can_be_run_again(book: Book, tmp_path: Path) -> None:
    first = result_book(read(book(grid(row(1), row(2)))), tmp_path)
    first.update(2, ResultRow(Verdict.NEEDS_PERSON, "旧的说明", picture="a.html"))
    path = first.write()
    assert path is not None
    again = ResultBook(read(path), "再办", tmp_path, started=STARTED)
    again.update(2, SUBMITTED)
    again.update(3, ResultRow(Verdict.UNAVAILABLE, "维护中"))
    second = first_sheet(again.write() or Path())
    assert second.max_column == len(HEADERS) + 7
    assert second.cell(2, len(HEADERS) + 2).value == SUBMITTED.explanation
    assert second.cell(2, len(HEADERS) + 6).hyperlink.location == "e1"
    assert second.cell(3, len(HEADERS) + 1).value == "平台不可用"


FORMULA_LIKE = ["=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)", "\t=1"]
AWKWARD = ["_x0041_", "<b>&amp;]]>", "a\nb", "\x00\x07\ufffe好"]


@pytest.mark.parametrize("text", [*FORMULA_LIKE, *AWKWARD])
def test_no_text_becomes_a_formula_or_breaks_the_file(book: Book, tmp_path: Path, text: str) -> None:
    results = result_book(read(book(grid(row(1)))), tmp_path)
    results.update(2, ResultRow(Verdict.REFUSED, text, serial=text, status=text))
    path = results.write() or Path()
    cell = first_sheet(path).cell(2, len(HEADERS) + 2)
    assert cell.data_type == "s"
    assert cell.number_format == "@"
    kept = "".join(letter for letter in text if letter not in "\x00\x07\ufffe")
    assert read(path).rows[0].text("explanation") == " ".join(kept.split())


def test_outcomes_become_rows() -> None:
    record = Record("稳岗返还申请", "示例", acceptance="已受理", handling="待办理", serial="41")
    outcome = Outcome(Verdict.SUBMITTED, "已在办理进度查询中找到", record=record, submitted_at=STARTED)
    made = ResultRow.of(outcome, attempts=2, picture="a.html#e1")
    assert made.explanation == "已在办理进度查询中找到。无需处理"
    assert (made.serial, made.status, made.submitted_at, made.attempts) == ("41", "已受理/待办理", STARTED, 2)
    assert (
        ResultRow.of(Outcome(Verdict.CANCELLED, "不办了。", advice="问单位"), attempts=0).explanation
        == "不办了。问单位"
    )


def test_results_are_not_written_too_often(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    written = result_book(read(book(grid(row(1)))), tmp_path)
    assert written.write() is not None
    now[0] += 60
    assert written.write() is None  # nothing changed
    written.update(2, SUBMITTED)
    assert written.write() is not None
    written.update(2, SUBMITTED)
    now[0] += 4.9
    assert written.write() is None
    assert written.write(force=True) is not None
    now[0] += 5.1
    written.update(2, SUBMITTED)
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
    written.update(2, SUBMITTED)
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
    written.update(2, SUBMITTED)
    with pytest.raises(UserError, match="无法写入"):
        written.write(force=True)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_copies_of_a_locked_workbook_are_locked_too(book: Book, tmp_path: Path) -> None:
    path = book(grid(row(1, contact="")))
    path.write_bytes(encrypted(path.read_bytes(), "Pa55"))
    sheet = read_sheet(path, settings=WorkbookSettings(), password=lambda: "Pa55")
    findings = check(sheet, portals=PORTALS, today=TODAY).findings
    marked = write_marked(sheet, tmp_path / "标注.xlsx", findings)
    result = result_book(sheet, tmp_path).write() or Path()
    for copy in (marked, result):
        with pytest.raises(UserError, match="有打开密码"):
            read(copy)
        office = msoffcrypto.OfficeFile(io.BytesIO(copy.read_bytes()))
        office.load_key(password="Pa55", verify_password=True)
        plain = io.BytesIO()
        office.decrypt(plain)
        assert load_workbook(plain).worksheets[0]["E2"].value == "河南示例商贸有限公司"


def test_everything_else_stays_byte_for_byte(book: Book, tmp_path: Path) -> None:
    path = book(grid(row(1)))
    workbook = load_workbook(path)
    workbook.create_sheet("别的")["A1"] = "别的"
    workbook.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG picture")
    out = result_book(read(path), tmp_path / "out").write() or Path()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert set(new.namelist()) == set(old.namelist())
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


def test_formats_widths_merges_and_lists_stay(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "a.xlsx", sample_rows(3, YEAR))
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    sheet["E3"].fill = PatternFill("solid", fgColor="FF00FF")
    sheet.merge_cells("A10:C11")
    sheet["A10"].hyperlink = "https://example.com/"
    sheet["V4"].comment = Comment("批注", "周示例")
    workbook.save(path)
    source = read(path)
    written = result_book(source, tmp_path)
    written.update(3, SUBMITTED)
    copy, original = first_sheet(written.write() or Path()), first_sheet(path)
    assert copy["E3"].fill.fgColor.rgb == "00FF00FF"
    assert [str(area) for area in copy.merged_cells.ranges] == ["A10:C11"]
    assert copy["A10"].hyperlink.target == "https://example.com/"
    assert copy["V4"].comment.text == "批注"
    assert copy.freeze_panes == original.freeze_panes
    assert len(copy.data_validations.dataValidation) == len(original.data_validations.dataValidation)
    assert copy.column_dimensions["E"].width == original.column_dimensions["E"].width
    assert copy["T3"].value == original["T3"].value


def test_elements_stand_in_the_order_that_excel_wants(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "a.xlsx", [{**sample_rows(1, YEAR)[0], "contact": ""}])
    sheet = read(path)
    written = result_book(sheet, tmp_path)
    written.update(2, SUBMITTED)
    marked = write_marked(sheet, tmp_path / "b.xlsx", judge(path).findings)
    names = [_elements(copy) for copy in (written.write() or Path(), marked)]
    assert [list(filter(found.__contains__, ORDER)) for found in names] == names
    assert "hyperlinks" in names[0]
    assert "legacyDrawing" in names[1]


def _elements(path: Path) -> list[str]:
    return [node.name for node in Overlay(read(path))._root.children]


def test_macros_keep_their_suffix(book: Book, tmp_path: Path) -> None:
    path = book(grid(row(1, contact="")))
    macros = path.rename(path.with_suffix(".xlsm"))
    sheet = read(macros)
    assert result_book(sheet, tmp_path).path.suffix == ".xlsm"
    findings = check(sheet, portals=PORTALS, today=TODAY).findings
    assert write_marked(sheet, tmp_path / "m.xlsx", findings).suffix == ".xlsm"


def test_a_result_over_a_formula_forgets_the_calculation_order(book: Book, tmp_path: Path) -> None:
    cells = grid(row(1))
    cells[0].append("说明")
    cells[1].append("=SUM(1,2)")
    path = book(cells)
    relation = b'<Relationship Id="rIdC" Type="http://x/calcChain" Target="calcChain.xml"/></Relationships>'
    kind = b'<Override PartName="/xl/calcChain.xml" ContentType="application/xml"/></Types>'
    rebuilt(
        path,
        {
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", kind),
        },
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/calcChain.xml", b"<calcChain/>")
    written = result_book(read(path), tmp_path / "out")
    written.update(2, SUBMITTED)
    out = written.write() or Path()
    with zipfile.ZipFile(out) as archive:
        assert not any(b"calcChain" in archive.read(name) for name in archive.namelist())
        assert "xl/calcChain.xml" not in archive.namelist()
    assert read(out).rows[0].text("explanation") == SUBMITTED.explanation


def test_a_workbook_of_another_producer_with_prefixes(book: Book, tmp_path: Path) -> None:
    path = book(grid(row(1, contact="")))

    def prefixed(xml: bytes) -> bytes:
        xml = xml.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
        return xml.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=")

    rebuilt(path, {"xl/worksheets/sheet1.xml": prefixed, "xl/styles.xml": prefixed})
    sheet = read(path)
    assert sheet.scan.prefix == "x:"
    out = write_marked(sheet, tmp_path / "b.xlsx", check(sheet, portals=PORTALS, today=TODAY).findings)
    assert first_sheet(out)["I2"].fill.fgColor.rgb == "FFFFC7CE"
    written = result_book(read(out), tmp_path)
    written.update(2, SUBMITTED)
    assert first_sheet(written.write() or Path()).cell(2, len(HEADERS) + 1).value == "已提交"


def test_a_plain_workbook_without_styles_of_ours(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for values in (["单位名称", "统一社会信用代码"], ["示例甲", "91350100M000100Y43"]):
        sheet.append(values)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    written = result_book(read(path), tmp_path)
    written.update(2, SUBMITTED)
    assert first_sheet(written.write() or Path())["C2"].value == "已提交"
