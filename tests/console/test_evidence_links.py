"""Evidence files by raw requests: a batch's own files, and no way to any other."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from rpa.evidence.files import payload
from rpa.evidence.report import Report
from rpa.filing import RowStatus
from rpa.ledger.data.batches import Batch
from tests.evidence.recorded import DONE, filing, record
from tests.ledger.builders import open_batch
from tests.support.console import Served, served_console, settings_at
from tests.support.visiting import Caller, admitted

SECRET = "没有人该看到这一行"


@pytest.fixture(scope="module")
def batch(served: Served) -> Batch:
    return open_batch(served.ledger, served.settings.home)


@pytest.fixture(scope="module")
def evidence(served: Served, batch: Batch) -> Path:
    """A batch's folder with a report, an employer, and much that must not be had."""
    root = served.settings.evidence_root
    bag = root / batch.id
    folder = payload(bag)
    employer = record(bag, filing(1))
    report = Report(bag, batch_id=batch.id, name="批次", operator="王芳")
    report.write([RowStatus.of(filing(1), portal="河南", outcome=DONE, attempts=1)])
    (root / "secret.txt").write_text(SECRET, encoding="utf-8")
    (root / "B1").mkdir()
    (root / "B1" / "01_a.txt").write_text(SECRET, encoding="utf-8")
    (folder / ".index.html.abc").write_text(SECRET, encoding="utf-8")
    (folder / ".hidden.txt").write_text(SECRET, encoding="utf-8")
    (folder / "a.html").write_text(f"<script>{SECRET}</script>", encoding="utf-8")
    (folder / "a.svg").write_text(f"<svg><script>{SECRET}</script></svg>", encoding="utf-8")
    (folder / "a.exe").write_text(SECRET, encoding="utf-8")
    (folder / "to_a_file.txt").symlink_to(root / "secret.txt")
    (folder / "to_a_folder").symlink_to(root / "B1")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    (employer / "index.html").write_text(f"<script>{SECRET}</script>", encoding="utf-8")
    return folder


def _address(batch: Batch, path: str) -> str:
    return f"/batches/{batch.id}/evidence/{path}"


def test_each_kind_of_file_is_what_it_is(caller: Caller, batch: Batch, evidence: Path) -> None:
    employer = quote(next(path.name for path in evidence.iterdir() if path.name.startswith("试验企业1")))
    for name, kind in (
        (f"{employer}/{quote('01_登录单位网厅.jpg')}", "image/jpeg"),
        (f"{employer}/{quote('03_申报表.pdf')}", "application/pdf"),
        (f"{employer}/audit.jsonl", "text/plain; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
    ):
        answer = caller.get(_address(batch, name))
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind), name
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("inline; filename")


def test_the_reports_own_script_runs_and_no_other(caller: Caller, batch: Batch, evidence: Path) -> None:
    policy = caller.get(_address(batch, "index.html")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    assert len(re.findall(r"(?:style|script)-src 'sha256-[\w+/]{43}='(?:;|$)", policy)) == 2
    assert "frame-ancestors 'none'" in policy
    audit = caller.get(_address(batch, f"{quote(next(evidence.glob('试验企业1*')).name)}/audit.jsonl"))
    assert "default-src 'self'" in audit.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "..%2fsecret.txt",
        "%252e%252e%252fsecret.txt",
        "..%5csecret.txt",
        "..\\secret.txt",
        "a/../../secret.txt",
        "./../secret.txt",
        "../B1/01_a.txt",
        "....//secret.txt",
        "/secret.txt",
        "//secret.txt",
        "%2fetc/passwd",
        "/etc/passwd",
        "file:%2f%2f/etc/passwd",
        "C:%5cWindows%5cwin.ini",
        "index.html%00.jpg",
        "%00",
        "index.html%0d%0aX-Evil:1",
        "index.html::$DATA",
        ".index.html.abc",
        ".hidden.txt",
        "to_a_file.txt",
        "to_a_folder/01_a.txt",
        "round.txt",
        "a.html",
        "a.svg",
        "a.exe",
        "index.html/",
        "index.html/..",
        "",
        ".",
        "%c0%ae%c0%ae/secret.txt",
        "%ff%fe",
        "a" * 5000,
    ],
)
def test_no_way_leads_out(caller: Caller, batch: Batch, evidence: Path, path: str) -> None:
    assert evidence.is_dir()
    answer = caller.get(_address(batch, path))
    assert answer.status in (400, 404)
    assert SECRET not in answer.body
    assert "root:" not in answer.body


def test_only_the_batchs_report_is_a_page(caller: Caller, batch: Batch, evidence: Path) -> None:
    employer = quote(next(evidence.glob("试验企业1*")).name)
    assert caller.get(_address(batch, f"{employer}/index.html")).status == 404


@pytest.mark.parametrize("batch_id", ["B1", "..", "%2e%2e", ".", "B19700101-1", "%2e%2e%2fevidence", ""])
def test_a_folder_that_is_no_batchs_is_not_served(caller: Caller, evidence: Path, batch_id: str) -> None:
    assert evidence.is_dir()
    answer = caller.get(f"/batches/{batch_id}/evidence/01_a.txt")
    assert answer.status == 404
    assert SECRET not in answer.body


def test_an_evidence_root_behind_a_link_is_served(tmp_path: Path) -> None:
    """A shared folder is often mounted by a link; what lies in it is the batch's own all the same."""
    (tmp_path / "共享").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "共享")
    settings = settings_at(tmp_path / "home", evidence_folder=tmp_path / "link")
    with served_console(settings) as console:
        batch = open_batch(console.ledger, tmp_path)
        record(tmp_path / "共享" / batch.id, filing(1))
        trail = next(payload(tmp_path / "共享" / batch.id).iterdir()).name
        answer = admitted(console).get(f"/batches/{batch.id}/evidence/{quote(trail)}/audit.jsonl")
        assert answer.status == 200


@pytest.mark.parametrize(
    "name", ["..%2f..%2fseal.key", "seal.key", "ledger.db", "%2e%2e", "x_结果_1.xlsx", "工资.xlsx"]
)
def test_results_are_no_way_in_either(caller: Caller, served: Served, batch: Batch, name: str) -> None:
    for other in ("seal.key", "x_结果_1.xlsx", "工资.xlsx"):
        (served.settings.home / other).touch()
    answer = caller.get(f"/batches/{batch.id}/results/{quote(name, safe='%')}")
    assert answer.status == 404
