"""The public front end's look in real Chromium, as a person meets it."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import hall
from tests.mock_portal.conftest import EMPLOYER, FORM
from tests.mock_portal.hall import answer, dialog

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]


@pytest.fixture
def look() -> str:
    return "spa"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tab: Page, portal: MockPortal, world: World) -> Page:
    """The unit's home, signed in."""
    await hall.sign_in(tab, portal.url, world)
    return tab


@pytest_asyncio.fixture(loop_scope="session")
async def form(home: Page) -> Page:
    """The empty form."""
    await hall.open_form(home)
    return home


@pytest.mark.parametrize("late", [0, pytest.param(250, marks=pytest.mark.thorough)])
async def test_the_whole_filing(form: Page, world: World, late: int) -> None:
    """Also where every answer comes late."""
    if late:
        world.faults.arm(Fault(FaultKind.LATENCY, times=None, milliseconds=late))
    await hall.fill(form, FORM)
    await hall.save(form)
    await hall.open_pending(form)
    await hall.choose(form)
    await hall.submit(form)
    await answer(form, "申报提交成功！")
    (filing,) = world.filings()
    assert await hall.look_up(form) == filing.serial
    assert filing.values["银行账号"] == FORM["银行账号"]
    kinds = [entry.kind for entry in world.journal()]
    assert kinds == ["login", "acknowledge", "save", "notice", "submit"]


async def test_the_edition_2023_just_has_a_button(tab: Page, world: World) -> None:
    with MockPortal(world=world, edition="2023") as portal:
        await hall.sign_in(tab, portal.url, world)
        await tab.locator(".tile", has_text="单位业务").click()
        await tab.get_by_text("普通稳岗返还信息确认").click()
        await tab.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
        await expect(dialog(tab).get_by_role("checkbox")).to_have_count(0)
        await dialog(tab).get_by_role("button", name="确定").click()
        await tab.locator(".notice-done").wait_for()
    assert len(world.journal("acknowledge")) == 1


async def test_the_countdown_holds_the_button_and_the_box_too(form: Page, world: World) -> None:
    await form.evaluate("SWITCHES.countdown = 2")
    await form.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
    button = dialog(form).locator(".modal-footer button")
    await expect(button).to_have_text(re.compile(r"请继续阅读（[12]秒）"))
    await dialog(form).get_by_role("checkbox").check()
    await expect(button).to_be_disabled()
    await expect(button).to_have_text("阅读完毕并知晓")
    await dialog(form).get_by_role("checkbox").uncheck()
    await expect(button).to_be_disabled()
    assert not world.journal("acknowledge")


async def test_screens_replace_each_other_in_the_history(home: Page) -> None:
    await expect(home.locator("#menu")).to_be_hidden()
    length = await home.evaluate("history.length")
    await home.locator(".tile", has_text="单位业务").click()
    await expect(home.locator("#menu")).to_be_visible()
    await home.locator("#menu").get_by_text("首页").click()
    await home.wait_for_url("**/#/home")
    assert await home.evaluate("history.length") == length
    assert await home.locator("#menu a").all_text_contents() == [
        "首页",
        "单位业务",
        "在职人员业务",
        "退休人员业务",
    ]


async def test_a_route_without_the_right_leads_home_under_a_dialog(home: Page) -> None:
    await home.get_by_text("我的待审批业务").click()
    await home.wait_for_url("**/#/home")
    await answer(home, "您目前没有该业务权限!")


async def test_the_home(home: Page, world: World) -> None:
    await expect(home.locator(".who b")).to_have_text(f"{EMPLOYER.name} 【免数字证书认证】")
    await expect(home.locator("canvas")).to_have_count(2)
    assert await home.get_by_text("当期应缴金额").count() == 0, "drawn, not written"
    assert await home.evaluate("Object.keys(localStorage).sort()") == [
        "HRSS_APP_USER_DETAILS",
        "SID",
        "codeList",
        "ssoSessionId",
    ]


