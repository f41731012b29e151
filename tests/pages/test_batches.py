"""批次: what a person sees of a batch, what they may do, and that it is quick with many rows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.fleet import LivePictureUpdate
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.data.tasks import TaskState, Ticket, Work
from tests.ledger.builders import filing
from tests.pages.seeding import (
    DONE,
    EVIL,
    REFUSED,
    SERIAL,
    UNCONFIRMED,
    WORKER,
    batch_of,
    begun,
    ended,
    jpeg,
    no_sideways_scrolling,
    working,
)
from tests.support.console import Served, reserved_port, served_console, settings_at


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Served]:
    """A console for each test: the batches of one are not another's. Who works is alive all the while."""
    with served_console(settings_at(tmp_path / "home", engine={"dead_seconds": 600})) as served:
        yield served


@pytest.fixture
def half(console: Served) -> tuple[Batch, dict[int, Ticket]]:
    """A batch of ten, half done, with a worker at it and two rows that the check refused."""
    working(console.ledger)
    batch, tickets = batch_of(console, range(1, 11), blocked=[20, 21])
    for number, outcome in ((1, DONE), (2, DONE), (3, REFUSED), (4, UNCONFIRMED)):
        ended(console, tickets[number], outcome)
    begun(console, tickets[5])
    return batch, tickets


def _open(page: Page, console: Served, batch: Batch) -> None:
    page.goto(f"{console.url}/batches/{batch.id}")


def _shown(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def test_the_list_says_how_far_each_batch_is(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]], accessible: Callable[[Page], None]
) -> None:
    desk.goto(f"{console.url}/batches")
    card = desk.locator("article", has_text="十一月 南阳")
    expect(card).to_contain_text("办理中")
    expect(card).to_contain_text("4 / 10 户")
    expect(card).to_contain_text("另有 2 行没有通过检查")
    tags = _shown(desk, "article .tags .tag")
    assert tags == ["正在办理 1", "等待 5", "已提交 2", "平台退回 1", "待核实 1"]
    accessible(desk)
    no_sideways_scrolling(desk)
    card.get_by_role("link", name="十一月 南阳").click()
    expect(desk).to_have_url(f"{console.url}/batches/{half[0].id}")


def test_without_a_batch_it_says_what_to_do(desk: Page, console: Served) -> None:
    desk.goto(f"{console.url}/batches")
    desk.get_by_role("link", name="登记第一个批次").click()
    expect(desk).to_have_url(f"{console.url}/start")


def test_a_batch_tells_everything_at_a_glance(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]], accessible: Callable[[Page], None]
) -> None:
    batch, _ = half
    deadline = datetime.now(UTC) + timedelta(minutes=5)
    console.ledger.requests.ask(NewRequest("captcha", "请输入图中的字符", deadline, batch_id=batch.id))
    console.ledger.requests.ask(NewRequest("captcha", "另一批的", deadline))
    _open(desk, console, batch)
    summary = desk.locator("#summary")
    for told in (
        "4 / 10 户",
        "河南。",
        "每分钟 0.4 户，预计还要",
        "办理程序 1 个在运行（办公室）",
        "第 20、21 行",
    ):
        expect(summary).to_contain_text(told)
    expect(summary).to_contain_text("有 1 条待办等您答复")
    expect(summary.get_by_role("link", name="去答复")).to_have_attribute("href", "/")
    row = desk.locator("table.rows tbody tr").first
    for told in ("2", "试验企业1有限公司", "已提交", "在办理进度查询中查到", SERIAL):
        expect(row).to_contain_text(told)
    accessible(desk)
    no_sideways_scrolling(desk)


def test_it_follows_the_ledger_by_itself(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]
) -> None:
    batch, tickets = half
    _open(desk, console, batch)
    expect(desk.locator("#summary")).to_contain_text("4 / 10 户")
    ended(console, tickets[6], DONE)
    expect(desk.locator("#summary")).to_contain_text("5 / 10 户")
    expect(desk.locator("table.rows tr", has_text="试验企业6有限公司")).to_contain_text("已提交")


def test_what_has_the_focus_keeps_it_and_what_is_typed_stays(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]
) -> None:
    batch, tickets = half
    _open(desk, console, batch)
    desk.locator("#row-7").focus()
    ended(console, tickets[6], DONE)
    expect(desk.locator("table.rows tr", has_text="试验企业6有限公司")).to_contain_text("已提交")
    expect(desk.locator("#row-7")).to_be_focused()
    desk.locator("input[name=q]").press_sequentially("企业8")
    ended(console, tickets[7], DONE)
    expect(desk.locator("#summary")).to_contain_text("6 / 10 户")
    expect(desk.locator("input[name=q]")).to_have_value("企业8")


def test_somebody_has_to_work(desk: Page, console: Served) -> None:
    batch, _ = batch_of(console, range(1, 3))
    _open(desk, console, batch)
    expect(desk.locator("#summary")).to_contain_text("没有办理程序在运行")
    expect(desk.locator("#summary")).to_contain_text("rpa worker")
    working(console.ledger)
    expect(desk.locator("#summary")).not_to_contain_text("没有办理程序在运行")


