"""The marked copy and the result copy: what is added is right, and all else stays as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from rpa.errors import UserError
from rpa.settings.settings import WorkbookSettings
from rpa.workbook.marked import write_marked
from rpa.workbook.overlay import Overlay
from rpa.workbook.package import encrypted
from rpa.workbook.preflight import check
from rpa.workbook.reader import read_sheet
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.workbook.conftest import HEADERS, PORTALS, TODAY, YEAR, Grid, grid, judge, read, rebuilt, row
from tests.workbook.copies import PICTURE, ended, first_sheet, result_book

Book = Callable[[Grid], Path]
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "legacyDrawing"),
)
"""ECMA-376 part 1, 18.3.1.99, as far as our workbooks have them."""


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
    written.update(ended(3), picture=PICTURE)
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
    written.update(ended(2), picture=PICTURE)
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
    written.update(ended(2), picture=PICTURE)
    out = written.write() or Path()
    with zipfile.ZipFile(out) as archive:
        assert not any(b"calcChain" in archive.read(name) for name in archive.namelist())
        assert "xl/calcChain.xml" not in archive.namelist()
    assert read(out).rows[0].text("explanation") == "已在办理进度查询中找到。无需处理"


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
    written.update(ended(2), picture=PICTURE)
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
    written.update(ended(2), picture=PICTURE)
    assert first_sheet(written.write() or Path())["C2"].value == "已提交"