async def test_complaints_come_one_at_a_time_in_the_fields_order(form: Page, world: World) -> None:
    for name, text in (
        ("applyYear", "请选择申请年度！"),
        ("linkman", "请录入联系人！"),
        ("linkPhone", "请录入联系方式！"),
        ("payWay", "请选择发放方式！"),
    ):
        await form.get_by_role("button", name="保存").click()
        await answer(form, text)
        field = form.locator(f"[ng-model='apply.{name}']")
        if name in ("applyYear", "payWay"):
            await field.select_option(index=1)
        else:
            await field.fill("13812345678")
    await form.get_by_role("button", name="保存").click()
    await answer(form, "申报失败！请先阅读并确认资金用途告知")
    for button, text in (
        ("采集电子材料", "请先保存申请信息，再采集电子材料！"),
        ("打印申报表", "请确认申请后查看申报单!"),
    ):
        await form.get_by_role("button", name=button).click()
        await answer(form, text)
    assert not world.journal("save")


async def test_selects_have_a_prefix_and_a_first_option(form: Page) -> None:
    options = form.locator("[ng-model='apply.payWay'] option")
    assert await options.evaluate_all("all => all.map(each => [each.value, each.textContent])") == [
        ["", "-- 请选择 --"],
        ["string:1", "单位"],
    ]


async def test_enter_acts_as_tab(form: Page) -> None:
    await form.locator("[ng-model='apply.linkman']").press("Enter")
    assert await form.evaluate("document.activeElement.getAttribute('ng-model')") == "apply.linkPhone"


async def test_a_saved_draft_comes_back_and_is_changed(form: Page, world: World) -> None:
    await hall.fill(form, FORM)
    await hall.save(form)
    await form.locator("[ng-model='apply.linkman']").fill("李四")
    await hall.save(form)
    await form.locator(".abn-leaf.active a").click()
    await answer(form, "查询到已保存申请信息，可修改！")
    await expect(form.locator("[ng-model='apply.linkman']")).to_have_value("李四")
    assert len(world.drafts(EMPLOYER.code)) == 1


async def test_what_is_in_review_is_not_served(home: Page, world: World) -> None:
    draft = world.save(EMPLOYER.code, "稳岗返还", 2024, {"申请年度": "2024"})
    world.submit(draft, "henan")
    await hall.open_form_refused(home)
    await answer(home, "查询到存在正在审核中的申报,不予办理！")
    await expect(home.get_by_role("button", name="保存")).to_be_disabled()


@pytest.mark.parametrize("newest_first", [True, False])
async def test_dialogs_stack_by_their_z_index_alone(
    tab: Page, portal: MockPortal, world: World, newest_first: bool
) -> None:
    world.newest_first = newest_first
    await hall.sign_in(tab, portal.url, world)
    await tab.evaluate("hall.modal.info('下面'); hall.modal.info('上面')")
    bodies = await tab.locator(".modal-body").all_inner_texts()
    layers = await tab.locator(".modal").evaluate_all("all => all.map(each => each.style.zIndex)")
    expected = [("上面", "1060"), ("下面", "1050")]
    assert list(zip(bodies, layers, strict=True)) == (expected if newest_first else expected[::-1])
    first, second = await tab.locator(".modal-footer").first.locator("button").all()
    assert (await first.is_visible(), await first.text_content(), await second.text_content()) == (
        False,
        "",
        "确定",
    )
    await tab.keyboard.press("Escape")
    await answer(tab, "下面")


async def test_a_closed_dialog_stays_for_a_moment(home: Page) -> None:
    await home.evaluate("hall.modal.info('再见')")
    await dialog(home).get_by_role("button", name="确定").click()
    await expect(home.locator(".modal.ng-leave")).to_have_count(1)
    await expect(home.locator(".modal")).to_have_count(0)


