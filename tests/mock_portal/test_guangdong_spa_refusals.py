"""Guangdong's look ``spa``: what it refuses, in which shape, and what a call that fails does to a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.guangdong import confirm
from mock_portal.guangdong.visit import EXPIRED, FAILED
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import guangdong_spa as spa
from tests.mock_portal.guangdong import EMPLOYER

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

REFUSED = {
    EmployerState.NOT_LISTED: confirm.NOT_LISTED,
    EmployerState.CLOSED: confirm.CLOSED,
    EmployerState.NOT_AUTHORISED: confirm.NOT_AUTHORISED,
    EmployerState.DISPATCH: confirm.DISPATCH,
}


@pytest.fixture
def province() -> World:
    return spa.world(EMPLOYER)


@pytest.fixture
def south(province: World) -> Iterator[MockPortal]:
    with MockPortal(world=province, portal="guangdong") as running:
        yield running


@pytest.mark.parametrize("state", REFUSED)
async def test_refused_with_the_forms_data(
    tab: Page, south: MockPortal, province: World, state: EmployerState
) -> None:
    """单位办理 says nothing: the form comes, stays empty, and a box stands over it."""
    province.add(replace(EMPLOYER, state=state))
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    await expect(form.get_by_role("dialog")).to_contain_text(REFUSED[state])
    await expect(form.get_by_text("户名")).to_be_visible()
    await expect(form.locator("[name=account]")).to_have_value("")


@pytest.mark.parametrize(
    ("shape", "selector"),
    [
        ("toast", ".el-message"),
        ("notification", ".el-notification"),
        ("box", ".el-message-box"),
        ("inline", ".el-alert"),
    ],
)
async def test_the_shapes_of_a_refused_submission(
    tab: Page,
    south: MockPortal,
    province: World,
    shape: Literal["toast", "notification", "box", "inline"],
    selector: str,
) -> None:
    province.refuses_by = shape
    province.add(replace(EMPLOYER, state=EmployerState.ACCOUNT_MISSING))
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    await spa.confirm(spa.business(tab))
    await expect(spa.business(tab).locator(selector)).to_contain_text(confirm.ACCOUNT_MISSING)
    assert not province.journal("submit")


async def test_empty_fields_are_named_under_them(tab: Page, south: MockPortal, province: World) -> None:
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    await expect(form.locator("[name=account]")).to_have_value(EMPLOYER.account)
    await form.get_by_role("button", name="提交").click()
    await expect(form.locator(".el-form-item__error")).to_have_text(["请填写此项"] * 2)
    await expect(form.get_by_role("dialog")).to_have_count(0)
    assert not province.journal("submit")


async def test_the_data_come_late_and_replace_what_was_typed(
    tab: Page, south: MockPortal, province: World
) -> None:
    province.faults.arm(Fault(FaultKind.LATENCY, Place.FORM_DATA, milliseconds=2000))
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    await form.locator("[name=account]").fill("1")
    await expect(form.locator("[name=account]")).to_have_value(EMPLOYER.account)


@pytest.mark.parametrize(
    ("kind", "words"), [(FaultKind.HTTP_500, FAILED), (FaultKind.SESSION_EXPIRY, EXPIRED)]
)
async def test_a_failed_call_is_a_toast_and_the_page_stays(
    tab: Page, south: MockPortal, province: World, kind: FaultKind, words: str
) -> None:
    await spa.sign_in(tab, south)
    for place in (Place.PROFILE, Place.ITEMS):
        province.faults.arm(Fault(kind, place))
    await tab.reload()
    await expect(tab.locator(".el-message")).to_have_text([words, words])
    await expect(tab.get_by_placeholder(spa.SEARCH)).to_be_visible()
    await expect(tab.locator(".el-message")).to_have_count(0)
    assert "login" not in tab.url


@pytest.mark.parametrize("kind", [FaultKind.HTTP_500, FaultKind.SESSION_EXPIRY])
async def test_a_form_whose_call_failed_stays_empty(
    tab: Page, south: MockPortal, province: World, kind: FaultKind
) -> None:
    province.faults.arm(Fault(kind, Place.FORM_DATA))
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    form = spa.business(tab)
    await expect(form.get_by_role("alert")).to_be_visible()
    await expect(form.locator("[name=account]")).to_have_value("")
    await expect(form.get_by_role("button", name="提交")).to_be_enabled()


async def test_a_lost_answer_is_a_toast_over_a_commit(tab: Page, south: MockPortal, province: World) -> None:
    await spa.sign_in(tab, south)
    await spa.open_by_search(tab)
    province.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, times=None))
    await spa.confirm(spa.business(tab))
    await expect(spa.business(tab).get_by_text("网络异常，请稍后再试")).to_be_visible()
    await expect(spa.business(tab).get_by_role("button", name="提交")).to_be_enabled()
    assert province.journal("submit")


async def test_a_page_without_a_session_is_the_login_page(
    tab: Page, south: MockPortal, province: World
) -> None:
    """In the frame too."""
    await spa.sign_in(tab, south)
    province.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.FORM))
    await spa.open_by_search(tab)
    await expect(spa.business(tab).get_by_placeholder(spa.SUM)).to_be_visible()
    await tab.goto(f"{south.url}/web/index.html")
    await tab.wait_for_url("**/isso/login.html")
