"""The report, in a real browser: understood at a glance, harmless, and self-contained."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, expect

from rpa.evidence.bag.seal import is_sealed, seal
from rpa.evidence.files import anchor, folder_of, payload
from rpa.evidence.recorder import EQUAL, Recorder
from rpa.evidence.report import Report
from rpa.filing import Outcome, RowStatus, Verdict
from rpa.privacy.masks import register_secret
from tests.evidence.recorded import DONE, filing, record

session_loop = pytest.mark.asyncio(loop_scope="session")
EVIL = "<script>document.title='owned'</script>\"'&企业"


@pytest.fixture
def entries(batch: Path) -> list[RowStatus]:
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
        entries.append(RowStatus.of(one, portal="河南", outcome=outcome, attempts=1 if outcome else 0))
    blocked = Outcome(Verdict.NEEDS_PERSON, "没有授权书编号")
    return [*entries, RowStatus(row=9, employer="", code="", portal="", outcome=blocked)]


@pytest.fixture
def report(batch: Path) -> Report:
    return Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办", notice="模拟平台")


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, report: Report, entries: list[RowStatus]) -> AsyncIterator[Page]:
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
    row = page.locator(".verdicts tbody tr").last
    for told in ("试验企业1有限公司", "411302202600001234", "已受理", "2026-11-22 09:30:00"):
        await expect(row).to_contain_text(told)


@session_loop
async def test_names_do_not_run_as_code(page: Page) -> None:
    assert await page.title() == "稳岗返还办理报告 B20261122-1"
    assert await page.locator("h2", has_text=EVIL).count() == 1


@session_loop
async def test_each_employers_section(page: Page) -> None:
    section = page.locator(f"#{anchor(filing(1))}")
    await section.scroll_into_view_if_needed()
    await expect(section.locator(".story li")).to_have_count(5)
    await expect(section.locator("dl")).to_contain_text(re.compile(r"受理流水号\s*411302202600001234"))
    await expect(section.locator(".chips .bad")).to_have_text(["银行账号：不一致"])
    await expect(section.locator(".shot")).to_have_count(2)
    assert await section.locator("details tr").count() == 0  # built when somebody looks
    await section.locator("summary").click()
    await expect(section.locator("details tr")).to_have_count(7)
    await expect(section.locator("details")).to_contain_text("人工答复")


@session_loop
async def test_every_link_leads_to_a_file_or_a_place(page: Page, batch: Path) -> None:
    await page.evaluate("location.hash = 'only='")  # every section is built
    await page.locator("html[data-ready]").wait_for(state="attached")
    links = await page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    assert len(links) > 15
    for link in links:
        if link.startswith("#"):
            assert await page.locator(link).count() == 1
        else:
            assert (payload(batch) / unquote(link)).is_file()


@session_loop
async def test_search_and_filter(page: Page) -> None:
    rows = page.locator(".verdicts tbody tr:visible")
    await page.locator(".find").fill("试验企业３")
    await expect(rows).to_have_count(1)
    await expect(page.locator("section:visible")).to_have_count(1)
    await page.locator(".find").fill("")
    await page.locator(".card", has_text="已提交").click()
    await expect(rows).to_have_count(1)
    await page.locator(".card", has_text="已提交").click()
    await expect(rows).to_have_count(5)


@session_loop
async def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(page.locator("html")).to_have_js_property("scrollWidth", 390)


def test_nothing_is_loaded_from_elsewhere(report: Report, entries: list[RowStatus]) -> None:
    html = report.write(entries).read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", html)


def test_secrets_are_not_in_the_report(report: Report, entries: list[RowStatus]) -> None:
    secret = register_secret("Zx81Kq")
    told = Outcome(Verdict.NEEDS_PERSON, f"验证码 {secret} 不对，手机 13837700001", f"请改 {secret}")
    entries.append(RowStatus(row=10, employer="甲", code="", portal="", outcome=told))
    html = report.write(entries).read_text(encoding="utf-8")
    assert secret not in html
    assert "13837700001" not in html


def test_a_broken_trail_is_said_and_the_rest_shown(
    batch: Path, report: Report, entries: list[RowStatus]
) -> None:
    trail = payload(batch) / folder_of(entries[0]) / "audit.jsonl"
    lines = trail.read_bytes().splitlines(keepends=True)
    trail.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    html = report.write(entries).read_text(encoding="utf-8")
    assert "记录文件不完整：第 4 行" in html
    assert "01 登录单位网厅" in html


def test_the_page_follows_the_trail(batch: Path, report: Report, entries: list[RowStatus]) -> None:
    before = report.write(entries).read_text(encoding="utf-8")
    record(batch, filing(1))
    after = report.write(entries).read_text(encoding="utf-8")
    assert before.count("<img") + 2 == after.count("<img")
    assert [path.name for path in payload(batch).iterdir() if path.name.startswith(".")] == []


def test_what_would_say_the_same_is_left_alone(batch: Path, report: Report, entries: list[RowStatus]) -> None:
    """Otherwise every look at the results would break a seal whose time is proved."""
    path = report.write(entries)
    old = path.read_text(encoding="utf-8").replace("生成于 2", "生成于 1")  # long ago
    path.write_text(old, encoding="utf-8")
    seal(batch)
    again = Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办", notice="模拟平台")
    again.write(entries)
    assert path.read_text(encoding="utf-8") == old
    assert is_sealed(batch)
    again.write(entries[:-1])
    assert "生成于 2" in path.read_text(encoding="utf-8")
    assert not is_sealed(batch)


def test_it_says_what_a_chain_proves_and_nothing_of_a_timestamp(
    report: Report, entries: list[RowStatus]
) -> None:
    html = report.write(entries).read_text(encoding="utf-8")
    assert "记录链由制作者自己保存，只能证明先后次序，不能证明时间；时间由第三方时间戳证明。" in html
    for way in ("verify.html", "rpa evidence verify", "sha256sum -c manifest-sha256.txt"):
        assert way in html


def _picture(colour: str, height: int = 800) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (1280, height), colour).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def told(batch: Path) -> Path:
    """A filing that was interrupted once and went on, with real pictures; the report's page."""
    with Recorder(batch, filing(1), operator="王经办") as recorder:
        recorder.line("步骤", step="登录单位网厅", attempt=1)
        recorder.answered("验证码", "李雷", datetime(2026, 11, 22, 1, tzinfo=UTC))
        recorder.line("步骤", step="填写申请信息", attempt=1)
        recorder.picture(
            "登录单位网厅", _picture("red"), address="http://127.0.0.1/", title="河南省社会保障网上服务平台"
        )  # taken while the next step begins
        recorder.picture(
            "填写申请信息（中断）",
            _picture("green", 4000),
            address="http://127.0.0.1/",
            title="河南省社会保障网上服务平台",
        )
        recorder.line("中断", step="填写申请信息", message="页面没有应答", attempt=1)
        recorder.line("重新开始", attempt=2, reason="页面没有应答")
        recorder.line("步骤", step="登录单位网厅", attempt=2)
        recorder.picture(
            "登录单位网厅", _picture("blue"), address="http://127.0.0.1/", title="河南省社会保障网上服务平台"
        )
        recorder.compared({"户名": EQUAL, "银行账号": EQUAL})
        recorder.printout(b"%PDF-1.7")
        recorder.line("打印件没有取到", message="点击打印后没有出现打印件")
        recorder.ended(DONE)
        (recorder.folder / "03_登录单位网厅.jpg").unlink()  # its time was over
    record(batch, filing(2))
    made = Report(batch, batch_id="B20261122-1", name="批次.xlsx", operator="王经办")
    return made.write([RowStatus.of(filing(n), portal="河南", outcome=DONE, attempts=2) for n in (1, 2)])


