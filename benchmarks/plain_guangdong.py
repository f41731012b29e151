"""The benchmark's baseline at the Guangdong portal: the same filing as a plain, idiomatic Playwright script.

It logs in for each employer, keeps no evidence and asks nobody for an approval, but it does what a careful
author of such a script would do: looks for an existing filing first, waits for what each click should show,
and looks the filing up afterwards.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import BrowserContext, Page, expect

ITEM = "失业保险稳岗补贴信息确认"
FIELDS = {
    "户名": "account_name",
    "开户银行": "bank",
    "银行账号": "account",
    "联系人": "contact",
    "联系电话": "phone",
}
"""Label of the page → column of the row."""
_HEAD = "为选中的单位办理业务，点击此处登录"


async def file_plainly(
    context: BrowserContext,
    base_url: str,
    row: Mapping[str, str],
    login: tuple[str, str],
    answer_captcha: Callable[[Page], Awaitable[str]],
) -> str:
    """Confirm 稳岗返还 for one employer, by a login of its own.

    Args:
        context: fresh, used as it is.
        base_url: of the mock portal.
        row: of the workbook.
        login: the handler's account and password.
        answer_captcha: reads the captcha of the login page shown.

    Returns:
        The serial number (办件编号) in 我的办件.
    """
    page = await context.new_page()
    await _log_in(page, base_url, login, answer_captcha)
    dialog = page.get_by_role("dialog")
    await dialog.locator("tr", has_text=row["code"]).locator("input[type=radio]").check(force=True)
    await dialog.get_by_role("button", name=_HEAD).click()
    await expect(page.get_by_text(f"当前单位：{row['name']}")).to_be_visible()

    await page.get_by_role("menuitem", name="我的办件").click()
    await expect(page.get_by_text("共 0 条")).to_be_visible()

    await page.get_by_role("menuitem", name="在线服务").click()
    await page.get_by_role("menuitem", name="社会保障").click()
    await page.get_by_role("tab", name="失业保险").click()
    await page.locator("li.item", has_text=ITEM).get_by_role("button", name="单位办理").click()
    work = page.frame_locator("iframe[name=business]")
    await expect(work.get_by_text(row["code"])).to_be_visible()
    for label, column in FIELDS.items():
        item = work.locator(".el-form-item", has=work.locator("label", has_text=label))
        await item.locator("input").fill(row[column])
    await work.get_by_role("button", name="提交").click()
    await work.get_by_role("button", name="确定").click()
    await expect(work.get_by_text("提交成功")).to_be_visible()

    await page.get_by_role("menuitem", name="我的办件").click()
    filed = page.locator("tr.el-table__row", has_text=ITEM)
    await expect(filed).to_be_visible()
    serial = await filed.locator("td").first.inner_text()
    await page.close()
    return serial


async def _log_in(
    page: Page, base_url: str, login: tuple[str, str], answer_captcha: Callable[[Page], Awaitable[str]]
) -> None:
    account, password = login
    await page.goto(f"{base_url}/isso/login.html")
    await page.get_by_role("tab", name="个人登录").click()
    await page.get_by_placeholder("请输入账号").fill(account)
    await page.get_by_placeholder("请输入密码").fill(password)
    captcha = page.get_by_alt_text("验证码")
    await expect(captcha).to_have_js_property("complete", value=True)
    await page.get_by_placeholder("请输入验证码").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("button", name=_HEAD)).to_be_visible()
