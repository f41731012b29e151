"""``rpa evidence pdf``: what it says, and what it refuses before a browser starts."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from rpa.cli.evidence import pdf
from rpa.cli.shared.parser import Parser
from rpa.errors import UserError
from rpa.evidence.report import Report
from rpa.filing import RowStatus
from tests.evidence.recorded import DONE, filing, record


def arguments(*words: str | Path) -> Namespace:
    parser = Parser(prog="rpa evidence pdf")
    pdf.configure(parser)
    return parser.parse_args([str(word) for word in words])


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    batch = tmp_path / "六月 批次"
    record(batch, filing(1))
    report = Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办")
    report.write([RowStatus.of(filing(1), portal="河南", outcome=DONE, attempts=1)])
    return batch


@pytest.mark.usefixtures("home")
def test_printed_and_told(bag: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "一家.PDF"
    assert pdf.run(arguments(bag, "--employer", "试验企业1", "--out", out, "--json")) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/evidence-pdf/1"
    assert document["employers"] == ["试验企业1有限公司"]
    assert (document["filings"], document["missing_pictures"]) == (1, 2)  # they are no real pictures
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["一家.xlsx", "没有/一家.pdf"])
def test_where_to(name: str, bag: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="应是已有文件夹里的一个"):
        pdf.run(arguments(bag, "--out", tmp_path / name))
