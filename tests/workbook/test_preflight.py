from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from rpa.workbook.cells import date_of, shown, year_of, yes_or_no
from rpa.workbook.finding import Finding
from rpa.workbook.preflight import Preflight, check
from rpa.workbook.samples import sample_code
from tests.workbook.conftest import HEADERS, PORTALS, TODAY, YEAR, Grid, grid, judge, read, row

Book = Callable[[Grid], Path]


def one(preflight: Preflight) -> Finding:
    """The only finding."""
    assert len(preflight.findings) == 1, preflight.findings
    return preflight.findings[0]


def test_clean_rows_become_filings(book: Book) -> None:
    preflight = judge(book(grid(row(1), row(6, city="济源"))))
    assert preflight.findings == ()
    assert preflight.blocked == ()
    first, second = preflight.filings
    assert first.key == ("henan", "稳岗返还", YEAR, first.employer.code)
    assert (first.row, first.city, first.edition) == (2, "南阳市", "2024")
    assert (second.row, second.edition) == (3, "2023")
    assert first.employer.purpose_accepted
    assert first.employer.authorised_until == date(2025, 12, 31)
    assert len(first.row_hash) == 64
    assert first.row_hash != second.row_hash


ERRORS: list[tuple[dict[str, object], str, str]] = [
    ({"name": ""}, "E2", "单位名称没有填写"),
    ({"code": "91350100M000100Y44"}, "F2", "校验位"),
    ({"code": 911301000001000143}, "F2", "后面的数字已丢失"),
    ({"unit_number": "单位"}, "G2", "数字和字母以外"),
    ({"year": "24"}, "H2", "不是四位年度"),
    ({"year": 2025}, "H2", "还没有到"),
    ({"contact": "\u200b "}, "I2", "联系人没有填写"),
    ({"phone": "1380000"}, "J2", "联系方式"),
    ({"account_name": ""}, "L2", "户名没有填写"),
    ({"bank": ""}, "M2", "开户银行没有填写"),
    ({"account": 6222021234567890123}, "N2", "只保留 15 位"),
    ({"account": "6.22202E+18"}, "N2", "科学计数"),
    ({"account": "一七一四"}, "N2", "数字以外"),
    ({"dispatch": "是"}, "O2", "由人工办理"),
    ({"dispatch": "也许"}, "O2", "既不是"),
    ({"purpose_accepted": "否"}, "P2", "不是“是”"),
    ({"purpose_accepted": ""}, "P2", "没有填写"),
    ({"materials": "没有的文件.pdf"}, "Q2", "找不到电子材料"),
    ({"authorisation": ""}, "T2", "授权书编号没有填写"),
    ({"authorised_until": "2024-06-30"}, "U2", "已于 2024-06-30 到期"),
    ({"authorised_until": "长期"}, "U2", "不是日期"),
    ({"authorised_until": ""}, "U2", "没有填写"),
    ({"portal": "湖南"}, "B2", "没有名为“湖南”的平台"),
    ({"item": "失业登记"}, "D2", "没有事项“失业登记”"),
    ({"remark": "", "serial": "", "contact": "=SUM(1,2)"}, "I2", "没有计算结果"),
]


@pytest.mark.parametrize(("changes", "cell", "part"), ERRORS)
def test_errors_name_the_cell_and_block_the_row(
    book: Book, changes: dict[str, object], cell: str, part: str
) -> None:
    preflight = judge(book(grid(row(1, **changes), row(2))))
    finding = one(preflight)
    assert (finding.row, finding.cell, finding.severity) == (2, cell, "error")
    assert part in finding.message
    assert finding.advice
    assert [filing.row for filing in preflight.filings] == [3]
    (blocked,) = preflight.blocked
    assert (blocked.row, blocked.findings) == (2, (finding,))
    assert cell in blocked.explanation
    assert blocked.advice == finding.advice


WARNINGS: list[tuple[dict[str, object], str, str]] = [
    ({"account": 171400000000001}, "N2", "开头的 0"),
    ({"account": "6222021234567890128"}, "N2", "个人银行卡"),
    ({"account_name": "别的公司"}, "L2", "户名与单位名称不一致"),
    ({"name": "示例（集团)公司", "account_name": "示例（集团)公司"}, "E2", "括号"),
    ({"year": 2023}, "H2", "不是今年"),
    ({"phone": "63123456"}, "J2", "没有区号"),
    ({"code": sample_code(1, "440100")}, "F2", "广东"),
    ({"city": "广州市"}, "C2", "属于广东，与平台“河南”不同"),
    ({"city": "广东省深圳市"}, "C2", "属于广东"),
    ({"unit_number": "4101"}, "G2", "以 41 开头的 12 位数字"),
    ({"unit_number": "440000000001"}, "G2", "以 41 开头的 12 位数字"),
    ({"login": "数字证书"}, "R2", "将以“免数字证书”登录"),
]


@pytest.mark.parametrize(("changes", "cell", "part"), WARNINGS)
def test_warnings_leave_the_row_in(book: Book, changes: dict[str, object], cell: str, part: str) -> None:
    preflight = judge(book(grid(row(1, **changes))))
    finding = one(preflight)
    assert (finding.cell, finding.severity) == (cell, "warning")
    assert part in finding.message
    assert len(preflight.filings) == 1
    assert (preflight.errors, preflight.warnings) == (0, 1)


