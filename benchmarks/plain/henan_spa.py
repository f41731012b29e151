"""Henan, edition 2024, as its public front end is built: one page, its script draws everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from benchmarks.plain.shared import Picture, picture_of

ITEM = "稳岗返还申请"
_TYPED = {
    "linkman": "contact",
    "linkPhone": "phone",
    "accountName": "account_name",
    "bankName": "bank",
    "bankAccount": "account",
}


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
    await page.get_by_role("link", name="单位办事通道").click()
    await page.get_by_role("link", name="免数字证书登陆?").click()
    await page.get_by_placeholder("请输入单位统一信用代码").fill(row["code"])
    await expect(page.locator("#captchaImg")).not_to_have_js_property("naturalWidth", 0)
    await page.locator("#captchaWord").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_text("我的待提交业务")).to_be_visible()
    await step_done()

    async with page.expect_response("**/steady/submission?**") as answering:
        await page.locator(".tile", has_text="办理进度查询").click()
    listed = await answering.value
    assert await listed.json() == [], "filed before"  # the list shows no row before the answer, either
    await step_done()

    await page.get_by_text("主页").click()
    await page.locator(".tile", has_text="单位业务").click()
    async with page.expect_response("**/steady?companyId=**") as answering:  # it empties the form once more
        await page.get_by_text(ITEM, exact=True).click()
    await (await answering.value).finished()
    await expect(page.get_by_text(row["code"])).to_be_visible()
    await step_done()

    await page.locator("[ng-model='apply.applyYear']").select_option(label=str(row["year"]))
    for name, column in _TYPED.items():
        await page.locator(f"[ng-model='apply.{name}']").fill(row[column])
    await page.locator("[ng-model='apply.payWay']").select_option(label="单位")
    await step_done()

    await page.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
    await _dialog(page).get_by_role("checkbox").check()
    await step_done()
    await _dialog(page).get_by_role("button").click()
    await expect(page.locator(".notice-done")).to_be_visible()
    await step_done()

    await page.get_by_role("button", name="保存").click()
    await expect(_dialog(page).get_by_text("申报成功, 下一步上传相应材料")).to_be_visible()
    await step_done()
    await _dialog(page).get_by_role("button", name="确定").click()
    await expect(_dialog(page)).to_have_count(0)
    if pictures:
        await _picture_the_printed_form(page, step_done)

    await _submit(page, step_done)
    serial = await _look_up(page, step_done)
    await page.close()
    return serial


def _dialog(page: Page) -> Locator:
    return page.locator(".modal:not(.ng-leave) .modal-content")


async def _picture_the_printed_form(page: Page, step_done: Picture) -> None:
    await page.get_by_role("button", name="打印申报表").click()
    await expect(_dialog(page).locator("iframe, embed, object").first).to_be_visible()
    await step_done()
    await page.keyboard.press("Escape")
    await expect(_dialog(page)).to_have_count(0)


async def _submit(page: Page, step_done: Picture) -> None:
    await page.get_by_text("主页").click()
    await page.get_by_text("我的待提交业务").click()
    await page.locator(".ui-grid-row .ui-grid-selection-row-header-buttons").click()
    await step_done()
    await page.get_by_role("button", name="提交申报").click()
    await expect(_dialog(page).get_by_text("确认提交？")).to_be_visible()
    await _dialog(page).get_by_role("button", name="是", exact=True).click()
    await expect(_dialog(page).get_by_text("申报提交成功！")).to_be_visible()
    await step_done()
    await _dialog(page).get_by_role("button", name="确定").click()
    await expect(_dialog(page)).to_have_count(0)


async def _look_up(page: Page, step_done: Picture) -> str:
    await page.get_by_text("主页").click()
    await page.locator(".tile", has_text="办理进度查询").click()
    details = page.get_by_text("详情", exact=True)
    await expect(details).to_be_visible()
    await step_done()
    await details.click()
    number = _dialog(page).locator("[ng-bind='apply.acceptNumber']")
    await expect(number).not_to_be_empty()
    serial = await number.inner_text()
    await step_done()
    return serial
