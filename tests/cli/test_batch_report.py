"""What is printed while a batch is worked on, and when it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rpa.cli.main import main
from rpa.cli.shared.batch_report import report, show_progress
from rpa.cli.shared.options import other_addresses
from rpa.engine.batch.data import BatchResult, ProgressUpdate
from rpa.errors import UserError
from rpa.filing import EndedRow, Outcome, Verdict

DONE = Outcome(Verdict.SUBMITTED, "查到了")
RESULT = BatchResult("B1", "批次", (EndedRow(2, "甲公司", "", "河南", DONE),), Path("a.xlsx"), Path("e"))
Shown = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("news", "line"),
    [
        (ProgressUpdate(0, "", "平台“河南”已恢复", None, 0, 9), "平台“河南”已恢复"),
        (ProgressUpdate(2, "甲公司", "保存", None, 1, 9), "[1/9] 甲公司：保存"),
        (ProgressUpdate(2, "甲公司", "保存", None, 0, 0), "甲公司：保存"),
        (ProgressUpdate(3, "", "", DONE, 2, 9), "[2/9] 第 3 行：【已提交】查到了"),
    ],
)
def test_progress(news: ProgressUpdate, line: str, capsys: Shown) -> None:
    show_progress(news)
    assert capsys.readouterr().err == f"{line}\n"


def test_what_is_left_is_told(capsys: Shown) -> None:
    assert report(RESULT, as_json=False) == 0
    capsys.readouterr()
    left = replace(RESULT, unfinished=4, notes=("平台“河南”：已暂停",))
    assert report(left, as_json=False) == 1
    shown = capsys.readouterr().out
    assert "批次 B1：共 5 户（已提交 1，未办 4）\n平台“河南”：已暂停\n" in shown
    assert report(left, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["unfinished"], document["notes"]) == (4, ["平台“河南”：已暂停"])


def test_more_at_once_than_a_portal_allows_is_told(tmp_path: Path, home: Path, capsys: Shown) -> None:
    assert main(["run", str(tmp_path / "没有.xlsx"), "--concurrency", "9"]) == 2
    assert "平台“河南”设置为最多同时 8 户" in capsys.readouterr().err


def test_a_portal_goes_by_its_chinese_name(home: Path) -> None:
    address = "http://127.0.0.1:9"
    chosen = {"base_url": address, "extra_origins": [], "environment": address}
    assert other_addresses([f"河南={address}"]) == {"henan": chosen}
    another = "http://127.0.0.1:10"
    assert other_addresses([f"guangdong={address},{another}"]) == {
        "guangdong": chosen | {"extra_origins": [another]}
    }
    with pytest.raises(UserError, match="平台=地址"):
        other_addresses(["河南"])
