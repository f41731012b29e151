"""What goes wrong at the public front end's look, and what its page says then, or does not."""

from __future__ import annotations

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import hall
from tests.mock_portal.conftest import EMPLOYER, FORM
from tests.mock_portal.hall import answer, dialog

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

ARRIVED = """() => performance.getEntriesByType("resource").filter(
    (each) => /companys|apply.profile|banner/.test(each.name) && each.responseEnd).length === 4"""
"""All of the home's requests have their answers (the unit's own is made on entry too)."""
DRAFT = {"申请年度": "2024", "联系人": "张三"}


@pytest.fixture
def look() -> str:
    return "spa"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tab: Page, portal: MockPortal, world: World) -> Page:
    await hall.sign_in(tab, portal.url, world)
    return tab


@pytest_asyncio.fixture(loop_scope="session")
async def pending(home: Page, world: World) -> Page:
    """A saved form, chosen for its submission."""
    world.save(EMPLOYER.code, "稳岗返还", 2024, DRAFT)
    await hall.open_pending(home)
    await hall.choose(home)
    return home


async def test_a_lost_submission_leaves_more_than_once(pending: Page, world: World) -> None:
    """The trap for flows: one click, and the browser sends the PUT again by itself (§17 of the facts)."""
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT))
    await hall.submit(pending)
    await answer(pending, "申报提交成功！")
    assert len(world.journal("submit")) == 2
    assert {entry.values["草稿"] for entry in world.journal("submit")} == {world.filings()[0].draft_id}


async def test_the_second_is_refused_although_the_first_was_committed(pending: Page, world: World) -> None:
    world.refuses_duplicates = True
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT))
    await hall.submit(pending)
    await answer(pending, "申报提交失败！申报信息不存在或已提交")
    assert len(world.journal("submit")) == 1


async def test_no_answer_says_nothing(pending: Page, world: World) -> None:
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, times=None))
    async with pending.expect_event("requestfailed", lambda request: request.method == "PUT"):
        await hall.submit(pending)
    await expect(pending.get_by_role("button", name="提交申报")).to_be_enabled()
    await expect(dialog(pending)).to_have_count(0)
    assert len(world.journal("submit")) >= 2


async def test_the_servers_error_page_has_no_reason(pending: Page, world: World) -> None:
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.SUBMIT))
    await hall.submit(pending)
    await answer(pending, "申报提交失败！undefined")
    assert not world.journal("submit")


@pytest.mark.parametrize("kind", [FaultKind.SUCCESS_WITHOUT_COMMIT, FaultKind.MAINTENANCE])
async def test_success_is_told_and_nothing_kept(pending: Page, world: World, kind: FaultKind) -> None:
    """A page of the server's with HTTP 200 counts as success: its words are not read."""
    world.faults.arm(Fault(kind, Place.SUBMIT, status=200))
    await hall.submit(pending)
    await answer(pending, "申报提交成功！")
    await expect(pending.locator(".ui-grid-footer-info")).to_have_text("总行数: 1")
    assert not world.filings()


async def test_an_expired_session_says_so_for_each_call(home: Page, world: World) -> None:
    await home.wait_for_function(ARRIVED)
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.PROFILE, times=None))
    await home.evaluate("hall.app.go('/home')")
    await expect(dialog(home)).to_have_count(3)
    said = await dialog(home).locator(".modal-body").all_inner_texts()
    assert {text.strip() for text in said} == {"会话已过期，请重新登录。"}
    await home.keyboard.press("Escape")
    await expect(dialog(home)).to_have_count(2)
    assert home.url.endswith("#/home"), "the page stays"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FaultKind.MAINTENANCE, "系统正在维护，请稍后再试.."),
        (FaultKind.HTTP_500, "获取用户登录信息失败:undefined"),
    ],
)
async def test_an_entry_that_fails(home: Page, world: World, kind: FaultKind, said: str) -> None:
    world.faults.arm(Fault(kind, Place.PROFILE, times=None))
    await home.reload()
    await answer(home, said)


async def test_a_lost_save_is_sent_again_and_makes_two(home: Page, world: World) -> None:
    await hall.open_form(home)
    await hall.fill(home, FORM)
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SAVE))
    await hall.save(home)
    assert len(world.drafts(EMPLOYER.code)) == 2


@pytest.mark.parametrize("place", [Place.FORM, Place.FORM_DATA])
async def test_a_form_that_fails_says_nothing(home: Page, world: World, place: Place) -> None:
    world.save(EMPLOYER.code, "稳岗返还", 2024, DRAFT)
    await home.locator(".tile", has_text="单位业务").click()
    world.faults.arm(Fault(FaultKind.HTTP_500, place))
    async with home.expect_response(lambda response: response.status == 500):
        await home.get_by_text(hall.ITEM, exact=True).click()
    await expect(home.locator("#spinner")).to_be_hidden()
    await expect(dialog(home)).to_have_count(0)
    await home.get_by_text(hall.ITEM, exact=True).first.click()
    await answer(home, "查询到已保存申请信息，可修改！")
    await expect(home.locator("[ng-model='apply.linkman']")).to_have_value("张三")


async def test_two_units_in_one_profile_mix(tab: Page, portal: MockPortal, world: World) -> None:
    """Whoever logs in later is who the earlier page asks for: one profile per unit."""
    await hall.sign_in(tab, portal.url, world)
    details = "JSON.stringify({...hall.details(), companyId: '410100000456'})"
    await tab.evaluate(f"localStorage.setItem('HRSS_APP_USER_DETAILS', {details})")
    async with tab.expect_request("**/apply/unsubmitted?companyId=410100000456"):
        await tab.get_by_text("我的待提交业务").click()


async def test_a_templates_script_runs(home: Page, world: World) -> None:
    """As jQuery has it: a template that gets stuck takes the whole page with it."""
    world.faults.arm(Fault(FaultKind.STUCK, Place.FORM))
    path = "/ehrss-si-enterprise/modules/company/apply/steadysubsidies/steady.html"
    markup = await home.evaluate("path => fetch(path).then(answer => answer.text())", path)
    assert markup.endswith("{ for (;;); }, 50)</script>")
    harmless = "<p></p><script>window.ran = 'yes'</script>"
    await home.evaluate("markup => { hall.include(document.getElementById('view'), markup); }", harmless)
    assert await home.evaluate("window.ran") == "yes"
