from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from stdnum.cn import uscc

from rpa.workbook.columns import COLUMNS
from rpa.workbook.preflight import check
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample, write_template
from tests.workbook.conftest import BOTH, HEADERS, TODAY, YEAR, judge, read


def test_the_template_is_pleasant_to_fill_in(tmp_path: Path) -> None:
    ways = ["免数字证书", "个人登录"]
    path = write_template(tmp_path / "文件 夹" / "模板.xlsx", portals=["河南", "广东"], logins=ways)
    book = load_workbook(path)
    assert book.sheetnames == ["填报表", "填写说明", "示例"]
    sheet = book["填报表"]
    assert [cell.value for cell in sheet[1]] == HEADERS
    assert sheet.freeze_panes == "F2"
    assert all(cell.comment and cell.comment.text for cell in sheet[1])
    assert sheet.column_dimensions["F"].number_format == "@"
    assert sheet.column_dimensions["N"].number_format == "@"
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["B"] == '"河南,广东"'
    assert lists["D"] == '"稳岗返还"'
    assert lists["K"] == '"单位"'
    assert lists["O"] == lists["P"] == '"是,否"'
    assert lists["R"] == '"免数字证书,个人登录"'
    assert sheet.column_dimensions["S"].number_format == "@"
    note = sheet["S1"].comment.text
    assert "rpa secrets set" in note
    assert "不要写进表格" in note
    told = {sheet.value for line in book["填写说明"].iter_rows() for sheet in line}
    assert {column.note for column in COLUMNS} <= told
    assert [line[1] for line in book["示例"].iter_rows(values_only=True)] == ["平台", "河南", "广东"]


def test_a_list_that_excel_would_call_damaged_is_left_out(tmp_path: Path) -> None:
    ways = [f"登录方式{number:02d}" for number in range(40)]
    path = write_template(tmp_path / "a.xlsx", portals=["河南"], logins=ways)
    rules = load_workbook(path)["填报表"].data_validations.dataValidation
    assert not [rule for rule in rules if str(rule.sqref).startswith("R2:")]


def test_a_portal_without_samples_has_no_examples(tmp_path: Path) -> None:
    book = load_workbook(write_template(tmp_path / "a.xlsx", portals=["湖南"]))
    assert book["示例"].max_row == 1


def test_an_empty_template_is_not_a_batch_and_examples_are_never_filed(tmp_path: Path) -> None:
    path = write_template(tmp_path / "模板.xlsx", portals=["河南"])
    preflight = judge(path)
    assert preflight.filings == ()
    assert preflight.blocked == ()
    assert "没有数据" in preflight.findings[0].message


@pytest.mark.parametrize("portals", [["河南"], ["广东"], ["河南", "广东"]])
def test_the_worked_examples_are_right(tmp_path: Path, portals: list[str]) -> None:
    path = write_template(tmp_path / "模板.xlsx", portals=portals, year=YEAR)
    book = load_workbook(path)
    book["示例"].title = "批次"
    del book["填报表"]
    book.save(path)
    preflight = check(read(path), portals=BOTH, today=TODAY)
    assert preflight.findings == ()
    assert len(preflight.filings) == 2


def test_a_sample_of_two_provinces_is_ready_to_file(tmp_path: Path) -> None:
    rows = [*sample_rows(2, YEAR), *sample_rows(2, YEAR, portal="广东")]
    path = write_sample(tmp_path / "样例.xlsx", rows)
    preflight = judge(path, BOTH)
    assert preflight.findings == ()
    assert [filing.portal for filing in preflight.filings] == ["henan", "henan", "guangdong", "guangdong"]
    book = load_workbook(path)
    assert [line[1] for line in book["示例"].iter_rows(values_only=True)] == ["平台", "河南", "广东"]
    lists = {
        str(rule.sqref).split("2:")[0]: rule.formula1
        for rule in book["填报表"].data_validations.dataValidation
    }
    assert (lists["B"], lists["R"]) == ('"河南,广东"', '"免数字证书,个人登录"')


def test_a_sample_is_ready_to_file(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "样例.xlsx", sample_rows(6, YEAR))
    preflight = judge(path)
    assert preflight.findings == ()
    assert len(preflight.filings) == 6
    assert any("（" in filing.employer.name for filing in preflight.filings)
    assert len({filing.city for filing in preflight.filings}) == 6


def test_sample_employers_differ_and_their_codes_are_valid() -> None:
    rows = [*sample_rows(500, YEAR), *sample_rows(500, YEAR, portal="guangdong")]
    assert all(uscc.is_valid(str(row["code"])) for row in rows)
    for key in ("name", "code", "unit_number", "account", "phone"):
        assert len({row[key] for row in rows}) == 1000


def test_no_value_of_a_sample_becomes_a_formula(tmp_path: Path) -> None:
    rows = [{**sample_rows(1, YEAR)[0], "name": "=1+1", "remark": "@SUM(A1)"}]
    sheet = load_workbook(write_sample(tmp_path / "a.xlsx", rows))["填报表"]
    assert {cell.data_type for cell in sheet[2] if isinstance(cell.value, str)} == {"s"}
