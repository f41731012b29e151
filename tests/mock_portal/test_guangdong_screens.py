"""Guangdong's portal in real Chromium: the whole filing, and what such pages do to a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.async_api import FrameLocator, Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.guangdong import confirm
from mock_portal.guangdong.visit import EXPIRED
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.visit import NOT_OFFERED
from mock_portal.world import World
from tests.mock_portal import guangdong
from tests.mock_portal.guangdong import EMPLOYER, FORM, OTHER, business

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

HOLD_FIRST_ROW = """() => new MutationObserver(() => {
    window.row = document.querySelector("li.item:has(.item-count:empty)") ?? window.row;
}).observe(document.body, { childList: true, subtree: true })"""
"""Without its figures: it is drawn anew when they have come."""


@pytest.mark.thorough
@pytest.mark.parametrize("opens", ["iframe", "window"])
async def test_the_whole_filing(tab: Page, south: MockPortal, province: World, opens: str) -> None:
    province.opens = "window" if opens == "window" else "iframe"
    await guangdong.sign_in(tab, south)
    form: Page | FrameLocator = business(tab)
    if opens == "window":
        async with tab.expect_popup() as opened:
            await guangdong.open_item(tab)
        form = await opened.value
    else:
        await guangdong.open_item(tab)
    await guangdong.confirm(form)
    await expect(form.get_by_text("提交成功")).to_be_visible()
    (filing,) = province.filings()
    await expect(form.get_by_text(f"办件编号：{filing.serial}")).to_be_visible()
    await form.get_by_role("button", name="返回").click()
    await tab.get_by_role("menuitem", name="我的办件").click()
    await expect(tab.get_by_role("row", name=filing.serial)).to_contain_text("已受理")
    await expect(tab.get_by_text("共 1 条")).to_be_visible()
    assert [entry.kind for entry in province.journal()] == ["login", "unit", "submit"]
    assert filing.values["联系人"] == FORM["contact"]


async def test_a_handler_switches_units_in_one_session(tab: Page, south: MockPortal, province: World) -> None:
    await guangdong.sign_in(tab, south)
    for employer in (OTHER, EMPLOYER):
        await guangdong.switch_unit(tab, employer.name)
    assert len(province.journal("login")) == 1
    assert province.sessions.captchas_made == 1


async def test_a_refused_login_is_a_toast_that_goes_and_a_fresh_picture(
    tab: Page, south: MockPortal, province: World
) -> None:
    await guangdong.show_handler_login(tab, south)
    await guangdong.send_login(tab, province, password="wrong")
    toast = tab.locator(".el-message")
    await expect(toast).to_have_text("账号或密码错误")
    await expect(tab.get_by_placeholder("请输入账号")).to_have_value(guangdong.HANDLER)
    await expect(tab.get_by_placeholder("请输入验证码")).to_have_value("")
    await expect(toast).to_have_count(0)
    async with tab.expect_response("**/captcha.png?*"):
        await tab.get_by_title("点击图片刷新验证码").click()
    await guangdong.send_login(tab, province)
    await guangdong.choose_unit(tab, EMPLOYER.name)


async def test_empty_fields_are_named_under_them(tab: Page, south: MockPortal, province: World) -> None:
    await guangdong.show_handler_login(tab, south)
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.locator(".el-form-item__error")).to_have_text(
        ["请输入账号", "请输入密码", "请输入验证码"]
    )
    assert province.sessions.captchas_tried == 0


async def test_a_box_over_the_dialog_when_no_unit_is_chosen(
    tab: Page, south: MockPortal, province: World
) -> None:
    await guangdong.show_handler_login(tab, south)
    await guangdong.send_login(tab, province)
    await tab.get_by_role("button", name="为选中的单位办理业务，点击此处登录").click()
    await expect(tab.locator(".el-message-box")).to_contain_text("请选择单位")
    await tab.get_by_role("button", name="确定").click()
    await guangdong.choose_unit(tab, OTHER.name)


async def test_announcements_stack_over_the_home_once(tab: Page, south: MockPortal, province: World) -> None:
    province.announcement = "系统将于今晚升级\n请使用新版浏览器"
    await guangdong.sign_in(tab, south)
    await expect(tab.locator(".el-message-box")).to_have_count(2)
    for _ in range(2):
        await tab.get_by_role("button", name="确定").last.click()
    await tab.reload()
    await expect(tab.get_by_text("当前单位")).to_be_visible()
    await expect(tab.locator(".el-message-box")).to_have_count(0)


async def test_what_was_clicked_is_replaced(tab: Page, south: MockPortal) -> None:
    """The bar and the rows are drawn again a moment later: whoever holds an element holds nothing."""
    await guangdong.sign_in(tab, south)
    held = await tab.locator(".current-unit").element_handle()
    assert held
    await tab.evaluate(HOLD_FIRST_ROW)
    await tab.get_by_role("menuitem", name="在线服务").click()
    await tab.get_by_role("menuitem", name="社会保障").click()
    await tab.get_by_role("tab", name="失业保险").click()
    await expect(tab.get_by_text("办理量").first).to_be_visible()
    assert not await held.evaluate("element => element.isConnected")
    assert not await tab.evaluate("window.row.isConnected")


async def test_search_and_the_guide_in_a_new_window(tab: Page, south: MockPortal, province: World) -> None:
    province.item_name = "失业保险稳岗返还信息确认"
    await guangdong.sign_in(tab, south)
    await tab.get_by_role("menuitem", name="在线服务").click()
    await tab.get_by_placeholder("请输入事项名称").fill("稳岗")
    await tab.get_by_role("button", name="搜索").click()
    await expect(tab.get_by_text("办理量")).to_have_count(1)
    async with tab.expect_popup() as opened:
        await tab.get_by_role("button", name="办事指南").click()
    await expect((await opened.value).get_by_text("办事指南：失业保险稳岗返还信息确认")).to_be_visible()
    await tab.get_by_role("button", name="单位办理").click()
    await expect(business(tab).get_by_role("heading", name="单位信息确认")).to_be_visible()


async def test_refused_at_the_door(tab: Page, south: MockPortal, province: World) -> None:
    province.add(replace(EMPLOYER, state=EmployerState.NOT_LISTED))
    await guangdong.sign_in(tab, south)
    await guangdong.open_item(tab, "一次性扩岗补助申领")
    await expect(tab.locator(".el-message-box")).to_contain_text(NOT_OFFERED)
    await tab.get_by_role("button", name="确定").click()
    await guangdong.open_item(tab)
    await expect(tab.locator(".el-message-box")).to_contain_text(confirm.NOT_LISTED)


async def test_a_locked_account_is_shown_and_a_cancelled_submission_commits_nothing(
    tab: Page, south: MockPortal, province: World
) -> None:
    province.add(replace(EMPLOYER, state=EmployerState.ACCOUNT_LOCKED))
    await guangdong.sign_in(tab, south)
    await guangdong.open_item(tab)
    form = business(tab)
    await expect(form.locator(".el-form-item", has_text="银行账号")).to_contain_text(EMPLOYER.account)
    await expect(form.locator("[name=account]")).to_have_count(0)
    await form.get_by_role("button", name="提交").click()
    await form.get_by_role("button", name="取消").click()
    await expect(form.locator(".el-message-box")).to_have_count(0)
    await guangdong.confirm(form)
    await expect(form.get_by_text("提交成功")).to_be_visible()
    assert len(province.journal("submit")) == 1


async def test_a_refused_submission_loses_nothing(tab: Page, south: MockPortal) -> None:
    await guangdong.sign_in(tab, south)
    await guangdong.open_item(tab)
    form = business(tab)
    await form.locator("[name=account]").fill("")
    await guangdong.confirm(form)
    await expect(form.locator(".el-message-box")).to_contain_text(confirm.ACCOUNT_MISSING)
    await form.get_by_role("button", name="确定").click()
    await form.locator("[name=account]").fill(FORM["account"])
    await guangdong.confirm(form)
    await expect(form.get_by_text("提交成功")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (FaultKind.HTTP_500, "系统异常，请稍后再试"),
        (FaultKind.SESSION_EXPIRY, EXPIRED),
        (FaultKind.MAINTENANCE, "系统维护中"),
        (FaultKind.ANSWER_LOST_AFTER_COMMIT, "网络异常，请稍后再试"),
    ],
)
async def test_a_submission_that_fails_says_so(
    tab: Page, south: MockPortal, province: World, kind: FaultKind, message: str
) -> None:
    await guangdong.sign_in(tab, south)
    await guangdong.open_item(tab)
    province.faults.arm(Fault(kind, Place.SUBMIT, times=None))
    await guangdong.confirm(business(tab))
    await expect(business(tab).get_by_text(message)).to_be_visible()
    committed = len(province.journal("submit"))
    assert committed >= 2 if kind == FaultKind.ANSWER_LOST_AFTER_COMMIT else committed == 0


async def test_expiry_in_the_frame_leads_the_whole_window_to_the_login(
    tab: Page, south: MockPortal, province: World
) -> None:
    await guangdong.sign_in(tab, south)
    province.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.FORM_DATA))
    await guangdong.open_item(tab)
    await expect(business(tab).get_by_text(EXPIRED)).to_be_visible()
    await business(tab).get_by_role("button", name="确定").click()
    await tab.wait_for_url("**/isso/login.html")


async def test_every_view_opens(tab: Page, south: MockPortal) -> None:
    await guangdong.sign_in(tab, south)
    await tab.get_by_role("menuitem", name="账户管理").click()
    for name in ("账号信息", "子账号信息", "父账号信息"):
        await tab.get_by_role("tab", name=name, exact=True).click()
        await expect(tab.get_by_text(EMPLOYER.name).last).to_be_visible()
    await tab.get_by_role("menuitem", name="实名认证").click()
    await tab.get_by_text("授权码实名").click()
    await expect(tab.locator(".el-message-box")).to_contain_text(NOT_OFFERED)
    await tab.get_by_role("button", name="确定").click()
    await tab.get_by_role("menuitem", name="我的办件").click()
    await expect(tab.get_by_text("暂无数据")).to_be_visible()
    await tab.get_by_role("button", name="退出").click()
    await tab.wait_for_url("**/isso/login.html")
