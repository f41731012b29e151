"""The mock portal under pytest-playwright: what a QA engineer writes about the portal itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.records import Employer
from mock_portal.server import MockPortal
from mock_portal.world import World

pytestmark = pytest.mark.counts_commits

EMPLOYER = Employer("河南质检有限公司", "91410100MA00019860", "410100000001")


@pytest.fixture
def world(world: World) -> World:
    """With the pages that the server makes: the script's own are tried in tests/mock_portal."""
    world.look = "classic"
    return world


def sign_in(page: Page, portal: MockPortal) -> None:
    page.goto(portal.url)
    page.get_by_text("单位办事通道").click()
    page.get_by_text("免数字证书登陆?").click()
    page.get_by_placeholder("请输入单位统一信用代码").fill(EMPLOYER.code)
    captcha_is_drawn(page)
    page.locator("[name=captcha]").fill(portal.world.captchas()[-1].text)
    page.get_by_role("button", name="登录").click()


def captcha_is_drawn(page: Page) -> None:
    """Its picture comes after the page, and the world knows it from then on."""
    expect(page.locator("#captcha")).to_have_js_property("naturalWidth", 104)


def test_every_page_says_that_it_is_the_mock(page: Page, world: World, henan_portal: MockPortal) -> None:
    world.add(EMPLOYER)
    page.goto(henan_portal.url)
    expect(page.get_by_text("模拟平台").first).to_be_visible()
    sign_in(page, henan_portal)
    expect(page.get_by_text("我的待提交业务")).to_be_visible()
    expect(page.get_by_text("模拟平台").first).to_be_visible()


def test_a_maintenance_page_can_be_switched_on(page: Page, world: World, henan_portal: MockPortal) -> None:
    world.faults.arm(Fault(FaultKind.MAINTENANCE, Place.LANDING))
    page.goto(henan_portal.url)
    expect(page.get_by_text("系统维护中").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("单位办事通道")).to_be_visible()


def test_a_wrong_captcha_brings_a_new_picture(page: Page, world: World, henan_portal: MockPortal) -> None:
    world.add(EMPLOYER)
    page.goto(henan_portal.url + "/unit/login/free")
    first = world.captchas()[-1].picture_sha256
    page.locator("[name=account]").fill(EMPLOYER.code)
    page.locator("[name=captcha]").fill("0000")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("验证码错误")).to_be_visible()
    captcha_is_drawn(page)
    assert world.captchas()[-1].picture_sha256 != first
    assert world.journal("login") == ()