def _without_times(text: str) -> str:
    """A moment without the times at which this test ran: but for the answer's, which the test gave itself."""
    return re.sub(r"\s+", " ", re.sub(r"\d\d:\d\d:\d\d(?!\s*李雷)", "", text))


@session_loop
async def test_the_timeline_tells_each_step_with_its_picture(chromium: Browser, told: Path) -> None:
    async with await chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = await context.new_page()
        await page.goto(told.as_uri())
        moments = page.locator("section").first.locator(".story > li")
        told_so = [
            "开始记录（经办人 王经办，程序版本",
            "登录单位网厅 09:00:00 李雷 答复了验证码 01 登录单位网厅",
            "填写申请信息 这一步中断：页面没有应答 02 填写申请信息（中断）",
            "重新开始：页面没有应答",
            "户名、银行账号 打印件没有取到：点击打印后没有出现打印件 04_打印件.pdf",
            "办理结论：已提交 在办理进度查询中查到，受理流水号 411302202600001234",
        ]
        await expect(moments).to_have_count(len(told_so))
        await expect(moments.first).to_contain_text("开始记录", use_inner_text=True)  # drawn, not only built
        texts = [_without_times(one) for one in await moments.all_inner_texts()]
        for text, expected in zip(texts, told_so, strict=True):
            assert expected in text
        assert await moments.nth(2).locator("img").evaluate("one => one.decode().then(() => true)")
        await moments.nth(4).scroll_into_view_if_needed()
        await expect(moments.nth(4).locator(".gone")).to_contain_text("截图不在文件夹里")


@session_loop
async def test_pictures_enlarge_in_the_page(chromium: Browser, told: Path) -> None:
    async with await chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = await context.new_page()
        await page.goto(told.as_uri())
        viewer, shot = page.locator("dialog"), page.locator("section").first.locator("a.shot").first
        await shot.focus()
        await page.keyboard.press("Enter")
        await expect(viewer.locator("p")).to_contain_text("试验企业1有限公司 · 01 登录单位网厅")
        await expect(viewer.locator("p")).to_contain_text("1 / 3")
        await page.keyboard.press("ArrowLeft")  # there is none before
        await page.keyboard.press("ArrowRight")
        await expect(viewer.locator("p")).to_contain_text("2 / 3")
        enlarged = viewer.locator("img")
        await enlarged.evaluate("one => one.decode()")
        height = "one => one.getBoundingClientRect().height"
        assert await enlarged.evaluate(height) <= 800
        await enlarged.click()  # a long page, at its own size
        assert await enlarged.evaluate(height) > 3000
        await page.keyboard.press("Escape")
        await expect(viewer).to_be_hidden()
        await page.locator("section").nth(1).locator("a.shot").first.click()
        await expect(viewer.locator("p")).to_contain_text("1 / 2")  # this employer's alone
        assert len(context.pages) == 1


@session_loop
async def test_without_script_everything_is_there(chromium: Browser, told: Path) -> None:
    async with await chromium.new_context(java_script_enabled=False) as context:
        page = await context.new_page()
        await page.goto(told.as_uri())
        assert await page.locator("a.shot[href]").count() == 5
        async with context.expect_page() as opened:
            await page.locator("a.shot").first.click()
        await (await opened.value).wait_for_url("**/*.jpg")
