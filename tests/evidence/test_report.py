"""The report, in a real browser: understood at a glance, harmless, and self-contained."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from rpa.evidence.files import anchor
from rpa.evidence.report import Entry, Report
from rpa.filing import Outcome, Verdict
from rpa.privacy import register_secret
from tests.evidence.recorded import DONE, filing, record

session_loop = pytest.mark.asyncio(loop_scope="session")
EVIL = "<script>document.title='owned'</script>\"'&企业"


@pytest.fixture
def entries(batch: Path) -> list[Entry]:
    outcomes = [
        DONE,
        Outcome(Verdict.REFUSED, "去年缴费不满12个月不能申请稳岗补贴"),
        Outcome(Verdict.REHEARSED, "试办到保存"),
        None,
    ]
    entries = []
    for number, outcome in enumerate(outcomes, 1):
        one = filing(number, EVIL if number == 2 else "")
        if outcome:
            record(batch, one)
        entries.append(Entry.of(one, portal="河南", outcome=outcome, attempts=1 if outcome else 0))
    blocked = Outcome(Verdict.NEEDS_PERSON, "没有授权书编号")
    return [*entries, Entry(row=9, employer="", code="", portal="", outcome=blocked)]


@pytest.fixture
def report(batch: Path) -> Report:
    return Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办", notice="模拟平台")


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, report: Report, entries: list[Entry]) -> AsyncIterator[Page]:
    async with await chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = await context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("requestfailed", lambda request: troubles.append(request.url))
        await page.goto(report.write(entries).as_uri())
        yield page
        assert troubles == []


@session_loop
async def test_the_verdicts_come_first(page: Page) -> None:
    assert await page.locator(".lead").inner_text() == (
        "共 5 笔办件：已办成 1 笔，需要处理 2 笔，尚未办完 1 笔，试办或取消 1 笔。"
    )
    assert await page.locator(".notice").first.inner_text() == "模拟平台"
    badges = await page.locator(".verdicts .badge").all_inner_texts()
    assert badges == ["平台退回", "需人工处理", "未办理", "试办完成", "已提交"]
    row = await page.locator(".verdicts tbody tr").last.inner_text()
    for told in ("试验企业1有限公司", "411302202600001234", "已受理", "2026-11-22 09:30:00"):
        assert told in row


@session_loop
async def test_names_do_not_run_as_code(page: Page) -> None:
    assert await page.title() == "稳岗返还办理报告 B20261122-1"
    assert await page.locator("h2", has_text=EVIL).count() == 1


@session_loop
async def test_each_employers_section(page: Page) -> None:
    section = page.locator(f"#{anchor(filing(1))}")
    assert "受理流水号 411302202600001234" in (await section.locator("dl").inner_text()).replace("\n", " ")
    assert await section.locator(".chips .bad").all_inner_texts() == ["银行账号：不一致"]
    assert await section.locator(".shots span").all_inner_texts() == ["01 登录单位网厅", "02 填写申请信息"]
    assert await section.locator(".chips a").inner_text() == "打印的申报表"
    await section.locator("summary").click()
    assert "人工答复" in await section.locator("details").inner_text()


@session_loop
async def test_every_link_leads_to_a_file_or_a_place(page: Page, batch: Path) -> None:
    links = await page.eval_on_selector_all(
        "a[href], img[src]", "all => all.map(one => one.getAttribute(one.src ? 'src' : 'href'))"
    )
    assert len(links) > 15
    for link in links:
        if link.startswith("#"):
            assert await page.locator(link).count() == 1
        else:
            assert (batch / unquote(link)).is_file()


@session_loop
async def test_search_and_filter(page: Page) -> None:
    rows = page.locator(".verdicts tbody tr:visible")
    await page.locator(".find").fill("试验企业３")
    assert await rows.count() == 1
    assert await page.locator("section:visible").count() == 1
    await page.locator(".find").fill("")
    await page.locator(".card", has_text="已提交").click()
    assert await rows.count() == 1
    await page.locator(".card", has_text="已提交").click()
    assert await rows.count() == 5


@session_loop
async def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


def test_nothing_is_loaded_from_elsewhere(report: Report, entries: list[Entry]) -> None:
    html = report.write(entries).read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", html)


def test_secrets_are_not_in_the_report(report: Report, entries: list[Entry]) -> None:
    secret = register_secret("Zx81Kq")
    told = Outcome(Verdict.NEEDS_PERSON, f"验证码 {secret} 不对，手机 13837700001", f"请改 {secret}")
    entries.append(Entry(row=10, employer="甲", code="", portal="", outcome=told))
    html = report.write(entries).read_text(encoding="utf-8")
    assert secret not in html
    assert "13837700001" not in html


def test_a_broken_trail_is_said_and_the_rest_shown(batch: Path, report: Report, entries: list[Entry]) -> None:
    trail = batch / entries[0].folder / "audit.jsonl"
    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    html = report.write(entries).read_text(encoding="utf-8")
    assert "记录文件不完整：第 4 行" in html
    assert "01 登录单位网厅" in html


def test_the_page_follows_the_trail(batch: Path, report: Report, entries: list[Entry]) -> None:
    before = report.write(entries).read_text(encoding="utf-8")
    record(batch, filing(1))
    after = report.write(entries).read_text(encoding="utf-8")
    assert before.count("<img") + 2 == after.count("<img")
    assert [path.name for path in batch.iterdir() if path.name.startswith(".")] == []
