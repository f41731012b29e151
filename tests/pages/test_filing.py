"""办件: one employer's way through the portal, with its pictures, while it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rpa.evidence.recorder import EQUAL, Recorder
from rpa.filing import Filing
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.data.tasks import Task, Ticket
from tests.ledger.builders import filing
from tests.pages.seeding import (
    DONE,
    PIXEL,
    REFUSED,
    SERIAL,
    WORKER,
    batch_of,
    begun,
    ended,
    jpeg,
    no_sideways_scrolling,
    working,
)
from tests.support.console import Served, served_console, settings_at


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Served]:
    with served_console(settings_at(tmp_path / "home")) as served:
        yield served


@pytest.fixture
def batch(console: Served) -> tuple[Batch, dict[int, Ticket]]:
    working(console.ledger)
    return batch_of(console, [1, 2, 3], blocked=[9])


def _recorder(console: Served, batch: Batch, one: Filing) -> Recorder:
    return Recorder(console.settings.evidence_root / batch.id, one, operator="王芳")


def _open(page: Page, console: Served, batch: Batch, row: int) -> None:
    page.goto(f"{console.url}/batches/{batch.id}/rows/{row}")


def test_what_became_of_it_and_how(
    desk: Page,
    console: Served,
    batch: tuple[Batch, dict[int, Ticket]],
    accessible: Callable[[Page], None],
) -> None:
    ended(console, batch[1][1], DONE)
    with _recorder(console, batch[0], filing(1)) as recorder:
        recorder.picture("登录单位网厅", PIXEL, address="http://127.0.0.1/", title="单位登录")
        recorder.compared({"户名": EQUAL, "开户银行": "不一致"})
        recorder.answered("验证码", "王芳", datetime.now(UTC))
        recorder.ended(DONE)
    _open(desk, console, batch[0], 2)
    for told in ("试验企业1有限公司", "已提交", "河南 南阳", "稳岗返还 2024 年度", "平台自己的记录", SERIAL):
        expect(desk.locator("#standing")).to_contain_text(told)
    expect(desk.locator("#standing .tag.bad")).to_have_text("开户银行：不一致")
    expect(desk.locator("#shots li")).to_contain_text(["01 登录单位网厅"])
    expect(desk.locator("#shots img")).to_have_js_property("naturalWidth", 1)
    accessible(desk)
    desk.get_by_text("逐条记录").click()
    expect(desk.locator("#trail")).to_contain_text("答复人：王芳")
    no_sideways_scrolling(desk)


def test_it_grows_while_one_looks_and_nothing_is_loaded_twice(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    begun(console, batch[1][1])
    loaded: list[str] = []
    desk.on("request", lambda request: loaded.append(request.url) if ".jpg" in request.url else None)
    with _recorder(console, batch[0], filing(1)) as recorder:
        recorder.picture("登录单位网厅", PIXEL, address="http://127.0.0.1/", title="单位登录")
        _open(desk, console, batch[0], 2)
        expect(desk.locator("#standing .tag")).to_have_text("正在办理")
        expect(desk.locator("#shots li")).to_have_count(1)
        desk.evaluate("document.querySelector('#shots img').mine = true")
        desk.get_by_text("逐条记录").click()
        recorder.picture("填写申请信息", jpeg(desk), address="http://127.0.0.1/", title="申请")
        console.ledger.workers.beat(WORKER)
        expect(desk.locator("#shots li")).to_have_count(2)
    expect(desk.locator("#shots img").last).to_have_js_property("naturalWidth", 1280)
    expect(desk.locator("#trail tr")).to_have_count(3)
    expect(desk.locator("#trail")).to_be_visible()
    assert len(loaded) == len(set(loaded)) == 2
    assert desk.evaluate("document.querySelector('#shots img').mine") is True


def test_pictures_large_by_the_keyboard(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    with _recorder(console, batch[0], filing(1)) as recorder:
        for step in ("登录单位网厅", "填写申请信息"):
            recorder.picture(step, jpeg(desk), address="http://127.0.0.1/", title=step)
    _open(desk, console, batch[0], 2)
    desk.locator("#shots a").first.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open] footer span")).to_contain_text("01 登录单位网厅")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator("dialog[open] footer span")).to_contain_text("02 填写申请信息")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator("dialog[open] footer span")).to_contain_text("02 填写申请信息")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_a_waiting_question_leads_to_the_desk(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    task: Task = begun(console, batch[1][1])
    _open(desk, console, batch[0], 2)
    deadline = datetime.now(UTC) + timedelta(minutes=5)
    request = NewRequest("captcha", "请输入图中的字符", deadline, filing_id=task.filing_id)
    console.ledger.requests.ask(request)
    expect(desk.locator("#standing")).to_contain_text("请输入图中的字符")
    console.ledger.requests.ask(replace(request, question="别人的", filing_id=task.filing_id + 1))
    desk.get_by_role("link", name="去答复").click()
    expect(desk).to_have_url(f"{console.url}/")


def test_evidence_on_another_machine_is_said(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    ended(console, batch[1][1], REFUSED)
    _open(desk, console, batch[0], 2)
    expect(desk.locator("#standing")).to_contain_text("截图和记录不在这台电脑上")
    expect(desk.locator("#standing")).to_contain_text("下一步：按平台的说明更正数据后重新运行")
    _open(desk, console, batch[0], 3)
    expect(desk.locator("#standing")).to_contain_text("还没有开始办理")
    expect(desk.locator("#standing")).not_to_contain_text("不在这台电脑上")


def test_a_trail_that_was_altered_is_said(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    with _recorder(console, batch[0], filing(1)) as recorder:
        recorder.picture("登录单位网厅", PIXEL, address="http://127.0.0.1/", title="单位登录")
        recorder.line("改动的一行")
        trail = recorder.folder / "audit.jsonl"
    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join([lines[0], lines[2]]))
    _open(desk, console, batch[0], 2)
    expect(desk.locator("#standing")).to_contain_text("记录文件不完整：第 2 行")


def test_rows_that_are_no_filings(
    desk: Page, console: Served, batch: tuple[Batch, dict[int, Ticket]]
) -> None:
    _open(desk, console, batch[0], 9)
    expect(desk.locator("main")).to_contain_text("第 9 行没有通过检查")
    _open(desk, console, batch[0], 77)
    expect(desk.locator("main")).to_contain_text("没有第 77 行")
