from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from rpa.errors import UserError
from rpa.settings.settings import WorkbookSettings
from rpa.workbook import package
from rpa.workbook.columns import BY_KEY, COLUMNS, header_key, header_names
from rpa.workbook.package import encrypted
from rpa.workbook.reader import read_sheet
from tests.support.zips import zipped
from tests.workbook.conftest import HEADERS, KEYS, Grid, grid, read, rebuilt, row

Book = Callable[[Grid], Path]

GOLDEN_ALIASES = {
    "企业名称": "name",
    "单位全称": "name",
    "信用代码": "code",
    "统一信用代码": "code",
    "账号": "account",
    "帐号": "account",
    "银行账户": "account",
    "开户行": "bank",
    "联系电话": "phone",
    "手机号码": "phone",
    "年度": "year",
    "省份": "portal",
    "统筹区": "city",
    "地市/统筹区": "city",
    "单位管理码": "unit_number",
    "劳务派遣": "dispatch",
    "授权有效期": "authorised_until",
    "办理结论": "verdict",
    "受理流水号": "record_serial",
}


@pytest.mark.parametrize(("header", "key"), GOLDEN_ALIASES.items())
def test_golden_aliases(header: str, key: str) -> None:
    assert header_names({})[header_key(header)] == key


@pytest.mark.parametrize("header", ["* 联系人：", "联 系 人", "联系人（必填）", "联系人\n", "\u200b联系人*"])
def test_headers_are_compared_without_ornament(header: str) -> None:
    assert header_names({})[header_key(header)] == "contact"


def test_no_alias_means_two_columns() -> None:
    headers = [header_key(text) for column in BY_KEY.values() for text in (column.header, *column.aliases)]
    assert len(headers) == len(set(headers))


def test_the_agencys_own_aliases(book: Book) -> None:
    headers = ["客户全名" if text == "单位名称" else text for text in HEADERS]
    path = book(grid(row(), headers=headers))
    assert read(path, 单位名称=("客户全名",)).rows[0].text("name") == "河南示例商贸有限公司"
    assert read(path, name=("客户全名",)).headers["name"] == "客户全名"
    with pytest.raises(UserError, match="找不到表头"):
        read(path)
    with pytest.raises(UserError, match="不是本程序的列名"):
        read(path, 单位别名=("客户全名",))
    with pytest.raises(UserError, match="同时指向两列"):
        read(path, 单位名称=("客户",), 户名=("客户",))


def test_title_rows_above_and_empty_rows_between(book: Book) -> None:
    cells: list[list[object]] = [
        ["2024 年度稳岗返还汇总表"],
        [],
        *grid(row(1)),
        [],
        [" \u200b"],
        *grid(row(2))[1:],
    ]
    sheet = read(book(cells))
    assert sheet.header_row == 3
    assert [one.number for one in sheet.rows] == [4, 7]
    assert sheet.rows[1].cell("code").coordinate == "F7"


def test_a_header_over_two_rows(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["单位名称", "统一社会信用代码", "联系信息", None, "银行信息"])
    sheet.append([None, None, "联系人", "联系方式", "开户行", "账号"])
    sheet.append(["示例甲", "91350100M000100Y43", "张示例", "13800001234", "示例银行", "1714000000000001"])
    for area in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
        sheet.merge_cells(area)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    found = read(path)
    assert found.header_row == 2
    assert {key: found.rows[0].text(key) for key in ("name", "code", "contact", "account")} == {
        "name": "示例甲",
        "code": "91350100M000100Y43",
        "contact": "张示例",
        "account": "1714000000000001",
    }


def test_two_columns_of_one_meaning(book: Book) -> None:
    cells = grid(row(phone="13800001234"), headers=HEADERS)
    cells[0].insert(0, "联系电话")
    cells[1].insert(0, "13900000000")
    sheet = read(book(cells))
    assert sheet.rows[0].text("phone") == "13800001234"
    assert sheet.doubled == ((1, "联系电话"),)


