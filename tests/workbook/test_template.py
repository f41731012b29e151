from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from stdnum.cn import uscc

from rpa.workbook.columns import COLUMNS
from rpa.workbook.preflight import check
from rpa.workbook.template import sample_rows, write_sample, write_template
from tests.workbook.conftest import HEADERS, PORTALS, TODAY, YEAR, judge, read


def test_the_template_is_pleasant_to_fill_in(tmp_path: Path) -> None:
    path = write_template(tmp_path / "文件 夹" / "模板.xlsx", portals=["河南", "广东"])
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
    told = {sheet.value for line in book["填写说明"].iter_rows() for sheet in line}
    assert {column.note for column in COLUMNS} <= told
    assert book["示例"].max_row == 3


def test_an_empty_template_is_not_a_batch_and_examples_are_never_filed(tmp_path: Path) -> None:
    path = write_template(tmp_path / "模板.xlsx", portals=["河南"])
    preflight = judge(path)
    assert preflight.filings == ()
    assert preflight.blocked == ()
    assert "没有数据" in preflight.findings[0].message


def test_the_worked_examples_are_right(tmp_path: Path) -> None:
    path = write_template(tmp_path / "模板.xlsx", portals=["河南"], year=YEAR)
    book = load_workbook(path)
    book["示例"].title = "批次"
    del book["填报表"]
    book.save(path)
    preflight = check(read(path), portals=PORTALS, today=TODAY)
    assert preflight.findings == ()
    assert len(preflight.filings) == 2


def test_a_sample_is_ready_to_file(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "样例.xlsx", sample_rows(6, YEAR))
    preflight = judge(path)
    assert preflight.findings == ()
    assert len(preflight.filings) == 6
    assert any("（" in filing.employer.name for filing in preflight.filings)
    assert len({filing.city for filing in preflight.filings}) == 6


def test_sample_employers_differ_and_their_codes_are_valid() -> None:
    rows = sample_rows(500, YEAR)
    assert all(uscc.is_valid(str(row["code"])) for row in rows)
    for key in ("name", "code", "unit_number", "account", "phone"):
        assert len({row[key] for row in rows}) == 500


def test_no_value_of_a_sample_becomes_a_formula(tmp_path: Path) -> None:
    rows = [{**sample_rows(1, YEAR)[0], "name": "=1+1", "remark": "@SUM(A1)"}]
    sheet = load_workbook(write_sample(tmp_path / "a.xlsx", rows))["填报表"]
    assert {cell.data_type for cell in sheet[2] if isinstance(cell.value, str)} == {"s"}
