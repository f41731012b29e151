"""The screens in real Chromium, as a person meets them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Dialog, FrameLocator, Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.henan.words import Words
from mock_portal.server import MockPortal
from mock_portal.visit import NOT_OFFERED
from mock_portal.world import World
from tests.mock_portal import walk
from tests.mock_portal.conftest import EMPLOYER, FORM

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

Answer = Callable[[Page], Awaitable[str]]


@pytest.fixture
def answer(world: World) -> Answer:
    async def read(page: Page) -> str:
        await page.wait_for_function("document.getElementById('captcha').naturalWidth > 0")
        return world.captchas()[-1].text

    return read


@pytest_asyncio.fixture(loop_scope="session")
async def home(tab: Page, portal: MockPortal, answer: Answer) -> Page:
    """The unit's home, signed in."""
    await walk.sign_in(tab, portal.url, EMPLOYER.code, answer)
    return tab


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=work]")


@pytest.mark.thorough
@pytest.mark.parametrize(("edition", "submit_by"), [("2024", "form"), ("2023", "fetch")])
async def test_the_whole_filing(
    tab: Page, world: World, answer: Answer, edition: str, submit_by: str
) -> None:
    world.submit_by = "fetch" if submit_by == "fetch" else "form"
    with MockPortal(world=world, edition=edition) as portal:
        serial = await walk.walk(tab, portal.url, FORM, answer, edition=edition)
    (filing,) = world.filings()
    assert filing.serial == serial
    assert filing.values["银行账号"] == FORM["银行账号"]
    kinds = [entry.kind for entry in world.journal()]
    assert kinds == ["login", "acknowledge", "save", "notice", "submit"]


async def test_wrong_captcha_gives_a_popup_and_a_new_picture(
    tab: Page, portal: MockPortal, world: World
) -> None:
    await tab.goto(portal.url + "/unit/login/free")
    await tab.locator("[name=account]").fill(EMPLOYER.code)
    await tab.locator("[name=captcha]").fill("0000")
    await tab.get_by_role("button", name="登录").click()
    await expect(tab.locator(".win-text")).to_have_text("验证码错误")
    await tab.get_by_role("button", name="确定").click()
    await expect(tab.locator("[name=account]")).to_have_value(EMPLOYER.code)
    await tab.wait_for_function("document.getElementById('captcha').naturalWidth > 0")
    old = world.captchas()[-1].picture_sha256
    async with tab.expect_response("**/captcha.png?*") as fresh:
        await tab.locator("#captcha").click()
    await (await fresh.value).finished()
    assert world.captchas()[-1].picture_sha256 != old


async def test_countdown_keeps_the_acknowledgement_disabled(home: Page, world: World) -> None:
    world.countdown_seconds = 5
    await home.goto(home.url.replace("/unit/home", "/unit/refund"))
    await home.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
    dialog = home.locator(".win-purpose")
    confirm = dialog.get_by_role("button", name="确认")
    await expect(dialog.locator("#agree")).to_be_disabled()
    await expect(confirm).to_be_disabled()
    await dialog.locator("#agree").check()
    await dialog.locator("#agree").uncheck()
    await expect(confirm).to_be_disabled()
    await dialog.locator("#agree").check()
    await confirm.click()
    await expect(home.locator("#acknowledged")).to_be_visible()
    assert [entry.kind for entry in world.journal()] == ["login", "acknowledge"]


async def test_refusals_stack_over_the_form_and_lose_nothing(home: Page) -> None:
    await home.get_by_text("单位业务", exact=True).click()
    await frame(home).get_by_text("稳岗返还申请", exact=True).click()
    await frame(home).locator("[name=contact]").fill("张三")
    for button, message in (
        ("保存", "联系方式不能为空"),
        ("采集电子材料", "请先保存申报信息"),
        ("打印申报表", "请先保存申报信息"),
    ):
        await frame(home).get_by_role("button", name=button).click()
        await expect(frame(home).locator(".win-text")).to_have_text(message)
        await frame(home).get_by_role("button", name="确定").click()
    await expect(frame(home).locator("[name=contact]")).to_have_value("张三")


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ("单位业务", "当前位置：业务办理 > 单位业务"),
        ("办理进度查询", "审核结果查询"),
        ("退休人员业务", NOT_OFFERED),
    ],
)
async def test_navigation_leads_to_the_same_pages_as_the_tiles(home: Page, entry: str, shown: str) -> None:
    await home.get_by_role("link", name=entry).click()
    await expect(frame(home).get_by_text(shown)).to_be_visible()
    await home.get_by_role("link", name="首页").click()
    await home.get_by_text("我的待提交业务").click()
    await home.get_by_role("link", name=entry).click()
    await expect(frame(home).get_by_text(shown)).to_be_visible()


async def test_items_of_certificate_users_are_refused(home: Page) -> None:
    await home.get_by_text("单位业务", exact=True).click()
    await frame(home).get_by_text("单位信息变更", exact=True).click()
    await expect(frame(home).locator(".win-text")).to_contain_text("免数字证书登录用户不能办理该业务")


