"""One workbook for both provinces: template, check, submit, results."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from rpa.cli.main import main
from rpa.credentials.store import Credential, Credentials
from rpa.filing import CHINA
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample

YEAR = datetime.now(CHINA).year
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = [*sample_rows(2, YEAR), *sample_rows(3, YEAR, portal="广东")]
    return write_sample(tmp_path / "两省 批次.xlsx", rows)


def document(capsys: Shown, *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_template_offers_both(tmp_path: Path, home: Path) -> None:
    out = tmp_path / "空表.xlsx"
    assert main(["template", str(out)]) == 0
    opened = load_workbook(out)
    lists = {
        str(rule.sqref).split("2:")[0]: rule.formula1
        for rule in opened["填报表"].data_validations.dataValidation
    }
    assert set(lists["B"].strip('"').split(",")) == {"河南", "广东"}
    ways = {way for portal in load_settings().portals.values() for way in portal.logins}
    assert set(lists["R"].strip('"').split(",")) == ways
    assert {"免数字证书", "个人登录"} <= ways
    examples = [line[1] for line in opened["示例"].iter_rows(min_row=2, values_only=True)]
    assert sorted(map(str, examples)) == ["广东", "河南"]


def test_check_knows_the_logins_of_this_machine(book: Path, home: Path, capsys: Shown) -> None:
    code, checked = document(capsys, "check", str(book))
    (finding,) = checked["findings"]
    assert (code, checked["ready"], finding["severity"]) == (1, 5, "warning")
    assert (finding["row"], finding["header"]) == (4, "登录账号")
    assert finding["advice"].endswith("rpa secrets set 广东 张三经办")
    Credentials(home).set("guangdong", "张三经办", Credential("account", "password"))
    assert document(capsys, "check", str(book))[1]["findings"] == []


def test_submit_queues_both(book: Path, home: Path, capsys: Shown) -> None:
    code, submitted = document(capsys, "submit", str(book))
    assert (code, submitted["planned"], submitted["blocked"]) == (0, 5, [])
    with Ledger.open(load_settings().ledger_url) as ledger:
        assert set(ledger.counts.of(submitted["batch"]).portals) == {"henan", "guangdong"}
    assert main(["pause", "广东"]) == 0
    assert "已暂停平台“广东”" in capsys.readouterr().out
    _, cancelled = document(capsys, "cancel", "广东", "--yes")
    assert (cancelled["target"], cancelled["cancelled"]) == ("guangdong", 3)
    _, written = document(capsys, "results", submitted["batch"])
    assert (written["counts"], written["unfinished"]) == ({"CANCELLED": 3}, 2)
