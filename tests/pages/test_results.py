"""A batch's result workbook and report, fetched from the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import enter, read
from rpa.evidence.bag.verify import verify
from rpa.ledger.data.batches import Batch
from rpa.workbook.package import encrypted
from tests.pages.seeding import DONE, SERIAL, batch_of, ended, workbook
from tests.support.console import Served, served_console, settings_at


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Served]:
    with served_console(settings_at(tmp_path / "home")) as served:
        yield served


def _open(page: Page, console: Served, batch: Batch) -> None:
    page.goto(f"{console.url}/batches/{batch.id}")


def _entered(console: Served, path: Path, password: str = "") -> Batch:
    options = RunOptions(who="王芳", password=lambda: password)
    intake = read(path, console.settings, options)
    return enter(intake, console.ledger, console.settings, options)


def test_results_and_report_as_they_stand_now(desk: Page, console: Served, tmp_path: Path) -> None:
    batch = _entered(console, workbook(tmp_path / "我的 批次.xlsx"))
    ended(console, console.ledger.ready_tasks.find("henan", 3)[0], DONE)
    _open(desk, console, batch)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="下载结果").click()
    assert download.value.suggested_filename.startswith("我的 批次_结果_")
    download.value.save_as(tmp_path / "下载.xlsx")
    sheet = load_workbook(tmp_path / "下载.xlsx")["填报表"]
    shown = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert {"办理结论", "已提交", SERIAL} <= set(shown)

    complaints: list[str] = []
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="打开报告").click()
    report = opened.value
    report.on("console", lambda message: complaints.append(message.text))
    report.reload()
    expect(report.locator(".verdicts tbody tr")).to_have_count(3)
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 246, 249)"
    report.get_by_label("查找单位").fill("没有这样的单位")
    expect(report.locator(".verdicts tbody tr:visible")).to_have_count(0)
    assert complaints == []
    assert verify(console.settings.evidence_root / batch.id).intact


def test_a_locked_workbook_is_asked_for_its_password(desk: Page, console: Served, tmp_path: Path) -> None:
    path = workbook(tmp_path / "加密.xlsx")
    path.write_bytes(encrypted(path.read_bytes(), "Zx81-Kq"))
    batch = _entered(console, path, "Zx81-Kq")
    _open(desk, console, batch)
    desk.get_by_role("button", name="下载结果").click()
    desk.get_by_role("textbox", name="密码").fill("wrong")
    desk.get_by_role("button", name="确定").click()
    expect(desk.locator(".toast.bad")).to_contain_text("打开密码不对")
    desk.get_by_role("button", name="下载结果").click()
    desk.get_by_role("textbox", name="密码").fill("Zx81-Kq")
    with desk.expect_download() as download:
        desk.get_by_role("button", name="确定").click()
    assert download.value.path().read_bytes().startswith(b"\xd0\xcf\x11\xe0")


def test_a_workbook_on_another_machine_or_changed_since(desk: Page, console: Served, tmp_path: Path) -> None:
    _open(desk, console, batch_of(console, [1])[0])
    expect(desk.locator("#summary")).to_contain_text("工作簿在另一台电脑上（或已移走）")
    expect(desk.get_by_role("button", name="下载结果")).to_have_count(0)
    path = workbook(tmp_path / "改.xlsx")
    batch = _entered(console, path)
    workbook(path, row1={"contact": "另一人"})
    _open(desk, console, batch)
    desk.get_by_role("button", name="下载结果").click()
    expect(desk.locator(".toast.bad")).to_contain_text("登记之后改动过")
