"""Employers from JSON and from the workbook that a batch files."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from openpyxl import Workbook

from mock_portal.records import EmployerState
from mock_portal.seed import load, unit_number

CODE = "91410728MA45TE5T1T"


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "单位.json"
    rows = [
        {"name": "河南示例商贸有限公司", "code": CODE.lower()},
        {
            "name": "郑州示例科技有限公司",
            "code": "91410100MA00019860",
            "unit_number": "410100000001",
            "state": "already_filed",
            "filed_at": "2024-06-03T10:00:00",
        },
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8-sig")
    first, second = load(path)
    assert (first.code, first.unit_number) == (CODE, unit_number(CODE))
    assert len(first.unit_number) == 12
    assert (second.state, second.filed_at) == (EmployerState.ALREADY_FILED, datetime(2024, 6, 3, 10, 0))


def test_workbook_with_titles_above_and_dirt(tmp_path: Path) -> None:
    path = tmp_path / "批次 示例.xlsx"
    book = Workbook()
    sheet = book.create_sheet("填报")
    sheet.append(["2024年稳岗返还批次"])
    sheet.append(["序号", "* 单位名称", "统一社会信用代码 *", "单位编号/单位管理码", "地市/统筹区"])
    sheet.append([1, "河南示例商贸（集团）有限公司", " ９１410728MA45TE5T1T\u200b", 410728000123, "长垣"])
    sheet.append([None, None, None, None, None])
    sheet.append([2, "郑州示例科技有限公司", "91410100MA00019860", None, None])
    book.save(path)
    first, second = load(path)
    assert (first.name, first.code) == ("河南示例商贸（集团）有限公司", CODE)
    assert (first.unit_number, first.area) == ("410728000123", "长垣")
    assert second.unit_number == unit_number(second.code)


def test_a_workbook_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    Workbook().save(path)
    with pytest.raises(ValueError, match="单位名称"):
        load(path)


def test_the_command_serves_a_seeded_portal(tmp_path: Path) -> None:
    seed = tmp_path / "单位.json"
    seed.write_text(json.dumps([{"name": "河南示例商贸有限公司", "code": CODE}]), encoding="utf-8")
    command = [sys.executable, "-X", "utf8", "-m", "mock_portal", "--port", "0", "--edition", "2023"]
    with subprocess.Popen([*command, "--seed", str(seed)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().rpartition("：")[2].strip()
        try:
            with build_opener(ProxyHandler({})).open(f"{url}/__mock__/hello", timeout=10) as answer:
                assert json.load(answer)["edition"] == "2023"
        finally:
            process.terminate()
