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
from mock_portal.world import World

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


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A workbook with both provinces, and four ways to log in at one of them."""
    path = tmp_path / "两省.xlsx"
    book = Workbook()
    sheet = book.create_sheet("填报表")
    sheet.append(
        ["平台", "单位名称", "统一社会信用代码", "登录方式", "登录账号", "经办人", "银行账号", "户名"]
    )
    sheet.append(["河南", "河南示例商贸有限公司", CODE, "免数字证书", None, "周示例", "111", "河南示例"])
    sheet.append(["广东省", "甲", "91440101MA5AAA0012", "个人登录", "经办01", "周示例", "222", "甲"])
    sheet.append(["广东", "乙", "91440300MA5BBB0027", None, "经办01", None, None, None])
    sheet.append(["广东", "丙", "91441900MA5CCC0032", "单位登录", "bing", None, None, None])
    book.save(path)
    return path


def test_a_mixed_workbook_by_portal(mixed: Path) -> None:
    assert [each.code for each in load(mixed, "henan")] == [CODE]
    first, second, third = load(mixed, "guangdong")
    assert {each.portal for each in (first, second, third)} == {"guangdong"}
    assert (first.handlers, second.handlers) == (("经办01", "周示例"), ("经办01",))
    assert (first.username, third.username) == ("", "bing")
    assert (first.account, first.account_name) == ("222", "甲")
    assert second.unit_number.startswith("44")


def test_everybody_of_a_mixed_workbook_is_known_to_their_own_portal_alone(mixed: Path) -> None:
    world = World(load(mixed))
    assert world.employer(CODE, "henan")
    assert world.employer(CODE, "guangdong") is None
    assert len(world.known_employers("guangdong")) == 3
    assert [each.account for each in world.people.handlers()] == ["周示例", "经办01", "bing"]


def test_json_names_portals_and_handlers(tmp_path: Path) -> None:
    path = tmp_path / "单位.json"
    rows = [
        {"name": "甲", "code": CODE, "handlers": ["经办01"]},
        {"name": "乙", "code": "1", "portal": "henan"},
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (only,) = load(path, "guangdong")
    assert (only.handlers, only.portal) == (("经办01",), "guangdong")


def test_a_workbook_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    Workbook().save(path)
    with pytest.raises(ValueError, match="单位名称"):
        load(path)


@pytest.mark.parametrize(("portal", "edition"), [("henan", "2023"), ("guangdong", "2024")])
def test_the_command_serves_a_seeded_portal(tmp_path: Path, portal: str, edition: str) -> None:
    seed = tmp_path / "单位.json"
    seed.write_text(json.dumps([{"name": "河南示例商贸有限公司", "code": CODE}]), encoding="utf-8")
    command = [sys.executable, "-X", "utf8", "-m", "mock_portal", "--port", "0", "--portal", portal]
    command += ["--edition", edition, "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().rpartition("：")[2].strip()
        try:
            with build_opener(ProxyHandler({})).open(f"{url}/__mock__/hello", timeout=60) as answer:
                told = json.load(answer)
        finally:
            process.terminate()
    assert (told["portal"], told["edition"]) == (portal, edition)


def test_the_command_refuses_an_edition_that_the_portal_does_not_have() -> None:
    command = [
        sys.executable,
        "-X",
        "utf8",
        "-m",
        "mock_portal",
        "--portal",
        "guangdong",
        "--edition",
        "2023",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert "没有 2023 版" in done.stderr
