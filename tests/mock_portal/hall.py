"""The look of the public front end, as a clerk walks it by hand and as its script asks: for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode
from urllib.request import Request

from playwright.async_api import Locator, Page, expect

from mock_portal.world import World
from tests.mock_portal.clerk import Answer, Visitor
from tests.mock_portal.conftest import EMPLOYER

API = "/ehrss-si-enterprise/api"
STEADY = f"{API}/apply/company/steady"
APPLY = {
    "companyId": EMPLOYER.unit_number,
    "applyYear": "2024",
    "linkman": "张三",
    "linkPhone": "13812345678",
    "payWay": "1",
    "accountName": "河南示例商贸有限公司",
    "bankName": "中国工商银行长垣支行",
    "bankAccount": "1702020109000012345",
}
"""What the script sends of a complete form."""
TYPED = {
    "linkman": "联系人",
    "linkPhone": "联系方式",
    "accountName": "户名",
    "bankName": "开户银行",
    "bankAccount": "银行账号",
}
ITEM = "稳岗返还申请"


class HallClerk(Visitor):
    """A visitor without a browser, who asks as the script does."""

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """With the cookie's XSRF token, unless another one is given."""
        token = next((each.value for each in self.jar if each.name == "XSRF-TOKEN"), "") or ""
        sent = {"X-XSRF-TOKEN": token} | {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        sent |= {"Content-Type": "application/json"} if data else {}
        return self._send(Request(self._address(path), data, sent, method=method))

    def ask(self, path: str, **query: str) -> Answer:
        return self.send("GET", f"{path}?{urlencode(query)}")

    def try_sign_in(self, code: str, captcha: str = "") -> Answer:
        """Look at the login page and its picture, then log in; the right captcha by default."""
        self.get("/calogin/")
        number = self.get("/uaa/captcha/img").json["id"]
        self.get(f"/uaa/captcha/img/{number}?0.5")
        word = captcha or self.portal.world.captchas()[-1].text
        return self.send("POST", "/uaa/login", {"account": code}, captchaId=number, captchaWord=word)

    def sign_in(self, code: str = EMPLOYER.code) -> None:
        assert self.try_sign_in(code).json == {"address": "/ehrss-si-enterprise/"}

    def save(self, **changes: str) -> Answer:
        """POST without an applyId, PUT with one."""
        return self.send("PUT" if changes.get("applyId") else "POST", STEADY, APPLY | changes)

    def saved(self) -> str:
        """Acknowledge and save; the applyId."""
        assert self.send("POST", f"{STEADY}/notice", {}).status == 200
        return str(self.save().json["applyId"])

    def submit(self, *ids: str) -> Answer:
        return self.send("PUT", f"{STEADY}/submission", {"applyIdList": list(ids)})

    def reviewed(self, **query: str) -> list[dict[str, str]]:
        asked = {"applicantId": EMPLOYER.unit_number, "submitType": "1"} | query
        return list(self.ask(f"{STEADY}/submission", **asked).json)


async def sign_in(page: Page, base_url: str, world: World, code: str = EMPLOYER.code) -> None:
    """From the front page to the unit's home."""
    await page.goto(base_url)
    await page.get_by_text("单位办事通道").click()
    await page.get_by_text("免数字证书登陆?").click()
    await page.locator("#loginName").fill(code)
    await page.wait_for_function("document.getElementById('captchaImg').naturalWidth > 0")
    await page.locator("#captchaWord").fill(world.captchas()[-1].text)
    await page.locator("#loginBtn").click()
    await page.wait_for_url("**/#/home")


def dialog(page: Page) -> Locator:
    """Those that are open: one that leaves is drawn for a while, and counts no more."""
    return page.locator(".modal:not(.ng-leave) .modal-content")


async def press(page: Page, text: str, button: str) -> None:
    """The only open dialog says ``text``; press its button."""
    await expect(dialog(page).locator(".modal-body")).to_have_text(text)
    await dialog(page).get_by_role("button", name=button, exact=True).click()


async def answer(page: Page, text: str, button: str = "确定") -> None:
    """The same, and no other dialog follows."""
    await press(page, text, button)
    await expect(dialog(page)).to_have_count(0)


async def open_form(page: Page) -> None:
    """From the home to the empty form."""
    await page.locator(".tile", has_text="单位业务").click()
    async with page.expect_response(f"**{STEADY}?**"):
        await page.get_by_text(ITEM, exact=True).click()


async def open_form_refused(page: Page) -> None:
    """The same where the unit is not served: nothing saved is asked for."""
    await page.locator(".tile", has_text="单位业务").click()
    await page.get_by_text(ITEM, exact=True).click()


async def fill(page: Page, form: Mapping[str, str]) -> None:
    """Fill the form and acknowledge 资金用途告知."""
    await page.locator("[ng-model='apply.applyYear']").select_option(label="2024")
    await page.locator("[ng-model='apply.payWay']").select_option(label="单位")
    for name, label in TYPED.items():
        await page.locator(f"[ng-model='apply.{name}']").fill(form[label])
    await page.get_by_text("请认真阅读河南省稳岗返还资金用途告知").click()
    box = dialog(page).get_by_role("checkbox")
    if await box.count():
        await box.check()
    await dialog(page).locator(".modal-footer button").click()
    await page.locator(".notice-done").wait_for()


async def save(page: Page) -> None:
    """保存 and its message."""
    await page.get_by_role("button", name="保存").click()
    await answer(page, "稳岗补贴申请申报成功, 下一步上传相应材料")


async def open_pending(page: Page) -> None:
    """By way of the home to 待提交申报管理."""
    await page.get_by_text("主页").click()
    async with page.expect_response("**/api/apply/unsubmitted?**"):
        await page.get_by_text("我的待提交业务").click()


async def choose(page: Page) -> None:
    """Narrow the list to the item by its tree, and mark the only row."""
    await page.locator(".abn-tree-row", has_text=ITEM).click()
    await page.locator(".ui-grid-row .ui-grid-selection-row-header-buttons").click()


async def submit(page: Page) -> None:
    """提交申报, the question, and its answer 是."""
    await page.get_by_role("button", name="提交申报").click()
    await press(page, "提交前请确定已上传电子材料，否则将不再允许修改！确认提交？", "是")


async def look_up(page: Page) -> str:
    """The row in 审核结果查询, and the serial number in its 详情."""
    await page.get_by_text("主页").click()
    await page.locator(".tile", has_text="办理进度查询").click()
    await page.get_by_text("详情", exact=True).click()
    number = dialog(page).locator("[ng-bind='apply.acceptNumber']")
    await expect(number).not_to_be_empty()
    return await number.text_content() or ""
