"""新批次: a workbook dropped, what is wrong with it shown on its cells, corrected, dropped again, started."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from rpa.workbook.package import encrypted
from tests.pages.seeding import DONE, EVIL, ended, no_sideways_scrolling, workbook
from tests.support.console import Served, served_console, settings_at
from tests.support.zips import zipped

_DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const drop = document.getElementById("drop");
  for (const type of ["dragenter", "dragover", "drop"])
    drop.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""

_LOOK = """
import sys, pathlib
files = [one for one in pathlib.Path(sys.argv[1]).rglob("*") if one.is_file()]
found = [one.name for one in files if sys.argv[2].encode() in one.read_bytes()]
print(*found or ["nowhere"])
"""
"""In a process of its own: one that has a ledger open must not open its file by another way."""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Served]:
    with served_console(settings_at(tmp_path / "home")) as served:
        yield served


@pytest.fixture
def start(desk: Page, console: Served) -> Page:
    """The page, with its script at work, and painted: before that Chromium drops what is typed."""
    desk.goto(f"{console.url}/start", wait_until="networkidle")
    desk.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return desk


def _choose(page: Page, *paths: Path) -> None:
    page.locator("#file").set_input_files(paths)


def _drop(page: Page, path: Path) -> None:
    page.evaluate(_DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])


def test_findings_stand_on_their_cells_and_go_when_corrected(
    start: Page, console: Served, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    path = workbook(tmp_path / "十一月 南阳.xlsx", 4, row2={"phone": "138"}, row3={"year": 2025})
    accessible(start)
    _drop(start, path)
    lead = start.locator("#checked .lead")
    expect(lead).to_have_text("可办理 3 行 需更正 1 行 提醒 1 处", use_inner_text=True)
    wrong, odd = start.locator("#found td.bad"), start.locator("#found td.warn")
    expect(wrong).to_contain_text("138")
    expect(wrong).to_contain_text("错误：联系方式既不是 11 位手机号码")
    expect(wrong).to_contain_text("请填写一个手机号码")
    expect(odd).to_contain_text("提醒：申请年度 2025 不是今年")
    assert start.locator("#found tbody th").all_inner_texts() == ["3", "4"]
    expect(start.get_by_role("columnheader", name="开户银行")).to_be_hidden()
    start.get_by_label("只看有问题的列").uncheck()
    expect(start.get_by_role("columnheader", name="开户银行")).to_be_visible()
    accessible(start)
    no_sideways_scrolling(start)
    with start.expect_download() as download:
        start.get_by_role("link", name="下载标注副本").click()
    assert download.value.suggested_filename == "十一月 南阳_检查.xlsx"
    download.value.save_as(tmp_path / "标注.xlsx")
    note = load_workbook(tmp_path / "标注.xlsx")["填报表"]["J3"].comment
    assert note is not None
    assert "手机号码" in note.text
    assert console.ledger.batches.all() == []

    _drop(start, workbook(path, 4, row3={"year": 2025}))
    expect(lead).to_have_text("可办理 4 行 提醒 1 处", use_inner_text=True)
    expect(wrong).to_have_count(0)


def test_from_the_keyboard_to_the_batch(start: Page, console: Served, tmp_path: Path) -> None:
    path = workbook(tmp_path / "十一月.xlsx", 3, row1={"code": "914113000000000000"})
    chosen = start.get_by_label("选择填好的表格")
    chosen.focus()
    expect(chosen).to_be_focused()
    with start.expect_file_chooser() as chooser:
        start.keyboard.press("Space")
    chooser.value.set_files(path)
    expect(start.locator("#result-title")).to_be_focused()
    start.get_by_label("试办到保存").focus()
    start.keyboard.press("Space")
    expect(start.get_by_label("每一笔都确认")).to_be_disabled()
    start.get_by_label("试办到保存").press("ArrowUp")
    start.get_by_label("每一笔都确认").focus()
    start.keyboard.press("Space")
    start.keyboard.press("Tab")
    expect(start.get_by_role("button", name="开始办理 2 户")).to_be_focused()
    start.keyboard.press("Enter")
    start.wait_for_url("**/batches/*")
    (batch,) = console.ledger.batches.all()
    assert (batch.name, batch.until, batch.approve, batch.blocked) == ("十一月", "submit", "each", (2,))
    assert console.ledger.counts.unfinished(batch.id) == {"henan": 2}
    assert [(one.who, one.what) for one in console.ledger.actions.newest(batch.id)] == [
        ("王芳", "登记批次，待办理 2 户")
    ]
    assert batch.workbook.read_bytes() == path.read_bytes()


def test_the_same_workbook_is_the_same_batch(start: Page, console: Served, tmp_path: Path) -> None:
    path = workbook(tmp_path / "十一月.xlsx")
    _choose(start, path)
    start.get_by_role("button", name="开始办理").click()
    start.wait_for_url("**/batches/*")
    (batch,) = console.ledger.batches.all()
    ended(console, console.ledger.ready_tasks.find("henan", 3)[0], DONE)

    start.goto(f"{console.url}/start", wait_until="networkidle")
    again = tmp_path / "十一月 (1).xlsx"
    again.write_bytes(path.read_bytes())
    _choose(start, again)
    expect(start.locator("#checked")).to_contain_text(f"这份表格已经登记过：批次 {batch.id}")
    expect(start.locator("#checked .lead")).to_contain_text("其中 1 行以前已办妥，不会重复提交")
    expect(start.locator("#found td.warn")).to_contain_text("台账中这笔办件的结论是“已提交”")
    start.reload()
    start.get_by_role("button", name="开始办理").click()
    start.wait_for_url("**/batches/*")
    assert [one.id for one in console.ledger.batches.all()] == [batch.id]
    assert console.ledger.counts.unfinished(batch.id) == {"henan": 2}


def test_a_locked_workbook_gives_its_password_to_nobody(start: Page, console: Served, tmp_path: Path) -> None:
    path = workbook(tmp_path / "加密.xlsx", 2, row1={"phone": "138"})
    path.write_bytes(encrypted(path.read_bytes(), "Zx81-Kq-77"))
    password = start.get_by_role("textbox", name="密码")
    _choose(start, path)
    password.fill("wrong")
    start.keyboard.press("Enter")
    expect(start.get_by_role("alert")).to_contain_text("打开密码不对")
    _choose(start, path)
    password.fill("Zx81-Kq-77")
    start.keyboard.press("Enter")
    expect(start.locator("#checked .lead")).to_contain_text("可办理 1 行")
    start.get_by_role("button", name="开始办理").click()
    password.fill("Zx81-Kq-77")
    start.keyboard.press("Enter")
    start.wait_for_url("**/batches/*")
    home = console.settings.home
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK, home, "Zx81-Kq-77"], check=True, capture_output=True
    )
    assert looked.stdout.decode().split() == ["nowhere"]
    copies = list(home.rglob("*.xlsx"))
    assert len(copies) == 2
    assert all(one.read_bytes().startswith(b"\xd0\xcf\x11\xe0") for one in copies)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_whatever_else_is_dropped_is_told_kindly(start: Page, console: Served, tmp_path: Path) -> None:
    alert = start.get_by_role("alert")
    word = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})
    for name, data, told in (
        ("说明.docx", word, "“说明.docx”不是 Excel 工作簿"),
        ("其实是Word.xlsx", word, "不是有效的 Excel 工作簿"),
        ("网页.xlsx", b"<html><table></table></html>", "这不是 Excel 工作簿（可能是网页、CSV"),
        ("旧表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .xls"),
        ("空.xlsx", b"", "是空文件"),
        ("大.xlsx", bytes(26 * 2**20), "文件超过 25 MB"),
    ):
        _choose(start, _written(tmp_path / name, data))
        expect(alert).to_contain_text(told)
    bomb = zipped({"[Content_Types].xml": b"<Types/>", "xl/a.xml": bytes(64 * 2**20)})
    _choose(start, _written(tmp_path / "炸弹.xlsx", bomb))
    expect(alert).to_contain_text("解压后过大")
    expect(start.locator("#busy")).to_be_hidden()
    start.evaluate("document.getElementById('file').multiple = true")
    _choose(start, workbook(tmp_path / "一.xlsx"), workbook(tmp_path / "二.xlsx"))
    expect(alert).to_contain_text("一次放入一个文件")
    assert not list((console.settings.home / "uploads").rglob("*.xls*"))


def test_many_wrong_rows_and_a_wicked_name(start: Page, tmp_path: Path) -> None:
    path = tmp_path / "多.xlsx"
    wrong = {f"row{number}": {"phone": "138"} for number in range(1, 401)}
    workbook(path, 400, **(wrong | {"row1": {"phone": "138", "name": EVIL}}))
    _choose(start, path)
    expect(start.locator("#checked .lead")).to_contain_text("需更正 400 行")
    expect(start.locator("#checked")).to_contain_text("还有 350 行有问题")
    expect(start.locator("#found")).to_contain_text(EVIL)
    assert start.locator("#checked script, #checked img").count() == 0
    assert start.evaluate("window.owned") is None
    assert start.evaluate("document.querySelectorAll('*').length") < 2000
    expect(start.get_by_role("button", name="开始办理")).to_have_count(0)


def test_a_rehearsed_batch_is_filed_from_the_same_workbook(
    start: Page, console: Served, tmp_path: Path
) -> None:
    _choose(start, workbook(tmp_path / "试.xlsx", 2, row1={"materials": "材料/没有.pdf"}))
    expect(start.locator("#checked")).to_contain_text("拖进来的表格旁边没有材料文件")
    start.get_by_label("试办到填写").check()
    start.get_by_role("button", name="开始办理 1 户").click()
    start.wait_for_url("**/batches/*")
    expect(start.locator(".head .tag.warn")).to_have_text("试办，不提交")
    start.get_by_role("link", name="正式办理…").click()
    start.get_by_role("button", name="开始办理 1 户").click()
    start.wait_for_url("**/batches/*")
    (batch,) = console.ledger.batches.all()
    assert batch.until == "submit"


def test_the_empty_form_to_fill_in(start: Page, tmp_path: Path) -> None:
    with start.expect_download() as download:
        start.get_by_role("link", name="下载空表").click()
    assert download.value.suggested_filename == "稳岗返还_空表.xlsx"
    download.value.save_as(tmp_path / "空表.xlsx")
    assert load_workbook(tmp_path / "空表.xlsx").sheetnames == ["填报表", "填写说明", "示例"]
    _choose(start, tmp_path / "空表.xlsx")
    expect(start.locator("#checked")).to_contain_text("表头下面没有数据")
