"""Both looks of Guangdong say everything in other words when they are told to."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from playwright.async_api import FrameLocator, Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.guangdong import confirm, identity, login, setup, visit
from mock_portal.guangdong.words import OTHER, phrased
from mock_portal.records import PASSWORD, EmployerState
from mock_portal.server import MockPortal
from mock_portal.visit import NOT_OFFERED
from mock_portal.world import World
from tests.mock_portal import guangdong
from tests.mock_portal import guangdong_spa as spa
from tests.mock_portal.guangdong import EMPLOYER, Clerk

pytestmark = pytest.mark.counts_commits
browsing = pytest.mark.asyncio(loop_scope="session")

LABELS = {"IDENTITY", "OWN", "HANDLER", "ACCOUNT", "QR", "TITLE"}
"""Constants that are no messages."""


def test_every_message_has_another_phrasing() -> None:
    constants = {
        name: value
        for module in (confirm, identity, login, setup, visit)
        for name, value in vars(module).items()
        if name.isupper() and name not in LABELS and isinstance(value, str) and not value.isascii()
    }
    assert len(constants) > 20
    assert set(constants.values()) <= set(OTHER)
    assert not set(OTHER.values()) & set(OTHER)
    assert phrased(World(phrasing="own"), confirm.CLOSED) == confirm.CLOSED
    assert phrased(World(phrasing="other"), confirm.CLOSED) == OTHER[confirm.CLOSED]


def test_what_scripts_are_told(visitor: Clerk, province: World) -> None:
    province.phrasing = "other"
    assert visitor.try_own(captcha="none")["message"] == OTHER[login.WRONG_CAPTCHA]
    assert visitor.try_own(password="wrong")["message"] == OTHER[login.WRONG_ACCOUNT]
    assert visitor.look("/api/profile")["message"] == OTHER[visit.EXPIRED]
    visitor.sign_in()
    assert visitor.open("later")["message"] == OTHER[NOT_OFFERED]
    for kind, words in ((FaultKind.HTTP_500, visit.FAILED), (FaultKind.MAINTENANCE, visit.MAINTENANCE)):
        province.faults.arm(Fault(kind, Place.SUBMIT))
        assert visitor.submit()["message"] == OTHER[words]
    assert visitor.submit(contact="")["message"] == OTHER[confirm.CONTACT_MISSING]
    province.closed = True
    assert visitor.open()["message"] == OTHER[confirm.CLOSED]


def test_a_first_login_that_asks_who_it_is(visitor: Clerk, province: World) -> None:
    province.setup_asks_identity = True
    province.add(replace(EMPLOYER, first_login=True))
    visitor.follow(visitor.identify())
    known = {"account": guangdong.HANDLER, "password": PASSWORD}
    assert visitor.call("/api/setup/person", **known)["message"] == setup.WRONG_IDENTITY
    (handler,) = province.people.handlers()
    person = {"name": handler.name, "id_number": handler.id_number}
    assert visitor.call("/api/setup/person", **known, **person)["code"] == 0


async def sign_in_classic(tab: Page, south: MockPortal) -> None:
    await guangdong.show_handler_login(tab, south)
    await guangdong.send_login(tab, south.world)
    dialog = tab.get_by_role("dialog", name=OTHER["请选择办理业务的单位"])
    await dialog.get_by_role("row", name=EMPLOYER.name).locator(".el-radio__inner").click()
    await dialog.get_by_role("button", name=spa.ENTER).click()
    await expect(tab.get_by_text(f"当前单位：{EMPLOYER.name}")).to_be_visible()


@browsing
@pytest.mark.parametrize("look", ["classic", "spa"])
async def test_a_filing_says_nothing_in_its_own_words(
    tab: Page, south: MockPortal, province: World, look: Literal["classic", "spa"]
) -> None:
    """By structure alone: the dialogs' own words are looked for nowhere."""
    province.look, province.phrasing = look, "other"
    form: Page | FrameLocator
    if look == "spa":
        await spa.sign_in(tab, south)
        await spa.open_by_search(tab)
        form = spa.business(tab)
    else:
        await sign_in_classic(tab, south)
        await guangdong.open_item(tab)
        form = guangdong.business(tab)
    await form.locator("[name=account]").fill(EMPLOYER.account)
    for name in ("contact", "phone"):
        await form.locator(f"[name={name}]").fill(guangdong.FORM[name])
    await form.get_by_role("button", name="提交").click()
    asked = form.get_by_role("dialog", name=OTHER["提示"])
    await expect(asked).to_contain_text(OTHER["确认提交单位信息确认？"])
    await asked.get_by_role("button", name=OTHER["确定"]).click()
    await expect(form.get_by_text(OTHER["提交成功"])).to_be_visible()
    assert len(province.journal("submit")) == 1


@browsing
@pytest.mark.parametrize("look", ["classic", "spa"])
async def test_a_refusal_in_other_words(
    tab: Page, south: MockPortal, province: World, look: Literal["classic", "spa"]
) -> None:
    province.look, province.phrasing = look, "other"
    province.add(replace(EMPLOYER, state=EmployerState.NOT_LISTED))
    if look == "spa":
        await spa.sign_in(tab, south)
        await spa.open_by_menu(tab)
        refused = spa.business(tab).get_by_role("dialog")
    else:
        await sign_in_classic(tab, south)
        await guangdong.open_item(tab)
        refused = tab.get_by_role("dialog", name=OTHER["提示"])
    await expect(refused).to_contain_text(OTHER[confirm.NOT_LISTED])