def test_pausing_going_on_and_calling_off_bear_the_persons_name(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]
) -> None:
    batch, _ = half
    _open(desk, console, batch)
    desk.get_by_role("button", name="暂停", exact=True).click()
    expect(desk.locator(".toast").first).to_contain_text("正在办理的 1 户会办完")
    expect(desk.get_by_role("button", name="恢复办理")).to_be_focused()
    assert console.ledger.batches.get(batch.id).state is BatchState.PAUSED
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="暂停", exact=True)).to_be_visible()
    assert console.ledger.batches.get(batch.id).state is BatchState.ACTIVE

    desk.get_by_role("button", name="取消批次…").click()
    desk.get_by_role("button", name="不了").click()
    assert console.ledger.batches.get(batch.id).state is BatchState.ACTIVE
    desk.get_by_role("button", name="取消批次…").click()
    expect(desk.locator("dialog[open]")).to_contain_text("未办的 6 户不再办理")
    desk.get_by_role("button", name="取消批次", exact=True).click()
    expect(desk.locator("h1 + .tag")).to_have_text("已取消")
    assert console.ledger.batches.get(batch.id).state is BatchState.CANCELLED
    assert [(one.who, one.what) for one in console.ledger.actions.newest(batch.id)] == [
        ("王芳", "取消未办的 5 户"),
        ("王芳", "恢复"),
        ("王芳", "暂停"),
    ]
    expect(desk.locator("#history li").first).to_contain_text("王芳 取消未办的 5 户")


def test_a_button_with_the_focus_keeps_no_page_as_it_was(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]
) -> None:
    batch, _ = half
    _open(desk, console, batch)
    desk.get_by_role("button", name="暂停", exact=True).focus()
    console.ledger.batches.set_state(batch.id, BatchState.CANCELLED)
    expect(desk.locator("h1 + .tag")).to_have_text("已取消")
    expect(desk.locator("#main")).to_be_focused()


def test_working_again_on_some_verdicts(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]], accessible: Callable[[Page], None]
) -> None:
    batch, _ = half
    _open(desk, console, batch)
    desk.get_by_role("button", name="重办…").click()
    accessible(desk)
    desk.locator("#retry").get_by_role("button", name="重办").click()
    expect(desk.locator(".toast").first).to_contain_text("请先选择")
    desk.get_by_role("button", name="重办…").click()
    desk.get_by_label("平台退回").check()
    desk.locator("#retry").get_by_role("button", name="重办").click()
    expect(desk.get_by_text("已排队重办 1 户")).to_be_visible()
    states = console.ledger.counts.of(batch.id).states
    assert (states[TaskState.DONE], states[TaskState.WAITING]) == (3, 6)


def test_looking_up_and_tracking(desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]) -> None:
    batch, _ = half
    _open(desk, console, batch)
    desk.get_by_role("button", name="核实 1 户").click()
    expect(desk.get_by_text("已排队核实 1 户")).to_be_visible()
    desk.get_by_role("button", name="跟踪 2 户的办理状态").click()
    expect(desk.get_by_text("已排队跟踪 2 户")).to_be_visible()
    assert [one.what for one in console.ledger.actions.newest(batch.id)] == ["跟踪 2 户", "核实 1 户"]


def test_a_paused_portal_is_said(desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]]) -> None:
    console.ledger.portals.pause("henan", "找不到“下一步”")
    _open(desk, console, half[0])
    expect(desk.locator("#summary")).to_contain_text("河南：已暂停：找不到“下一步”")


def test_two_thousand_rows_stay_quick(desk: Page, console: Served) -> None:
    batch, tickets = batch_of(console, range(1, 2001))
    for number in range(1, 4):
        ended(console, tickets[number], REFUSED)
    begun_at = time.process_time()  # the server's: what else the machine does counts for nothing
    _open(desk, console, batch)
    expect(desk.locator("table.rows")).to_contain_text("试验企业1有限公司")
    assert time.process_time() - begun_at < 5
    assert desk.evaluate("document.querySelectorAll('*').length") < 1200
    expect(desk.locator("table.rows tbody tr")).to_have_count(50)
    desk.get_by_role("link", name="下一页").click()
    expect(desk.locator("table.rows tbody tr").first).to_contain_text("试验企业51有限公司")
    desk.locator("input[name=q]").fill("企业1999")
    expect(desk.locator("table.rows tbody tr")).to_have_count(1)
    expect(desk).to_have_url(re.compile(r"q=%E4%BC%81%E4%B8%9A1999$"))
    desk.locator("input[name=q]").fill("1501")
    expect(desk.locator("table.rows tbody tr").first).to_contain_text("1501")
    desk.get_by_role("link", name="平台退回 3").click()
    expect(desk.locator("table.rows tbody tr")).to_have_count(3)
    desk.locator("input[name=q]").fill("没有这样的单位")
    expect(desk.locator("table.rows")).to_contain_text("没有符合的户")


