"""``rpa demo`` and ``rpa run``: the whole job from the command line, in real Chromium."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mock_portal.seed import load
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.cli.demo.operator import DemoOperator
from rpa.cli.main import main
from rpa.errors import UserError
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.cli.conftest import Rpa
from tests.cli.test_doctor import portal


def test_demo_ends_with_the_table_of_verdicts(rpa: Rpa, tmp_path: Path) -> None:
    done = rpa("demo", "--count", "2", encoding="gbk")
    assert done.returncode == 0, done.stderr
    assert "共 4 户（已提交 4）" in done.stdout
    results, report = (Path(line.partition("：")[2].strip()) for line in done.stdout.splitlines()[-2:])
    assert results.suffix == ".xlsx"
    assert report.name == "index.html"
    assert report.is_file()
    assert results.is_relative_to(tmp_path / "工作 目录" / "稳岗返还演示")
    assert "办理结论" in [cell.value for cell in load_workbook(results).worksheets[0][1]]
    assert "演示操作员（程序代替人）" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_demo_as_json_keeps_the_users_ledger_out(rpa: Rpa, home: Path, tmp_path: Path) -> None:
    done = rpa("demo", "--count", "1", "--json", "--keep", tmp_path / "演示")
    document = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert document["schema"] == "wengang-rpa/batch/1"
    assert document["counts"] == {"SUBMITTED": 2}
    assert [filing["portal"] for filing in document["filings"]] == ["河南", "广东"]
    for filing in document["filings"]:
        assert filing["verdict"] == "SUBMITTED"
        assert filing["receipt"]["subject"] == filing["employer"]
    assert Path(document["report"]).is_file()
    assert Path(document["results"]).is_relative_to(tmp_path / "演示")
    assert not (home / "ledger.db").exists()
    assert rpa("evidence", "verify", document["evidence"]).returncode == 2  # no timestamp


def test_run_needs_nobody_for_rows_that_cannot_be_filed(rpa: Rpa, tmp_path: Path) -> None:
    rows = [dict(row) | {"authorisation": ""} for row in sample_rows(2, 2024)]
    workbook = write_sample(tmp_path / "批 次.xlsx", rows, portals=["河南"])
    done = rpa("run", workbook, "--operator", "none")
    assert done.returncode == 1
    assert done.stdout.count("怎么办：") == 2
    done = rpa("run", workbook, "--operator", "none", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert document["counts"] == {"NEEDS_PERSON": 2}
    assert all(filing["advice"] for filing in document["filings"])


@pytest.mark.parametrize("pair", ["henan", "hunan=http://127.0.0.1:1", "henan=http://example.org"])
def test_a_wrong_base_url_is_told(
    pair: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(tmp_path / "a.xlsx"), "--base-url", pair]) == 2
    assert capsys.readouterr().err.startswith("错误：")


def test_a_wrong_concurrency_is_told(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "a.xlsx"), "--concurrency", "0"]) == 2
    assert "engine.concurrency" in capsys.readouterr().err


def test_the_demo_operator_answers_the_mock_portal_alone() -> None:
    with portal(200) as url, pytest.raises(UserError, match="没有表明自己是模拟平台"):
        DemoOperator(url, "token", announce=print)


def test_the_demo_operator_takes_the_mock_portal(tmp_path: Path) -> None:
    seed = write_sample(tmp_path / "批次.xlsx", sample_rows(1, 2024), portals=["河南"])
    with MockPortal(world=World(load(seed))) as mock:
        assert DemoOperator(mock.url, mock.token, announce=print)