TOLERATED: list[dict[str, object]] = [
    {"portal": "河南省"},
    {"portal": "henan"},
    {"item": ""},
    {"item": "稳岗补贴"},
    {"year": "２０２４年"},
    {"year": "2024"},
    {"year": 2024.0},
    {"phone": 13800001234},
    {"unit_number": 410000000001},
    {"dispatch": ""},
    {"dispatch": "无"},
    {"purpose_accepted": "Y"},
    {"purpose_accepted": True},
    {"authorised_until": datetime(2024, 7, 1)},
    {"authorised_until": "2024年7月1日"},
    {"authorised_until": "2023/7/1 至 2024.7.1"},
    {"authorised_until": 45474},
    {"authorised_until": "20240701"},
    {"payment": ""},
    {"unit_number": ""},
    {"city": "河南省南阳市"},
    {"city": "长垣市"},
    {"city": "省直"},
    {"login": ""},
]


@pytest.mark.parametrize("changes", TOLERATED)
def test_what_people_type_is_understood(book: Book, changes: dict[str, object]) -> None:
    preflight = judge(book(grid(row(1, **changes))))
    assert preflight.findings == ()
    employer = preflight.filings[0].employer
    assert employer.payment == "单位"
    assert preflight.filings[0].item == "稳岗返还"
    assert employer.phone.startswith("138")


def test_messages_never_hold_account_or_phone(book: Book) -> None:
    path = book(grid(row(1, account="账户6222021234567890", phone="1380000123456")))
    told = "".join(finding.message + finding.advice for finding in judge(path).findings)
    assert "6222021234567890" not in told
    assert "1380000123456" not in told


def test_equal_doubles_are_filed_once(book: Book) -> None:
    preflight = judge(book(grid(row(1), row(2), row(1))))
    assert [filing.row for filing in preflight.filings] == [2, 3]
    assert [blocked.row for blocked in preflight.blocked] == [4]
    assert "与第 2 行重复" in one(preflight).message


def test_of_doubles_that_differ_none_is_filed(book: Book) -> None:
    preflight = judge(book(grid(row(1), row(1, account="1714000000000099"), row(2))))
    assert [filing.row for filing in preflight.filings] == [4]
    assert [blocked.row for blocked in preflight.blocked] == [2, 3]
    assert all("第 2、3 行" in finding.message for finding in preflight.findings)


def test_another_year_is_another_filing(book: Book) -> None:
    assert len(judge(book(grid(row(1), row(1, year=2023)))).filings) == 2


def test_what_the_ledger_knows_is_told_and_still_goes_to_the_engine(book: Book) -> None:
    sheet = read(book(grid(row(1), row(2))))
    known = row(1)["code"]
    preflight = check(
        sheet,
        portals=PORTALS,
        today=TODAY,
        filed=lambda keys: {key: "批次 B1 中已提交" for key in keys if key[3] == known},
    )
    finding = one(preflight)
    assert (finding.cell, finding.severity, finding.message) == ("F2", "warning", "批次 B1 中已提交")
    assert len(preflight.filings) == 2


def test_a_missing_column_is_said_once_and_blocks_all(book: Book) -> None:
    headers = ["别的" if text == "银行账号" else text for text in HEADERS]
    preflight = judge(book(grid(row(1), row(2), headers=headers)))
    finding = one(preflight)
    assert (finding.cell, finding.header, finding.severity) == ("A1", "银行账号", "error")
    assert [blocked.row for blocked in preflight.blocked] == [2, 3]
    assert preflight.filings == ()


def test_a_sheet_without_rows_is_an_error(book: Book) -> None:
    assert "没有数据" in one(judge(book(grid()))).message


def test_a_repeated_header_is_one_finding(book: Book) -> None:
    cells = grid(row(1))
    preflight = judge(book([*cells, cells[0]]))
    assert "重复了表头" in one(preflight).message
    assert [blocked.row for blocked in preflight.blocked] == [3]


def test_materials_are_files_and_folders_beside_the_workbook(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "材料 一"
    folder.mkdir()
    for name in ("2.pdf", "1.jpg", ".DS_Store", "~$a.docx"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "单.pdf").write_bytes(b"x")
    preflight = judge(book(grid(row(1, materials="单.pdf； 材料 一"), row(2, materials="材料 一\\2.pdf"))))
    first, second = preflight.filings
    assert first.employer.materials == (tmp_path / "单.pdf", folder / "1.jpg", folder / "2.pdf")
    assert second.employer.materials == (folder / "2.pdf",)


def test_the_agencys_own_header_stands_in_findings(book: Book) -> None:
    headers = ["账号" if text == "银行账号" else text for text in HEADERS]
    assert one(judge(book(grid(row(1, account=""), headers=headers)))).header == "账号"


def test_values_as_shown() -> None:
    assert [shown(value) for value in (2024.0, 2.5, True, 1e16, date(2024, 1, 2), datetime(2024, 1, 2))] == [
        "2024",
        "2.5",
        "TRUE",
        "1E+16",
        "2024-01-02",
        "2024-01-02",
    ]


def test_what_is_no_date_year_or_answer() -> None:
    assert [date_of(value) for value in ("", "2024年", "2024-13-01", 7.0, "0000-01-01")] == [None] * 5
    assert [year_of(value) for value in ("", "二〇二四", 45474.0, date(1905, 7, 16))] == [None] * 4
    assert yes_or_no("是否") is None
