"""Guangdong, as its public front end is built: a sum for a captcha, a folded menu, a business page apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from benchmarks.plain.guangdong_classic import ENTER, ITEM
from benchmarks.plain.shared import picture_of
from mock_portal.records import PASSWORD

_TYPED = ("account_name", "bank", "account", "contact", "phone")


async def file_plainly(
    context: BrowserContext,
    base_url: str,
    row: Mapping[str, Any],
    answer_captcha: Callable[[Page], Awaitable[str]],
    *,
    pictures: bool = False,
) -> str:
    """See :class:`benchmarks.plain.PlainScript`."""
    page = await context.new_page()
    step_done = picture_of(page, wanted=pictures)
    await page.goto(base_url)
    await page.get_by_placeholder("请输入账号").fill(row["login_name"])
    await page.get_by_placeholder("请输入密码").fill(PASSWORD)
    await expect(page.locator("div.captcha-body.captcha img")).to_be_visible()
    await page.get_by_placeholder("请输入图中算式的计算结果").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录", exact=True).click()
    dialog = page.get_by_role("dialog")
    unit = dialog.locator("tr", has_text=row["code"]).get_by_role("radio")
    await unit.click()
    await expect(unit).to_be_checked()
    await dialog.get_by_role("button", name=ENTER).click()
    await expect(page.locator(".el-dropdown-link")).to_contain_text(row["name"])
    await step_done()

    async with page.expect_response("**/api/filings?**") as answering:
        await page.get_by_role("menuitem", name="我的办件").click()
    listed = await answering.value
    assert (await listed.json())["data"]["total"] == 0, "filed before"  # 共 0 条 shows before the answer, too
    await step_done()

    await page.get_by_role("menuitem", name="在线服务").click()
    await page.get_by_text("社会保障", exact=True).click()
    await page.get_by_text("失业保险", exact=True).click()
    await page.locator(".el-tree-node.leaf", has_text=ITEM).click()
    await page.get_by_role("button", name="单位办理").click()
    work = page.frame_locator("iframe.app-frame")
    await expect(work.locator("td", has_text=row["code"])).to_be_visible()
    await step_done()

    for name in _TYPED:
        await work.locator(f"[name={name}]").fill(row[name])
    await step_done()
    await work.get_by_role("button", name="提交").click()
    await work.get_by_role("dialog").get_by_role("button", name="确定").click()
    await expect(work.get_by_text("提交成功")).to_be_visible()
    await step_done()

    await page.get_by_role("menuitem", name="我的办件").click()
    filed = page.locator(".el-table__body-wrapper .el-table__row", has_text=ITEM)
    await expect(filed).to_be_visible()
    fixed = page.locator(".el-table__fixed .el-table__row")
    serial = await fixed.locator("td").first.inner_text()
    await step_done()
    await page.close()
    return serial