async def test_materials_prints_and_deletion(home: Page, world: World) -> None:
    await walk.fill(home, FORM)
    await walk.save(home)
    await frame(home).get_by_role("button", name="采集电子材料").click()
    inner = frame(home).frame_locator(".win-frame")
    await expect(inner.get_by_role("row", name="稳岗返还资金用途告知")).to_contain_text("1/1")
    proof = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    await inner.locator("[type=file]").set_input_files(proof)  # type: ignore[arg-type]
    await inner.get_by_role("button", name="上传").click()
    await expect(inner.get_by_role("row", name="企业相关证明材料")).to_contain_text("本次上传1页")
    await inner.get_by_role("button", name="确定").click()
    async with home.expect_popup() as opened:
        await frame(home).get_by_role("button", name="打印申报表").click()
    await expect((await opened.value).locator(".printed")).to_contain_text(FORM["银行账号"])

    await home.get_by_text("首页", exact=True).click()
    await home.get_by_text("我的待提交业务").click()
    asked: list[str] = []

    async def accept(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.accept()

    home.on("dialog", accept)
    await frame(home).get_by_text("删除", exact=True).click()
    await expect(frame(home).get_by_text("总行数: 0")).to_be_visible()
    assert asked == ["确定要删除该申报吗?"]
    assert not world.drafts(EMPLOYER.code)


async def test_cancelling_the_submission_commits_nothing(home: Page, world: World) -> None:
    world.submit_label = "提交"
    await walk.fill(home, FORM)
    await walk.save(home)
    await home.get_by_text("首页", exact=True).click()
    await home.get_by_text("我的待提交业务").click()
    await frame(home).get_by_role("button", name="提交", exact=True).click()
    await expect(frame(home).locator(".win-text")).to_have_text("请选择要提交的业务")
    await frame(home).get_by_role("button", name="确定").click()
    await frame(home).locator("tr.row [name=draft]").check()
    await frame(home).get_by_role("button", name="提交", exact=True).click()
    await frame(home).get_by_role("button", name="取消").click()
    await expect(frame(home).locator(".win")).to_have_count(0)
    assert not world.journal("submit")


async def test_receipt_opens_a_new_window(home: Page, world: World) -> None:
    await walk.fill(home, FORM)
    await walk.save(home)
    await walk.submit(home)
    serial = await walk.look_up(home)
    await frame(home).locator(".win-close").click()
    async with home.expect_popup() as opened:
        await frame(home).get_by_text("单据打印").click()
    await expect((await opened.value).locator(".printed")).to_contain_text(serial)


@pytest.mark.parametrize("by", ["page", "alert"])
async def test_expiry_inside_the_frame_takes_the_top_window_to_the_login(
    home: Page, world: World, by: str
) -> None:
    world.expiry_by = "alert" if by == "alert" else "page"
    said: list[str] = []

    async def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        await dialog.dismiss()

    home.on("dialog", hear)
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.PROGRESS))
    await home.get_by_text("办理进度查询", exact=True).click()
    if by == "page":
        await expect(frame(home).get_by_text(Words.EXPIRED.own)).to_be_visible()
    await home.wait_for_url("**/unit/login/free")
    assert said == ([Words.EXPIRED.own] if by == "alert" else [])


async def test_expiry_while_saving(home: Page, world: World) -> None:
    await walk.fill(home, FORM)
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.SAVE))
    await frame(home).get_by_role("button", name="保存").click()
    await expect(frame(home).locator(".win-text")).to_have_text(Words.EXPIRED.own)
    await home.wait_for_url("**/unit/login/free")


@pytest.mark.parametrize(
    ("kind", "message"),
    [(FaultKind.MAINTENANCE, "系统维护中"), (FaultKind.HTTP_500, "系统错误")],
)
async def test_a_failed_save_shows_a_popup(home: Page, world: World, kind: FaultKind, message: str) -> None:
    await walk.fill(home, FORM)
    world.faults.arm(Fault(kind, Place.SAVE))
    await frame(home).get_by_role("button", name="保存").click()
    await expect(frame(home).locator(".win-text")).to_have_text(message)


@pytest.mark.parametrize("submit_by", ["form", pytest.param("fetch", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("times", [1, pytest.param(None, marks=pytest.mark.thorough)])
async def test_chromium_sends_a_lost_submission_again(
    home: Page, world: World, submit_by: str, times: int | None
) -> None:
    """The trap for flows: one plain click, and the portal gets the POST two or three times."""
    world.submit_by = "fetch" if submit_by == "fetch" else "form"
    await walk.fill(home, FORM)
    await walk.save(home)
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, times=times))
    await home.get_by_text("首页", exact=True).click()
    await home.get_by_text("我的待提交业务").click()
    await frame(home).locator("tr.row [name=draft]").check()
    await frame(home).get_by_role("button", name="提交申报").click()
    async with home.expect_event(
        "requestfinished" if times else "requestfailed", lambda request: request.method == "POST"
    ):
        await frame(home).get_by_role("button", name="确定").click()
    assert len(world.journal("submit")) >= 2
    assert {entry.values["草稿"] for entry in world.journal("submit")} == {world.filings()[0].draft_id}
