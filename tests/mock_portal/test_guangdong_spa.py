"""Guangdong's look ``spa`` in real Chromium: each screen as its front end is built, and the whole filing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from mock_portal.records import PASSWORD, EmployerState, Handler
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import guangdong_spa as spa
from tests.mock_portal.guangdong import EMPLOYER, FORM, HANDLER

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

Method = Literal["POST", "PUT"]


@pytest.fixture
def province() -> World:
    """Ours stands on the third page of the handler's units, and its filing on the third of 我的办件."""
    known = spa.world()
    known.other_filings = 22
    return known


@pytest.fixture
def one() -> Iterator[MockPortal]:
    """A portal with one unit alone."""
    with MockPortal(world=spa.world(EMPLOYER), portal="guangdong") as running:
        yield running


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_the_whole_filing_by_search(
    tab: Page, south: MockPortal, province: World, method: Method
) -> None:
    province.submit_method = method
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    async with tab.expect_request("**/api/confirm/submit") as sent:
        await spa.confirm(form)
    request = await sent.value
    assert (request.method, request.resource_type) == (method, "xhr")
    assert request.url.startswith(south.urls[2])
    await expect(form.get_by_text("提交成功")).to_be_visible()
    await expect(form.get_by_text("申报信息已提交")).to_be_visible()
    await expect(form.get_by_role("button", name="提交")).to_have_count(0)
    assert [entry.kind for entry in province.journal()] == ["login", "unit", "submit"]
    (filing,) = province.filings(portal="guangdong")
    assert (filing.code, filing.values["联系人"]) == (EMPLOYER.code, FORM["contact"])


async def test_the_list_has_pages_and_a_column_drawn_apart(
    tab: Page, south: MockPortal, province: World
) -> None:
    filing = province.confirm("guangdong", EMPLOYER.code, 2024, {})
    await spa.sign_in(tab, south)
    await tab.get_by_role("menuitem", name="我的办件").click()
    await expect(tab.get_by_text("共 23 条")).to_be_visible()
    await expect(tab.locator(".el-table__fixed .el-table__row")).to_have_count(10)
    for _ in range(2):
        await tab.get_by_label("下一页").click()
    await expect(tab.locator(".el-table__fixed .el-table__row")).to_have_count(3)
    await expect(tab.get_by_label("下一页")).to_be_disabled()
    apart = tab.locator(".el-table__fixed .el-table__row", has_text=filing.serial)
    await expect(apart.get_by_text(filing.serial)).to_be_visible()
    main = tab.locator(".el-table__body-wrapper .el-table__row", has_text=spa.ITEM)
    await expect(main.get_by_text(filing.serial)).to_be_hidden()
    await expect(main.get_by_text("已受理")).to_be_visible()
    async with tab.expect_popup() as opened:
        await main.get_by_text("打印凭证").click()
    await expect((await opened.value).locator("#download")).to_be_visible()


async def test_a_page_keeps_its_old_rows_under_the_mask(tab: Page, south: MockPortal) -> None:
    await spa.sign_in(tab, south)
    await tab.get_by_role("menuitem", name="我的办件").click()
    rows = tab.locator(".el-table__body-wrapper .el-table__row")
    await expect(rows).to_have_count(10)
    first = await rows.first.inner_text()
    async with tab.expect_request("**/api/filings?page=2*"):
        await tab.route("**/api/filings?page=2*", lambda _: None)  # no answer
        await tab.get_by_label("下一页").click()
    await expect(tab.locator(".el-loading-mask")).to_be_visible()
    await expect(rows.first).to_have_text(first, use_inner_text=True)


@pytest.mark.parametrize("label", ["", "审核退回", "不通过"])
async def test_what_the_review_turned_down(tab: Page, one: MockPortal, label: str) -> None:
    world = one.world
    world.returned_label = label
    world.add(replace(EMPLOYER, state=EmployerState.RETURNED))
    world.advance_per_look = True
    world.confirm("guangdong", EMPLOYER.code, 2024, {})
    for _ in range(2):
        world.filings(looked_at=True)
    await spa.sign_in(tab, one)
    await tab.get_by_role("menuitem", name="我的办件").click()
    await expect(tab.locator(".el-table__body-wrapper").get_by_text(label or "不予通过")).to_be_visible()


async def test_the_menu_is_folded(tab: Page, one: MockPortal) -> None:
    await spa.sign_in(tab, one)
    await tab.get_by_role("menuitem", name="在线服务").click()
    await tab.get_by_text("社会保障", exact=True).click()
    branch = tab.get_by_role("treeitem", name="失业保险")
    await expect(branch).to_have_attribute("aria-expanded", "false")
    await expect(tab.get_by_text(spa.ITEM)).to_have_count(0)
    await spa.open_by_menu(tab)
    await expect(spa.business(tab).get_by_role("heading", name="单位信息确认")).to_be_visible()