def test_hidden_rows_are_read_and_known(book: Book) -> None:
    path = book(grid(row(1), row(2)))
    workbook = load_workbook(path)
    workbook.active.row_dimensions[3].hidden = True  # type: ignore[union-attr]
    workbook.save(path)
    assert [(one.number, one.hidden) for one in read(path).rows] == [(2, False), (3, True)]


def test_formulas(book: Book) -> None:
    path = book(grid(row(serial="=SUM(1,1)", remark="=SUM(2,2)")))
    cell = read(path).rows[0].cell("serial")
    assert (cell.trouble, cell.text) == ("uncached", "")

    def calculated(xml: bytes) -> bytes:
        first, second = b"<f>SUM(1,1)</f><v>2</v>", b"<f>SUM(2,2)</f><v></v>"
        xml = xml.replace(b"<f>SUM(1,1)</f><v />", first).replace(b"<f>SUM(1,1)</f><v/>", first)
        return xml.replace(b"<f>SUM(2,2)</f><v />", second).replace(b"<f>SUM(2,2)</f><v/>", second)

    rebuilt(path, {"xl/worksheets/sheet1.xml": calculated})
    found = read(path).rows[0]
    assert (found.cell("serial").trouble, found.text("serial")) == ("", "2")
    assert found.cell("remark").trouble == "uncached"


def test_excel_errors_are_told_from_empty_cells(book: Book) -> None:
    path = book(grid(row()))
    workbook = load_workbook(path)
    workbook.active["I2"] = "#N/A"  # type: ignore[index]
    workbook.save(path)
    assert read(path).rows[0].cell("contact").trouble == "error"


def test_the_sheet_to_fill_in_is_chosen_and_others_are_told(tmp_path: Path) -> None:
    workbook = Workbook()
    for title in ("洛阳", "填报表", "示例", "隐藏", "随笔"):
        sheet = workbook.create_sheet(title)
        if title != "随笔":
            sheet.append(HEADERS)
            sheet.append([row().get(key) for key in KEYS])
    workbook["隐藏"].sheet_state = "hidden"
    workbook["随笔"]["A1"] = "想法"
    path = tmp_path / "多表.xlsx"
    workbook.save(path)
    found = read(path)
    assert found.name == "填报表"
    assert found.others == ("洛阳",)


