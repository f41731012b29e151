"""Henan, edition 2024, where the server makes the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from benchmarks.plain.shared import Picture, picture_of

_TYPED = ("contact", "phone", "account_name", "bank", "account")


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
    work = page.frame_locator("iframe[name=work]")
    step_done = picture_of(page, wanted=pictures)

    await page.goto(base_url)
    await page.get_by_role("link", name="单位办事通道").click()
    await page.get_by_role("link", name="免数字证书登陆?").click()
    await page.get_by_placeholder("请输入单位统一信用代码").fill(row["code"])
    await page.locator("[name=captcha]").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_text("我的待提交业务")).to_be_visible()
    await step_done()

    await page.get_by_role("link", name="办理进度查询").click()
    await work.get_by_role("button", name="查询").click()
    await expect(work.get_by_text("没有查询到符合条件的记录")).to_be_visible()
    await step_done()

    await page.get_by_role("link", name="单位业务").click()
    await work.get_by_role("link", name="稳岗返还申请").click()
    await expect(work.get_by_text(row["code"])).to_be_visible()
    await step_done()

    await work.locator("[name=year]").select_option(str(row["year"]))
    for name in _TYPED:
        await work.locator(f"[name={name}]").fill(row[name])
    await work.locator("[name=payment]").select_option("单位")
    await step_done()

    await work.get_by_role("link", name="请认真阅读河南省稳岗返还资金用途告知").click()
    await work.locator("#agree").check()
    await step_done()
    await work.get_by_role("button", name="确认").click()
    await expect(work.get_by_text("（已确认）")).to_be_visible()
    await step_done()

    await work.get_by_role("button", name="保存").click()
    await expect(work.get_by_text("申报成功, 下一步上传相应材料")).to_be_visible()
    await step_done()
    await work.get_by_role("button", name="确定").click()
    if pictures:
        await _picture_the_printed_form(page, work)

    await _submit(page, work, step_done)
    serial = await _look_up(page, work, step_done)
    await page.close()
    return serial


async def _picture_the_printed_form(page: Page, work: FrameLocator) -> None:
    async with page.expect_popup() as opening:
        await work.get_by_role("button", name="打印申报表").click()
    window = await opening.value
    await window.screenshot()
    await window.close()


async def _submit(page: Page, work: FrameLocator, step_done: Picture) -> None:
    await page.get_by_role("link", name="首页").click()
    await page.get_by_role("link", name="我的待提交业务").click()
    await work.locator("tr.row [name=draft]").check()
    await step_done()
    await work.get_by_role("button", name="提交申报").click()
    await expect(work.get_by_text("确定要提交申报吗?")).to_be_visible()
    await work.get_by_role("button", name="确定").click()
    await expect(work.get_by_text("提交成功")).to_be_visible()
    await step_done()
    await work.get_by_role("button", name="确定").click()


async def _look_up(page: Page, work: FrameLocator, step_done: Picture) -> str:
    await page.get_by_role("link", name="办理进度查询").click()
    await work.get_by_role("button", name="查询").click()
    await expect(work.get_by_role("cell", name="稳岗返还申请")).to_be_visible()
    await step_done()
    await work.get_by_role("link", name="详情").click()
    row = work.frame_locator(".win-frame").get_by_role("row", name="受理流水号")
    serial = await row.get_by_role("cell").nth(1).inner_text()
    await step_done()
    return serial
