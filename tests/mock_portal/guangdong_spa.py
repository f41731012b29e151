"""A person's walk through Guangdong's portal in its look ``spa``, and the world it is walked in."""

from __future__ import annotations

from playwright.async_api import FrameLocator, Page, expect

from mock_portal.clock import Clock
from mock_portal.records import PASSWORD, Employer
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, FORM, HANDLER, START

SEARCH = "请输入您要办理的事项或服务"
SUM = "请输入图中算式的计算结果"
ITEM = "失业保险稳岗补贴信息确认"
ENTER = "为选中的单位办理业务，点击此处登录"
OTHERS = tuple(
    Employer(
        f"佛山示例{number:02d}有限公司",
        f"91440600MA5DD{number:04d}X",
        f"44060000{number:04d}",
        handlers=(HANDLER,),
    )
    for number in range(22)
)
"""Bound to the same handler: three pages of units, ours on the last."""


def world(*employers: Employer) -> World:
    known = World(employers or [*OTHERS, EMPLOYER], clock=Clock(START))
    known.look = "spa"
    return known


def business(page: Page) -> FrameLocator:
    return page.frame_locator("iframe.app-frame")


async def send_login(page: Page, known: World, account: str = HANDLER, password: str = PASSWORD) -> None:
    """Fill the form that is shown, and send it."""
    await page.get_by_placeholder("请输入账号").fill(account)
    await page.get_by_placeholder("请输入密码").fill(password)
    await captcha_shown(page)
    await page.get_by_placeholder(SUM).fill(known.captchas()[-1].text)
    await page.get_by_role("button", name="登录", exact=True).click()


async def captcha_shown(page: Page) -> None:
    drawn = "div.captcha-body.captcha img, div.captcha-body.captcha[style*=base64]"
    await expect(page.locator(drawn)).to_be_visible()


async def choose_unit(page: Page, name: str = EMPLOYER.name) -> None:
    """Leaf through the units until ours is there."""
    dialog = page.get_by_role("dialog")
    row = dialog.locator("tr", has_text=name)
    await expect(dialog.locator(".el-table__row").first).to_be_visible()
    while not await row.count():
        shown = await dialog.locator(".el-table__row").first.inner_text()
        await dialog.get_by_label("下一页").click()
        await expect(dialog.locator(".el-table__row").first).not_to_have_text(shown, use_inner_text=True)
    await row.get_by_role("radio").click()
    await expect(row.get_by_role("radio")).to_be_checked()
    await dialog.get_by_role("button", name=ENTER).click()
    await expect(page.locator(".el-dropdown-link")).to_contain_text(name)


async def sign_in(page: Page, portal: MockPortal, name: str = EMPLOYER.name) -> None:
    await page.goto(portal.url)
    await send_login(page, portal.world)
    await choose_unit(page, name)


async def open_by_search(page: Page) -> None:
    """The box on the home leads to another box."""
    await page.get_by_placeholder(SEARCH).click()
    await expect(page.locator(".hall-banner")).to_have_count(0)
    await page.get_by_placeholder(SEARCH).fill("稳岗")
    await page.get_by_role("button", name="搜索").click()
    await page.locator("button:has(span:text('单位办理'))").click()


async def open_by_menu(page: Page, name: str = ITEM) -> None:
    """在线服务 → 社会保障 → 失业保险, which is folded → the item → 单位办理."""
    await page.get_by_role("menuitem", name="在线服务").click()
    await page.get_by_text("社会保障", exact=True).click()
    await page.get_by_text("失业保险", exact=True).click()
    await page.locator(".el-tree-node.leaf", has_text=name).click()
    await page.get_by_role("button", name="单位办理").click()


async def confirm(form: Page | FrameLocator, **changes: str) -> None:
    """Fill what is empty, 提交, and say yes."""
    await expect(form.locator("td", has_text=EMPLOYER.code)).to_be_visible()
    for name, value in ({"contact": FORM["contact"], "phone": FORM["phone"]} | changes).items():
        await form.locator(f"[name={name}]").fill(value)
    await form.get_by_role("button", name="提交").click()
    await form.get_by_role("dialog").locator("button.el-button--primary").click()