def test_an_empty_first_sheet_gives_way(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.create_sheet("空").append(HEADERS)
    full = workbook.create_sheet("有数据")
    full.append(HEADERS)
    full.append([str(row().get(key, "")) for key in KEYS])
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    assert read(path).name == "有数据"


def test_result_columns_alone_make_no_row(book: Book) -> None:
    cells = grid(row())
    cells[0].append("办理结论")
    cells[1].append("已提交")
    cells.append([*[""] * len(HEADERS), "已提交"])
    assert [one.number for one in read(book(cells)).rows] == [2]


def test_another_prefix_and_no_references(book: Book) -> None:
    """Some producers prefix every element and leave the optional references out."""
    path = book([["单位名称", "统一社会信用代码"], ["示例甲", "91350100M000100Y43"]])
    xml = (
        '<?xml version="1.0" encoding="utf-8"?><x:worksheet '
        'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>{}</x:sheetData></x:worksheet>'
    )
    cell = '<x:c t="inlineStr"><x:is><x:t>{}</x:t></x:is></x:c>'
    lines = (("单位名称", "统一社会信用代码"), ("示例甲", "91350100M000100Y43"))
    rows = "".join(f"<x:row>{''.join(cell.format(text) for text in line)}</x:row>" for line in lines)
    rebuilt(path, {"xl/worksheets/sheet1.xml": lambda _: xml.format(rows).encode()})
    assert [(one.number, one.text("name")) for one in read(path).rows] == [(2, "示例甲")]


def test_a_password_is_asked_for_and_opens_in_memory_alone(book: Book, tmp_path: Path) -> None:
    path = book(grid(row()))
    path.write_bytes(encrypted(path.read_bytes(), "示例-Pa55"))
    before = sorted(tmp_path.iterdir())
    asked: list[str] = []

    def password() -> str:
        asked.append("asked")
        return "示例-Pa55"

    sheet = read_sheet(path, settings=WorkbookSettings(), password=password)
    assert sheet.rows[0].text("name") == "河南示例商贸有限公司"
    assert asked == ["asked"]
    assert sorted(tmp_path.iterdir()) == before
    assert "Pa55" not in repr(sheet)
    with pytest.raises(UserError, match="密码不对"):
        read_sheet(path, settings=WorkbookSettings(), password=lambda: "wrong")
    with pytest.raises(UserError, match="有打开密码"):
        read(path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "空文件"),
        (b"\xb5\xa5\xce\xbb,\xb4\xfa\xc2\xeb\n", "不是 Excel 工作簿"),
        (b"<html><table></table></html>", "另存为"),
        (OLE + b"\0" * 2000, "已损坏|旧版"),
        (b"PK\x03\x04 nothing behind it", "已损坏"),
        (zipped({"mimetype": b"application/vnd.oasis"}), "不是 .xlsx"),
        (zipped({TYPES: b"", "xl/workbook.bin": b""}), "xlsb"),
        (zipped({TYPES: b"<Types/>"}), "已损坏"),
        (zipped({TYPES: b"<Types/>", "a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "DOCTYPE"),
    ],
)
def test_other_files_say_what_to_do(tmp_path: Path, data: bytes, part: str) -> None:
    path = tmp_path / "文件.xlsx"
    path.write_bytes(data)
    with pytest.raises(UserError, match=part):
        read(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="找不到文件"):
        read(tmp_path / "没有.xlsx")
    with pytest.raises(UserError, match="文件夹"):
        read(tmp_path)
    (tmp_path / "~$a.xlsx").write_bytes(b"x")
    with pytest.raises(UserError, match="临时文件"):
        read(tmp_path / "~$a.xlsx")


def test_an_old_xls_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "旧.xls"
    path.write_bytes(_compound_file("Workbook"))
    with pytest.raises(UserError, match=r"旧版 \.xls.*另存为"):
        read(path)


def test_a_zip_bomb_is_refused_before_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TYPES, b"<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 2**24)
    assert path.stat().st_size < 2**16
    monkeypatch.setattr(package, "MOST_UNPACKED", 2**23)
    with pytest.raises(UserError, match="解压后过大"):
        read(path)


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "liar.xlsx"
    data = zipped({TYPES: b"<Types/>", "xl/a.xml": b"\0" * 2**20})
    path.write_bytes(data.replace((2**20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(UserError, match="已损坏"):
        read(path)


def test_a_stray_cell_far_away_is_named(book: Book) -> None:
    path = book(grid(row()))
    workbook = load_workbook(path)
    workbook.active["XFD1048576"] = "x"  # type: ignore[index]
    workbook.save(path)
    with pytest.raises(UserError, match="XFD1048576"):
        read(path)


def test_truncated_files_never_crash(book: Book, tmp_path: Path) -> None:
    whole = book(grid(row())).read_bytes()
    for length in range(1, len(whole), len(whole) // 40):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(UserError):
            read(path)


def test_every_column_is_asked_for_in_chinese() -> None:
    assert all(column.note.endswith("。") for column in COLUMNS)


def _compound_file(stream: str) -> bytes:
    """The smallest OLE compound file with one empty stream (MS-CFB)."""
    free, end, fat = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"
    header = OLE + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 6
    header += b"\0" * 4 + b"\x01\0\0\0" + b"\x01\0\0\0" + b"\0" * 4 + b"\0\x10\0\0"
    header += end + b"\0" * 4 + end + b"\0" * 4 + b"\0" * 4 + free * 108
    table = fat + end + free * 126

    def entry(name: str, kind: int, child: bytes) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        body = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes([kind, 1])
        body += free + free + child + b"\0" * 36 + end + b"\0" * 8
        return body

    directory = entry("Root Entry", 5, b"\x01\0\0\0") + entry(stream, 2, free) + b"\0" * 256
    return (header + table + directory).ljust(2048, b"\0")
