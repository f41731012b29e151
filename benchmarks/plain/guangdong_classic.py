"""Guangdong, as the manual of its portal shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from benchmarks.plain.shared import picture_of
from mock_portal.records import PASSWORD

ITEM = "失业保险稳岗补贴信息确认"
ENTER = "为选中的单位办理业务，点击此处登录"
_TYPED = {
    "户名": "account_name",
    "开户银行": "bank",
    "银行账号": "account",
    "联系人": "contact",
    "联系电话": "phone",
}
"""Label of the page → column of the row."""


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
    await _log_in(page, base_url, row["login_name"], answer_captcha)
    dialog = page.get_by_role("dialog")
    await dialog.locator("tr", has_text=row["code"]).locator("input[type=radio]").check(force=True)
    await dialog.get_by_role("button", name=ENTER).click()
    await expect(page.get_by_text(f"当前单位：{row['name']}")).to_be_visible()
    await step_done()

    await page.get_by_role("menuitem", name="我的办件").click()
    await expect(page.get_by_text("共 0 条")).to_be_visible()
    await step_done()

    await page.get_by_role("menuitem", name="在线服务").click()
    await page.get_by_role("menuitem", name="社会保障").click()
    await page.get_by_role("tab", name="失业保险").click()
    await page.locator("li.item", has_text=ITEM).get_by_role("button", name="单位办理").click()
    work = page.frame_locator("iframe[name=business]")
    await expect(work.get_by_text(row["code"])).to_be_visible()
    await step_done()
    for label, column in _TYPED.items():
        item = work.locator(".el-form-item", has=work.locator("label", has_text=label))
        await item.locator("input").fill(row[column])
    await step_done()
    await work.get_by_role("button", name="提交").click()
    await work.get_by_role("button", name="确定").click()
    await expect(work.get_by_text("提交成功")).to_be_visible()
    await step_done()

    await page.get_by_role("menuitem", name="我的办件").click()
    filed = page.locator("tr.el-table__row", has_text=ITEM)
    await expect(filed).to_be_visible()
    serial = await filed.locator("td").first.inner_text()
    await step_done()
    await page.close()
    return serial


async def _log_in(
    page: Page, base_url: str, account: str, answer_captcha: Callable[[Page], Awaitable[str]]
) -> None:
    await page.goto(f"{base_url}/isso/login.html")
    await page.get_by_role("tab", name="个人登录").click()
    await page.get_by_placeholder("请输入账号").fill(account)
    await page.get_by_placeholder("请输入密码").fill(PASSWORD)
    captcha = page.get_by_alt_text("验证码")
    await expect(captcha).to_have_js_property("complete", value=True)
    await page.get_by_placeholder("请输入验证码").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("button", name=ENTER)).to_be_visible()
