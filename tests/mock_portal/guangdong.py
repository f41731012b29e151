"""A visitor of the Guangdong portal without a browser, the world it works in, and a walk with one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import FrameLocator, Page, expect

from mock_portal.records import PASSWORD, PIN, Employer
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.clerk import Answer, Visitor

START = datetime(2024, 8, 21, 9, 30)
HANDLER = "示例经办01"
EMPLOYER = Employer(
    "广州示例商贸有限公司",
    "91440101MA5AAA0012",
    "440100000001",
    portal="guangdong",
    username="gzshili",
    handlers=(HANDLER,),
    account_name="广州示例商贸有限公司",
    bank="示例银行广州分行",
    account="44001234567890123",
)
OTHER = Employer("深圳示例科技有限公司", "91440300MA5BBB0027", "440300000002", handlers=(HANDLER,))
STRANGER = Employer("东莞示例制造有限公司", "91441900MA5CCC0032", "441900000003")
FORM = {
    "account_name": EMPLOYER.name,
    "bank": "示例银行广州分行",
    "account": "44001234567890123",
    "contact": "张示例",
    "phone": "13812345678",
}
"""What a complete confirmation sends."""


class Clerk(Visitor):
    """One browser."""

    def __init__(self, portal: MockPortal) -> None:
        super().__init__(portal)
        self.world: World = portal.world

    def call(self, path: str, **fields: str) -> Any:
        """What a page's script is told: by POST, if it sends anything or ``path`` is an action."""
        return self.send_json(path, **fields).json

    def look(self, path: str, **query: str) -> Any:
        """What a page's script fetches."""
        return self.get(path, **query).json

    def captcha(self) -> str:
        self.get("/captcha.png")
        return self.world.captchas()[-1].text

    def try_own(self, account: str = EMPLOYER.login, password: str = PASSWORD, captcha: str = "") -> Any:
        """单位登录 by 广东人社统一认证."""
        known = captcha or self.captcha()
        return self.call("/api/login/unit", account=account, password=password, captcha=known)

    def try_handler(self, account: str = HANDLER, password: str = PASSWORD, captcha: str = "") -> Any:
        """个人登录."""
        known = captcha or self.captcha()
        return self.call("/api/login/person", account=account, password=password, captcha=known)

    def choose(self, code: str = EMPLOYER.code) -> Any:
        return self.call("/api/unit", code=code)

    def sign_in(self, code: str = EMPLOYER.code) -> None:
        """As the handler, for a unit."""
        assert self.try_handler()["code"] == 0
        assert self.choose(code)["code"] == 0

    def identify(self, path: str = "/api/login/unit", **fields: str) -> Any:
        """Send a login to the identity provider."""
        given = {"account": EMPLOYER.login, "password": PASSWORD} | fields
        return self.call(self.portal.identity_url + path, **given)

    def insert(self, kind: str, **more: str) -> None:
        self.control("/device", {"kind": kind, "code": EMPLOYER.code} | more)

    def certify(self, kind: str, pin: str = PIN) -> Any:
        return self.call(self.portal.identity_url + "/api/certificate", kind=kind, pin=pin)

    def follow(self, answer: Any) -> Answer:
        """Go back to the portal with a ticket."""
        assert answer["code"] == 0, answer
        return self.get(answer["data"]["address"])

    def open(self, item: str = "refund") -> Any:
        return self.call("/api/open", item=item)

    def submit(self, **changes: str) -> Any:
        return self.call("/api/confirm/submit", **(FORM | changes))

    def mine(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.look("/api/filings")["data"]
        return rows


def ticket_of(answer: Any) -> str:
    """The ticket in the address that the identity provider leads back to."""
    address: str = answer["data"]["address"]
    return parse_qs(urlsplit(address).query)["ticket"][0]


# With a browser


def business(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name=business]")


async def show_handler_login(page: Page, portal: MockPortal) -> None:
    await page.goto(portal.url)
    await page.get_by_role("tab", name="个人登录").click()


async def send_login(page: Page, world: World, account: str = HANDLER, password: str = PASSWORD) -> None:
    """Fill the form that is shown, and send it."""
    await page.get_by_placeholder("请输入账号").fill(account)
    await page.get_by_placeholder("请输入密码").fill(password)
    await page.wait_for_function("document.querySelector('img.captcha').naturalWidth > 0")
    await page.get_by_placeholder("请输入验证码").fill(world.captchas()[-1].text)
    await page.get_by_role("button", name="登录", exact=True).click()


async def switch_unit(page: Page, name: str) -> None:
    """As a person does who clicks when the bar has been drawn for the second time."""
    await page.locator(".top[data-icons]").get_by_role("button", name="切换单位").click()
    await choose_unit(page, name)


async def choose_unit(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog", name="请选择办理业务的单位")
    await dialog.get_by_role("row", name=name).locator(".el-radio__inner").click()
    await dialog.get_by_role("button", name="为选中的单位办理业务，点击此处登录").click()
    await expect(page.get_by_text(f"当前单位：{name}")).to_be_visible()


async def sign_in(page: Page, portal: MockPortal, name: str = EMPLOYER.name) -> None:
    await show_handler_login(page, portal)
    await send_login(page, portal.world)
    await choose_unit(page, name)


async def open_item(page: Page, name: str = "失业保险稳岗补贴信息确认") -> None:
    """在线服务 → 社会保障 → 失业保险 → the item → 单位办理."""
    await page.get_by_role("menuitem", name="在线服务").click()
    await page.get_by_role("menuitem", name="社会保障").click()
    await page.get_by_role("tab", name="失业保险").click()
    row = page.locator("li.item", has_text=name)
    await row.get_by_role("button", name="单位办理").click()


async def confirm(form: Page | FrameLocator) -> None:
    """Fill what is empty, 提交, 确定."""
    await form.locator("[name=contact]").fill(FORM["contact"])
    await form.locator("[name=phone]").fill(FORM["phone"])
    await form.get_by_role("button", name="提交").click()
    await expect(form.get_by_text("确认提交单位信息确认？")).to_be_visible()
    await form.get_by_role("button", name="确定").click()
