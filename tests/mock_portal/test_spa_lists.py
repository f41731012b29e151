"""The lists of the public front end's look in real Chromium: what is drawn, and what is not."""

from __future__ import annotations

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import hall
from tests.mock_portal.conftest import EMPLOYER
from tests.mock_portal.hall import answer, dialog

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

DRAFT = {"申请年度": "2024", "联系人": "张三"}


@pytest.fixture
def look() -> str:
    return "spa"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tab: Page, portal: MockPortal, world: World) -> Page:
    """The unit's home, signed in."""
    await hall.sign_in(tab, portal.url, world)
    return tab


async def rows(grid: Locator) -> int:
    return await grid.locator(".ui-grid-render-container-body .ui-grid-row").count()


async def test_the_list_is_no_table_and_draws_what_is_in_view(home: Page, world: World) -> None:
    world.other_drafts = 40
    await hall.open_pending(home)
    grid = home.locator(".ui-grid")
    await expect(grid.locator(".ui-grid-footer-info")).to_have_text("总行数: 40")
    assert await home.locator("table, input[type=checkbox]").count() == 0
    names = ["操作功能", "序号", "单位编号", "单位名称", "填报日期"]
    heads = await grid.get_by_role("columnheader").all_text_contents()
    assert [head.split()[0] for head in heads if head.strip()] == names
    assert await grid.locator(".ui-grid-pinned-container-left .ui-grid-row").count() == await rows(grid) < 40
    numbers = grid.locator(".ui-grid-render-container-body .ui-grid-row > div > :first-child")
    await expect(numbers.first).to_have_text("1")
    await grid.locator(".ui-grid-render-container-body .ui-grid-viewport").hover()
    await home.mouse.wheel(0, 2000)
    await expect(numbers.last).to_have_text("40")
    assert await numbers.first.text_content() != "1"
    await home.locator(".form-inline .filter").fill("(")
    await home.locator(".form-inline .filter").press("Enter")
    await expect(grid.locator(".ui-grid-footer-info")).to_have_text("总行数: 40")


async def test_deleting_asks_nothing(home: Page, world: World) -> None:
    world.other_drafts = 1
    await hall.open_pending(home)
    action = home.get_by_title("删除")
    assert await action.inner_html() == '<i class="glyphicon glyphicon-trash">删除</i>'
    await action.click()
    await answer(home, "删除申报成功！")
    assert not world.drafts(EMPLOYER.code)


async def test_the_twins_of_the_form_in_the_details(home: Page, world: World) -> None:
    world.save(EMPLOYER.code, "稳岗返还", 2024, DRAFT)
    await hall.open_pending(home)
    await home.get_by_text("详情", exact=True).click()
    detail = dialog(home)
    await expect(detail.locator("[ng-model='apply.linkman']")).to_have_value("张三")
    await expect(detail.locator("[ng-model='apply.linkman']")).to_be_disabled()
    assert await detail.locator("#saveBtn").count() == 1
    assert not await detail.locator("#saveBtn").is_visible()


async def test_the_review_list_is_filtered_by_the_counter_clicked_last(home: Page, world: World) -> None:
    world.other_filings = 12
    await home.get_by_text("审核退回业务").click()
    footer = home.locator(".ui-grid-footer-info")
    await expect(home.locator("[ng-model=reviewedStatus]")).to_have_value("string:3")
    await expect(footer).to_have_text("总行数: 0")
    await home.locator("#menu").get_by_text("首页").click()
    await home.get_by_text("审核中业务", exact=True).click()
    await expect(footer).to_have_text("总行数: 12")
    assert await rows(home.locator(".ui-grid")) == 10
    assert await home.locator(".ui-grid-pinned-container-right .ui-grid-row").count() == 10
    await home.get_by_title("下一页").click()
    assert await rows(home.locator(".ui-grid")) == 2
    await home.locator(".glyphicon-calendar").click()
    await home.locator(".popup-months").get_by_text("7月").click()
    await home.get_by_role("button", name="查询").click()
    await expect(footer).to_have_text("总行数: 0")


async def test_the_review_list_by_serial_number(home: Page, world: World) -> None:
    world.other_filings = 3
    await home.locator(".tile", has_text="办理进度查询").click()
    await expect(home.locator(".ui-grid-footer-info")).to_have_text("总行数: 3")
    await home.locator("[ng-model=issue]").fill("八月")
    await home.get_by_role("button", name="查询").click()
    await answer(home, "请输入办理月份")
    await home.get_by_label("受理流水号").check()
    await home.get_by_role("button", name="查询").click()
    await answer(home, "请输入受理流水号")
    await home.locator("[ng-model=acceptNumber]").fill(world.filings()[1].serial)
    await home.get_by_role("button", name="查询").click()
    await expect(home.locator(".ui-grid-footer-info")).to_have_text("总行数: 1")
