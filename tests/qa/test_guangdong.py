"""The Guangdong portal under pytest-playwright: one pass through it, as a QA engineer writes it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.records import PASSWORD, Employer
from mock_portal.server import MockPortal
from mock_portal.world import World

pytestmark = pytest.mark.counts_commits

HANDLER = "质检经办"
EMPLOYER = Employer(
    "广东质检有限公司",
    "91440101MA5QA00016",
    "440100000009",
    handlers=(HANDLER,),
    account_name="广东质检有限公司",
    bank="示例银行广州分行",
    account="4400123456789",
    contact="张示例",
    phone="13812345678",
)


def sign_in(page: Page, portal: MockPortal) -> None:
    page.goto(portal.url)
    page.get_by_role("tab", name="个人登录").click()
    page.get_by_placeholder("请输入账号").fill(HANDLER)
    page.get_by_placeholder("请输入密码").fill(PASSWORD)
    page.wait_for_function("document.querySelector('[alt=验证码]')?.naturalWidth > 0")
    page.get_by_placeholder("请输入验证码").fill(portal.world.captchas()[-1].text)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("row", name=EMPLOYER.name).locator(".el-radio__inner").click()
    page.get_by_role("button", name="为选中的单位办理业务，点击此处登录").click()


def test_a_handler_files_for_a_unit(page: Page, world: World, guangdong_portal: MockPortal) -> None:
    world.add(EMPLOYER)
    sign_in(page, guangdong_portal)
    expect(page.get_by_text(f"当前单位：{EMPLOYER.name}")).to_be_visible()
    expect(page.get_by_text("模拟平台").first).to_be_visible()

    page.get_by_role("menuitem", name="在线服务").click()
    page.get_by_role("menuitem", name="社会保障").click()
    page.get_by_role("tab", name="失业保险").click()
    item = page.locator("li.item", has_text="失业保险稳岗补贴信息确认")
    item.get_by_role("button", name="单位办理").click()

    form = page.frame_locator("iframe[name=business]")
    form.get_by_role("button", name="提交").click()
    form.get_by_role("button", name="确定").click()
    expect(form.get_by_text("提交成功")).to_be_visible()

    page.get_by_role("menuitem", name="我的办件").click()
    expect(page.get_by_role("row", name=EMPLOYER.name)).to_contain_text("已受理")
    assert [entry.code for entry in world.journal("submit")] == [EMPLOYER.code]


def test_maintenance_in_the_middle(page: Page, world: World, guangdong_portal: MockPortal) -> None:
    world.add(EMPLOYER)
    sign_in(page, guangdong_portal)
    expect(page.get_by_text("当前单位")).to_be_visible()
    world.faults.arm(Fault(FaultKind.MAINTENANCE, Place.PROGRESS))
    page.get_by_role("menuitem", name="我的办件").click()
    expect(page.get_by_text("系统维护中")).to_be_visible()
    page.reload()
    expect(page.get_by_text("暂无数据")).to_be_visible()