@pytest.mark.parametrize("drawn", ["img", "background"])
async def test_the_sum(tab: Page, one: MockPortal, drawn: Literal["img", "background"]) -> None:
    one.world.captcha_as = drawn
    await tab.goto(one.url)
    await spa.captcha_shown(tab)
    assert await tab.locator(".captcha-body img").count() == (drawn == "img")
    assert await tab.locator("img[alt]").count() == 0
    before = one.world.captchas()[-1]
    async with tab.expect_response("**/api/captcha"):
        await tab.locator(".captcha-row .refresh").click()
    assert one.world.captchas() != (before,)
    assert one.world.captchas()[-1].text.isdigit()


async def test_a_wrong_sum_is_a_toast_and_another_sum(tab: Page, one: MockPortal) -> None:
    await tab.goto(one.url)
    await spa.send_login(tab, one.world, password="wrong")
    await expect(tab.get_by_role("alert")).to_have_text("账号或密码错误")
    await expect(tab.get_by_placeholder(spa.SUM)).to_have_value("")
    await expect(tab.get_by_role("alert")).to_have_count(0)
    await spa.send_login(tab, one.world)
    await spa.choose_unit(tab)
    assert one.world.sessions.captchas_tried == 2


async def test_the_identity_provider(tab: Page, one: MockPortal) -> None:
    await tab.goto(one.url)
    await tab.get_by_role("tab", name="单位登录").click()
    await tab.get_by_text("省统一身份认证").click()
    await tab.wait_for_url(f"{one.identity_url}/login")
    await tab.get_by_role("tab", name="法人登录").click()
    await expect(tab.locator("canvas")).to_be_visible()
    await expect(tab.locator("img")).to_have_count(0)
    await tab.get_by_text("账号密码").click()
    await tab.locator("#uesrname").fill(EMPLOYER.login)
    await tab.get_by_placeholder("请输入密码").fill(PASSWORD)
    await spa.captcha_shown(tab)
    await tab.get_by_placeholder(spa.SUM).fill(one.world.captchas()[-1].text)
    await tab.locator("button.gd-btn.gd-btn-primary").click()
    await expect(tab.locator(".el-dropdown-link")).to_have_text(EMPLOYER.name)
    assert one.world.journal("login")[0].values["登录方式"] == "省统一身份认证-账号密码"


async def test_a_phone_scans_the_canvas(tab: Page, one: MockPortal) -> None:
    await tab.goto(f"{one.identity_url}/login")
    async with tab.expect_response("**/api/scan"):
        await tab.get_by_role("tab", name="法人登录").click()
    one.world.people.scan(EMPLOYER.code)
    await expect(tab.locator(".el-dropdown-link")).to_have_text(EMPLOYER.name)


@pytest.mark.parametrize("year_in", ["field", "title", "prose", "nowhere"])
async def test_where_the_year_stands(
    tab: Page, one: MockPortal, year_in: Literal["field", "title", "prose", "nowhere"]
) -> None:
    one.world.year_in, one.world.business_year = year_in, 2023
    await spa.sign_in(tab, one)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    await expect(form.locator("td", has_text=EMPLOYER.code)).to_be_visible()
    places = {"field": "td", "title": "h2", "prose": "p.prose"}
    counted = {place: await form.locator(at, has_text="2023").count() for place, at in places.items()}
    assert counted == {place: int(place == year_in) for place in places}
    await spa.confirm(form)
    await expect(form.get_by_text("申报信息已提交")).to_be_visible()
    assert one.world.filings()[0].year == 2023


async def test_a_handler_without_units(tab: Page, one: MockPortal) -> None:
    one.world.people.add(Handler("无单位经办"))
    await tab.goto(one.url)
    await spa.send_login(tab, one.world, account="无单位经办")
    await expect(tab.get_by_text("您的账号未绑定任何单位")).to_be_visible()


async def test_a_new_tab_for_the_business(tab: Page, one: MockPortal) -> None:
    one.world.opens = "window"
    await spa.sign_in(tab, one)
    async with tab.expect_popup() as opened:
        await spa.open_by_menu(tab)
    form = await opened.value
    await spa.confirm(form)
    await expect(form.get_by_text("申报信息已提交")).to_be_visible()
    async with form.expect_event("close"):
        await form.get_by_role("button", name="返回").click()
    assert len(one.world.journal("submit")) == 1


async def test_back_to_the_list_over_the_frames_edge(tab: Page, one: MockPortal) -> None:
    await spa.sign_in(tab, one)
    await spa.open_by_search(tab)
    await spa.business(tab).get_by_role("button", name="返回").click()
    await expect(tab.get_by_text("共 0 条")).to_be_visible()
    assert one.world.sessions.uses()[0].account == HANDLER