async def test_clicks_may_be_ignored(tab: Page, portal: MockPortal, world: World) -> None:
    await hall.sign_in(tab, portal.url, world)
    await tab.evaluate("SWITCHES.ignoredClicks = 1; hall.modal.info('听不见')")
    button = dialog(tab).get_by_role("button", name="确定")
    await button.click()
    await expect(dialog(tab)).to_have_count(1)
    await button.click()
    await expect(dialog(tab)).to_have_count(0)


async def test_a_click_outside_closes_the_materials(form: Page, world: World) -> None:
    await hall.fill(form, FORM)
    await hall.save(form)
    await form.get_by_role("button", name="采集电子材料").click()
    await expect(dialog(form).locator("h3")).to_have_text("申报电子材料上传：")
    await expect(dialog(form).locator(".material")).to_have_count(2)
    await form.mouse.click(10, 500)
    await expect(dialog(form)).to_have_count(0)
    await form.get_by_role("button", name="采集电子材料").click()
    picture = {"name": "证明.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    await dialog(form).locator("[type=file]").first.set_input_files(picture)  # type: ignore[arg-type]
    await dialog(form).get_by_role("button", name="确定").click()
    await expect(dialog(form)).to_have_count(0)
    assert [entry.values["材料"] for entry in world.journal("upload")] == ["企业相关证明材料"]


async def test_what_is_missing_is_told_after_the_materials_closed(form: Page, world: World) -> None:
    world.materials_required = True
    await hall.fill(form, FORM)
    await hall.save(form)
    await form.get_by_role("button", name="采集电子材料").click()
    await expect(dialog(form).locator(".material").first).to_contain_text("*必录")
    await dialog(form).get_by_role("button", name="确定").click()
    await answer(form, "档案信息保存成功，提交前请补齐材料!")


async def test_printing_shows_a_pdf_in_a_dialog(form: Page, world: World) -> None:
    await hall.fill(form, FORM)
    await hall.save(form)
    world.faults.arm(Fault(FaultKind.LATENCY, Place.PRINT, milliseconds=300))
    await form.get_by_role("button", name="打印申报表").click()
    await expect(dialog(form).locator(".modal-body")).to_have_text("正在生成..，请稍等！！")
    address = await dialog(form).locator("iframe").get_attribute("src")
    assert (address or "").startswith("blob:")
    await dialog(form).get_by_role("button", name="关闭").click()
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.PRINT))
    await form.get_by_role("button", name="打印申报表").click()
    await expect(dialog(form).locator(".modal-body")).to_have_text("暂无单据！")


async def test_folded_menus(tab: Page, portal: MockPortal, world: World) -> None:
    world.folded_menus = True
    await hall.sign_in(tab, portal.url, world)
    await tab.locator(".tile", has_text="单位业务").click()
    leaf = tab.get_by_text("稳岗返还申请", exact=True)
    await expect(leaf).to_be_attached()
    await expect(leaf).to_be_hidden()
    await tab.get_by_text("失业保险", exact=True).click()
    await expect(leaf).to_be_visible()


async def test_the_mask_counts_nothing(home: Page, world: World) -> None:
    world.faults.arm(Fault(FaultKind.LATENCY, Place.PENDING, milliseconds=1000))
    world.faults.arm(Fault(FaultKind.LATENCY, Place.ITEMS, milliseconds=300))
    await home.get_by_text("我的待提交业务").click()
    await expect(home.locator("#spinner")).to_be_visible()
    async with home.expect_response("**/company.html"):
        await home.evaluate("hall.app.go('/company')")
    await expect(home.locator("#spinner")).to_be_hidden()


async def test_other_words(tab: Page, portal: MockPortal, world: World) -> None:
    world.phrasing = "other"
    await hall.sign_in(tab, portal.url, world)
    await hall.open_form(tab)
    await tab.get_by_role("button", name="保存").click()
    await expect(dialog(tab).locator("h3")).to_have_text("操作未成功")
    await answer(tab, "申请年度还没有选", "我知道了")
