"""The whole filing as a clerk does it by hand, click by click: for people and for tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Page

from mock_portal.henan.editions import EDITIONS

AnswerCaptcha = Callable[[Page], Awaitable[str]]
"""Reads the captcha of the login page that is shown."""

SAVED = "稳岗补贴申请申报成功, 下一步上传相应材料"


async def walk(
    page: Page,
    base_url: str,
    employer: Mapping[str, str],
    answer_captcha: AnswerCaptcha,
    *,
    edition: str = "2024",
) -> str:
    """File 稳岗返还 and return the serial number (受理流水号) that the progress list gives.

    Args:
        employer: 统一社会信用代码, 联系人, 联系方式, 户名, 开户银行, 银行账号.
    """
    await sign_in(page, base_url, employer["统一社会信用代码"], answer_captcha)
    await fill(page, employer, edition)
    await save(page)
    await submit(page)
    return await look_up(page)


async def sign_in(page: Page, base_url: str, code: str, answer_captcha: AnswerCaptcha) -> None:
    """From the landing page to the unit's home (H1, H2, H3, H6)."""
    await page.goto(base_url)
    await page.get_by_text("单位办事通道").click()
    await page.get_by_text("免数字证书登陆?").click()
    await page.locator("[name=account]").fill(code)
    await page.locator("[name=captcha]").fill(await answer_captcha(page))
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url("**/unit/home")


async def fill(page: Page, employer: Mapping[str, str], edition: str = "2024") -> None:
    """From the home to the filled and acknowledged form (H7, H8, H9)."""
    await page.get_by_text("单位业务", exact=True).click()
    frame = page.frame_locator("iframe[name=work]")
    await frame.get_by_text(EDITIONS[edition].refund_name, exact=True).click()
    names = {
        "contact": "联系人",
        "phone": "联系方式",
        "account_name": "户名",
        "bank": "开户银行",
        "account": "银行账号",
    }
    for name, label in names.items():
        await frame.locator(f"[name={name}]").fill(employer[label])
    await frame.locator("[name=payment]").select_option("单位")
    await frame.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
    dialog = frame.locator(".win-purpose")
    if EDITIONS[edition].counts_down:
        await dialog.locator("#agree").check()
        await dialog.get_by_role("button", name="确认").click()
    else:
        await dialog.get_by_role("button", name="确定").click()
    await frame.locator("#acknowledged").wait_for()


async def save(page: Page) -> None:
    """保存 and its popup (H12)."""
    frame = page.frame_locator("iframe[name=work]")
    await frame.get_by_role("button", name="保存").click()
    await frame.get_by_text(SAVED).wait_for()
    await frame.get_by_role("button", name="确定").click()


async def submit(page: Page) -> None:
    """By way of the home to 待提交申报管理, and 提交申报 (H6, H14)."""
    await page.get_by_text("首页", exact=True).click()
    await page.get_by_text("我的待提交业务").click()
    frame = page.frame_locator("iframe[name=work]")
    await frame.locator("tr.row [name=draft]").check()
    await frame.get_by_role("button", name="提交申报").click()
    await frame.get_by_text("确定要提交申报吗?").wait_for()
    await frame.get_by_role("button", name="确定").click()
    await frame.get_by_text("提交成功").wait_for()
    await frame.get_by_role("button", name="确定").click()


async def look_up(page: Page) -> str:
    """The row in 办理进度查询 and the serial number behind its 详情 (H15)."""
    await page.get_by_text("办理进度查询", exact=True).click()
    frame = page.frame_locator("iframe[name=work]")
    await frame.get_by_role("button", name="查询").click()
    await frame.locator("tr.row").get_by_text("详情").click()
    detail = frame.frame_locator(".win-frame")
    serial = await detail.locator("tr", has_text="受理流水号").locator("td").nth(1).text_content()
    return serial or ""