def test_a_name_is_never_run(desk: Page, console: Served) -> None:
    name = EVIL.replace("/", "")
    batch, tickets = batch_of(console, [1, 2], names={1: EVIL}, name=name)
    ended(console, tickets[1], DONE)
    for path, shown in (("", name), (f"/{batch.id}", EVIL), (f"/{batch.id}/rows/2", EVIL)):
        desk.goto(f"{console.url}/batches{path}")
        expect(desk.locator("main")).to_contain_text(shown)
        assert desk.locator("main script, main img").count() == 0
        assert desk.evaluate("window.owned") is None


def test_live_pictures_only_while_somebody_looks(
    desk: Page, console: Served, half: tuple[Batch, dict[int, Ticket]], accessible: Callable[[Page], None]
) -> None:
    batch, tickets = half
    assert not console.ledger.live_pictures.is_watched()
    _open(desk, console, batch)
    picture = jpeg(desk)
    task = tickets[5].task_id
    console.ledger.live_pictures.show(WORKER, [LivePictureUpdate(task, "填写申请信息", picture)])
    view = desk.locator(f"#view-{task}")
    expect(view).to_contain_text("试验企业5有限公司")
    expect(view).to_contain_text("填写申请信息")
    assert console.ledger.live_pictures.is_watched()
    image = view.locator("img")
    expect(image).to_have_attribute("src", f"/views/{task}?n=1")
    expect(image).to_have_js_property("naturalWidth", 1280)
    accessible(desk)
    console.ledger.live_pictures.show(WORKER, [LivePictureUpdate(task, "核对页面与表格", picture)])
    expect(image).to_have_attribute("src", f"/views/{task}?n=2")
    view.get_by_role("button").click()
    expect(desk.get_by_role("dialog", name="试验企业5有限公司的画面")).to_be_visible()
    desk.get_by_role("button", name="关闭").click()

    desk.get_by_role("button", name="开着").click()
    expect(view).to_have_count(0)
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    ended(console, tickets[6], DONE)
    expect(desk.locator("#summary")).to_contain_text("5 / 10 户")
    desk.evaluate("() => new Promise(done => setTimeout(done, 1100))")  # a look would have been due before it
    assert not [url for url in asked if url.endswith(("/watch", "/views"))]
    console.ledger.live_pictures.show(WORKER, [])
    assert console.ledger.live_pictures.frame(task) is None


def test_a_restart_of_the_server_is_said_and_survived(page: Page, tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "home")
    with reserved_port() as port:
        with served_console(settings, port=port) as first:
            batch, tickets = batch_of(first, range(1, 4))
            page.goto(first.link())
            _open(page, first, batch)
            expect(page.locator("#summary")).to_contain_text("0 / 3 户")
        expect(page.get_by_role("alert")).to_have_text("连接中断，正在重连…")
        with served_console(settings, port=port) as second:
            ended(second, tickets[1], DONE)
            expect(page.locator("#summary")).to_contain_text("1 / 3 户")
            expect(page.locator("#offline")).to_be_hidden()


def test_what_is_not_there_is_said_in_words(
    desk: Page, console: Served, accessible: Callable[[Page], None]
) -> None:
    batch, _ = batch_of(console, [1])
    for path in ("B19700101-1", f"{batch.id}/rows/99", f"{batch.id}/results/x.xlsx"):
        answer = desk.goto(f"{console.url}/batches/{path}")
        assert answer is not None
        assert answer.status == 404
        expect(desk.get_by_role("heading", name="没有找到")).to_be_visible()
    accessible(desk)


def test_each_portal_of_a_batch_has_its_own_progress(desk: Page, console: Served) -> None:
    batch, tickets = batch_of(console, [1, 2])
    ended(console, tickets[1], DONE)
    console.ledger.filings.enrol(batch.id, [filing(3, portal="guangdong", edition="2024", city="广州")])
    console.ledger.plans.make(batch.id, Work.FILE, rows=[4])
    _open(desk, console, batch)
    table = desk.locator("table.portals tbody tr")
    assert [text.split() for text in table.all_inner_texts()] == [
        ["广东", "0", "/", "1", "等待", "1"],
        ["河南", "1", "/", "2", "等待", "1", "已提交", "1"],
    ]
    assert "广东" in _shown(desk, "table.rows tbody tr")[2]
    no_sideways_scrolling(desk)


def test_rows_of_a_batch_are_its_own(desk: Page, console: Served) -> None:
    first, _ = batch_of(console, [1])
    second, _ = batch_of(console, [2], name="另一批.xlsx")
    _open(desk, console, second)
    assert filing(2).employer.name in _shown(desk, "table.rows tbody tr")[0]
    expect(desk.locator("table.rows tbody tr")).to_have_count(1)
    assert first.id != second.id
