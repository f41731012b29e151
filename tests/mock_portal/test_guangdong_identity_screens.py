"""广东省统一身份认证平台 in real Chromium (G2), and the first login that follows (G3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.guangdong import setup
from mock_portal.guangdong.visit import EXPIRED
from mock_portal.records import PASSWORD, PIN, Device
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, HANDLER, STRANGER

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def show(page: Page, south: MockPortal, way: str) -> None:
    """From the portal's login page to a way of 法人登录."""
    await page.goto(south.url)
    await page.get_by_role("button", name="省统一身份认证").click()
    await page.wait_for_url(f"{south.identity_url}/login")
    await page.get_by_role("tab", name="法人登录").click()
    await page.get_by_role("tab", name=way).click()


async def sign_in(page: Page, south: MockPortal, account: str, password: str = PASSWORD) -> None:
    await show(page, south, "账号密码")
    await page.get_by_placeholder("请输入账号").fill(account)
    await page.get_by_placeholder("请输入密码").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()


async def test_account_and_password(tab: Page, south: MockPortal) -> None:
    await sign_in(tab, south, EMPLOYER.login, "wrong")
    await expect(tab.locator(".el-message")).to_have_text("账号或密码错误")
    await tab.get_by_placeholder("请输入密码").fill(PASSWORD)
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.get_by_text(f"当前单位：{EMPLOYER.name}")).to_be_visible()
    assert tab.url.startswith(south.url)


async def test_a_captcha_there(tab: Page, south: MockPortal, province: World) -> None:
    province.identity_captcha = True
    await sign_in(tab, south, EMPLOYER.login)
    await expect(tab.get_by_text("请输入验证码")).to_be_visible()
    await tab.wait_for_function("document.querySelector('img.captcha').naturalWidth > 0")
    await tab.get_by_placeholder("请输入验证码").fill(province.captchas()[-1].text)
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.get_by_text("当前单位")).to_be_visible()


async def test_a_person_there_chooses_a_unit_at_the_portal(tab: Page, south: MockPortal) -> None:
    await tab.goto(f"{south.identity_url}/login")
    await tab.get_by_placeholder("请输入账号").fill(HANDLER)
    await tab.get_by_placeholder("请输入密码").fill(PASSWORD)
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.get_by_role("dialog", name="请选择办理业务的单位")).to_be_visible()


async def test_the_qr_code_expires_is_renewed_and_scanned(
    tab: Page, south: MockPortal, province: World
) -> None:
    await show(tab, south, "微信扫码")
    picture = tab.get_by_alt_text("二维码")
    await expect(tab.get_by_text("请使用微信扫描二维码登录")).to_be_visible()
    await tab.wait_for_function("document.querySelector('img.qr').naturalWidth > 0")
    province.clock.advance(timedelta(seconds=province.qr_seconds + 1))
    await expect(tab.get_by_text("二维码已失效")).to_be_visible()
    async with tab.expect_response("**/qr.png?*"):
        await picture.click()
    await expect(tab.get_by_text("二维码已失效")).to_be_hidden()
    province.people.scan(EMPLOYER.code)
    await expect(tab.get_by_text(f"当前单位：{EMPLOYER.name}")).to_be_visible()


async def test_a_certificate_is_put_in_and_opened(tab: Page, south: MockPortal, province: World) -> None:
    await show(tab, south, "网银证书")
    await expect(tab.get_by_text("请插入证书介质")).to_be_visible()
    province.people.device = Device("网银证书", EMPLOYER.code)
    await tab.get_by_placeholder("请输入证书密码").fill("0000")
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.locator(".el-message")).to_have_text("证书密码错误")
    await tab.get_by_placeholder("请输入证书密码").fill(PIN)
    await tab.get_by_role("button", name="登录", exact=True).click()
    await expect(tab.get_by_text("当前单位")).to_be_visible()


async def test_a_late_qr_code_does_not_disturb_what_was_chosen_meanwhile(
    tab: Page, south: MockPortal, province: World
) -> None:
    province.faults.arm(Fault(FaultKind.LATENCY, Place.CAPTCHA, milliseconds=700))
    async with tab.expect_event("requestfinished", lambda request: "/qr.png" in request.url):
        await show(tab, south, "CA证书")
    province.people.device = Device("CA证书", EMPLOYER.code)
    await expect(tab.get_by_placeholder("请输入证书密码")).to_be_visible()


async def test_the_first_login_and_the_one_after_it(tab: Page, south: MockPortal, province: World) -> None:
    province.add(replace(STRANGER, first_login=True))
    await sign_in(tab, south, STRANGER.code)
    await expect(tab.get_by_role("heading", name="单位所属实名人员信息")).to_be_visible()
    await tab.locator("[name=account]").fill(HANDLER)
    await tab.locator("[name=password]").fill("wrong")
    await tab.get_by_role("button", name="下一步").click()
    await expect(tab.locator(".el-message")).to_have_text("个人账号或密码错误")
    await tab.locator("[name=password]").fill(PASSWORD)
    await tab.get_by_role("button", name="下一步").click()
    await expect(tab.get_by_role("heading", name="单位信息")).to_be_visible()
    await expect(tab.locator(".el-form-item", has_text="统一社会信用代码")).to_contain_text(STRANGER.code)
    await tab.locator("[name=contact]").fill("李示例")
    await tab.locator("[name=phone]").fill("13900000000")
    await tab.get_by_role("button", name="提交").click()
    await expect(tab.get_by_text(setup.DONE)).to_be_visible()

    await tab.goto(south.url)
    await expect(tab.get_by_text(EXPIRED)).to_be_visible()
    await tab.context.clear_cookies()
    await sign_in(tab, south, STRANGER.code)
    await expect(tab.get_by_text(f"当前单位：{STRANGER.name}")).to_be_visible()
