"""登录方式 and 登录账号, rows of two provinces in one workbook, and passwords that do not belong there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rpa.workbook.columns import BY_KEY, header_key, header_names, names_password
from rpa.workbook.finding import Finding
from rpa.workbook.marked import write_marked
from rpa.workbook.preflight import Preflight, check
from rpa.workbook.results import ResultBook
from tests.workbook.conftest import BOTH, HEADERS, TODAY, Grid, grid, guangdong, judge, read, row

Book = Callable[[Grid], Path]
SECRET = "Geheim-4711"


def one(preflight: Preflight) -> Finding:
    (finding,) = preflight.findings
    return finding


def without(cells: list[list[object]], key: str) -> list[list[object]]:
    """The same sheet with a column less."""
    place = HEADERS.index(BY_KEY[key].header)
    return [line[:place] + line[place + 1 :] for line in cells]


@pytest.mark.parametrize("header", ["登录账号", "登录名", "登陆账号", "经办账号", "登录帐号（选填）"])
def test_headers_of_a_logins_name(header: str) -> None:
    assert header_names({})[header_key(header)] == "login_name"


def test_one_workbook_holds_both_provinces(book: Book) -> None:
    preflight = judge(book(grid(row(1), guangdong(1), row(2), guangdong(2))), BOTH)
    assert preflight.findings == ()
    assert [(filing.row, filing.portal) for filing in preflight.filings] == [
        (2, "henan"),
        (3, "guangdong"),
        (4, "henan"),
        (5, "guangdong"),
    ]
    assert [filing.employer.login_name for filing in preflight.filings] == ["", "张三经办", "", "张三经办"]
    assert preflight.filings[1].employer.login == "个人登录"


@pytest.mark.parametrize(
    ("changes", "cell", "part"),
    [
        ({"login": "指纹登录"}, "R2", "广东平台没有登录方式“指纹登录”"),
        ({"login": "免数字证书"}, "R2", "没有登录方式“免数字证书”"),
        ({"login_name": ""}, "S2", "登录方式“个人登录”要用保存的登录"),
        ({"login": "", "login_name": "\u200b"}, "S2", "登录方式“个人登录”要用保存的登录"),
        ({"login": "单位登录", "login_name": ""}, "S2", "登录方式“单位登录”要用保存的登录"),
        ({"login_name": "=SUM(1,2)"}, "S2", "没有计算结果"),
    ],
)
def test_what_a_portal_wants_of_a_login(book: Book, changes: dict[str, object], cell: str, part: str) -> None:
    preflight = judge(book(grid(guangdong(1, **changes), guangdong(2))), BOTH)
    finding = one(preflight)
    assert (finding.row, finding.cell, finding.severity) == (2, cell, "error")
    assert part in finding.message
    assert [filing.row for filing in preflight.filings] == [3]


def test_an_unknown_way_comes_with_the_choices(book: Book) -> None:
    advice = one(judge(book(grid(guangdong(1, login="指纹登录"))), BOTH)).advice
    assert advice == "请填写：个人登录、单位登录、微信扫码；不填按“个人登录”办理"


def test_a_person_logs_in_without_a_stored_login(book: Book) -> None:
    assert judge(book(grid(guangdong(1, login="微信扫码", login_name=""))), BOTH).findings == ()


def test_a_portal_without_named_ways_takes_any(book: Book) -> None:
    portals = {"henan": BOTH["henan"].model_copy(update={"logins": {}})}
    preflight = judge(book(grid(row(1, login="随便", login_name="李四"))), portals)
    assert preflight.findings == ()
    assert (preflight.filings[0].employer.login, preflight.filings[0].employer.login_name) == ("随便", "李四")


def test_a_way_that_is_not_driven_is_told_and_replaced(book: Book) -> None:
    preflight = judge(book(grid(row(1, login="数字证书"))), BOTH)
    assert one(preflight).severity == "warning"
    assert preflight.filings[0].employer.login == "免数字证书"


def test_what_only_one_province_requires(book: Book) -> None:
    preflight = judge(
        book(grid(row(1, purpose_accepted=""), guangdong(1), guangdong(2, purpose_accepted="否"))), BOTH
    )
    assert (one(preflight).cell, one(preflight).header) == ("P2", "资金用途告知确认")
    assert [filing.employer.purpose_accepted for filing in preflight.filings] == [False, False]


@pytest.mark.parametrize("key", ["purpose_accepted", "login_name"])
def test_a_missing_column_blocks_the_rows_that_need_it(book: Book, key: str) -> None:
    preflight = judge(book(without(grid(row(1), guangdong(1)), key)), BOTH)
    finding = one(preflight)
    assert (finding.cell, finding.header) == ("A1", BY_KEY[key].header)
    assert "增加" in finding.advice
    blocked, filed = (2, 3) if key == "purpose_accepted" else (3, 2)
    assert [(one.row, one.findings) for one in preflight.blocked] == [(blocked, (finding,))]
    assert [filing.row for filing in preflight.filings] == [filed]


def test_a_missing_column_that_nobody_needs_is_no_finding(book: Book) -> None:
    assert judge(book(without(grid(guangdong(1)), "purpose_accepted")), BOTH).findings == ()
    assert judge(book(without(grid(row(1)), "login_name")), BOTH).findings == ()


def test_each_login_is_asked_for_once(book: Book) -> None:
    asked: list[tuple[str, str]] = []

    def stored(portal: str, name: str) -> bool:
        asked.append((portal, name))
        return name == "李四"

    names = ["张三", "李四", "张三", "李四", "张三"]
    rows = [guangdong(number, login_name=name) for number, name in enumerate(names, 1)]
    sheet = read(book(grid(*rows, row(1), row(2))))
    preflight = check(sheet, portals=BOTH, today=TODAY, stored=stored)
    assert asked == [("guangdong", "张三"), ("guangdong", "李四")]
    finding = one(preflight)
    assert (finding.cell, finding.severity) == ("S2", "warning")
    assert finding.message == "本机没有保存登录“张三”（共 3 行用它）"
    assert finding.advice == "在办理的电脑上运行：rpa secrets set 广东 张三"
    assert len(preflight.filings) == len(rows) + 2


def test_nothing_is_asked_where_no_row_names_a_login(book: Book) -> None:
    def stored(portal: str, name: str) -> bool:
        raise AssertionError((portal, name))

    sheet = read(book(grid(row(1), row(2))))
    assert check(sheet, portals=BOTH, today=TODAY, stored=stored).findings == ()


def test_a_login_belongs_to_a_portal_with_its_environment(book: Book) -> None:
    asked: list[str] = []

    def stored(portal: str, name: str) -> bool:
        asked.append(portal)
        return False

    there = BOTH["guangdong"].model_copy(update={"environment": "http://127.0.0.1:8410"})
    sheet = read(book(grid(guangdong(1))))
    preflight = check(sheet, portals={**BOTH, "guangdong": there}, today=TODAY, stored=stored)
    assert asked == ["guangdong@http://127.0.0.1:8410"]
    assert "rpa secrets set 广东@http://127.0.0.1:8410 张三经办" in one(preflight).advice


def test_a_login_that_is_named_by_its_account_is_masked(book: Book) -> None:
    sheet = read(book(grid(guangdong(1, login_name="440103199003077538"))))
    finding = one(check(sheet, portals=BOTH, today=TODAY, stored=lambda *_: False))
    assert "440103199003077538" not in finding.message + finding.advice


@pytest.mark.parametrize(
    "header", ["密码", "登录密码", "* 平台登陆密码：", "网厅口令", "Password", "pwd（必填）"]
)
def test_headers_that_say_password(header: str) -> None:
    assert names_password(header)


@pytest.mark.parametrize("header", [*HEADERS, "密码保管人", "备注2"])
def test_headers_that_do_not(header: str) -> None:
    assert not names_password(header)


def with_passwords(header: str = "登录密码") -> list[list[object]]:
    cells = grid(guangdong(1), guangdong(2))
    return [[*line, extra] for line, extra in zip(cells, (header, SECRET, ""), strict=True)]


def test_passwords_in_the_workbook_are_told_and_never_read(book: Book) -> None:
    sheet = read(book(with_passwords()))
    preflight = check(sheet, portals=BOTH, today=TODAY)
    finding = one(preflight)
    assert (finding.cell, finding.header, finding.severity) == ("X1", "登录密码", "warning")
    assert "不要把密码写在表格里" in finding.message
    assert "rpa secrets set" in finding.advice
    assert len(preflight.filings) == 2
    assert not any(SECRET in str(value) for line in sheet.rows for value in line.values)
    assert SECRET not in repr(preflight)


def test_a_password_changes_nothing_that_is_kept_of_a_row(book: Book) -> None:
    digests = []
    for secret in (SECRET, "another"):
        cells: list[list[object]] = [[*line, secret] for line in grid(guangdong(1))]
        cells[0][-1] = "密码"
        digests.append(read(book(cells)).rows[0].digest)
    assert digests[0] == digests[1]


def test_a_password_under_a_header_of_two_rows(book: Book) -> None:
    cells = with_passwords("")
    above: list[object] = [*[""] * (len(cells[0]) - 1), "登录密码"]
    assert read(book([above, *cells])).passwords == ((len(HEADERS) + 1, "登录密码"),)


def test_marks_and_results_of_both_provinces(book: Book, tmp_path: Path) -> None:
    sheet = read(book(grid(row(1, contact=""), guangdong(1, login_name=""))))
    preflight = check(sheet, portals=BOTH, today=TODAY)
    marked = read(write_marked(sheet, tmp_path / "标注.xlsx", preflight.findings))
    assert [line.text("portal") for line in marked.rows] == ["河南", "广东"]
    written = ResultBook(sheet, "两省", tmp_path, started=datetime(2024, 7, 1, tzinfo=UTC)).write()
    assert written is not None
    again = check(read(written), portals=BOTH, today=TODAY)
    assert [finding.cell for finding in again.findings] == ["I2", "S3"]
