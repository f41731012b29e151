"""What the requests of the public front end's look do, asked as its script asks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader

from mock_portal.clock import Clock
from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.henan.words import Words
from mock_portal.records import Employer, EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.conftest import EMPLOYER, START
from tests.mock_portal.hall import API, APPLY, STEADY, HallClerk

pytestmark = pytest.mark.counts_commits

OTHER = Employer("郑州示例科技有限公司", "91410100MA00019860", "410100000456")


@pytest.fixture
def world() -> World:
    return World([EMPLOYER, OTHER], clock=Clock(START), countdown_seconds=0, look="spa")


@pytest.fixture
def visitor(portal: MockPortal) -> HallClerk:
    return HallClerk(portal)


@pytest.fixture
def clerk(visitor: HallClerk) -> HallClerk:
    visitor.sign_in()
    return visitor


def test_each_look_has_its_own_pages(portal: MockPortal, world: World) -> None:
    visitor = HallClerk(portal)
    assert visitor.get("/unit/login").status == 404
    assert visitor.get("/calogin/").status == 200
    assert 'href="/calogin/"' in visitor.get("/").text
    world.look = "classic"
    assert visitor.get("/unit/login").status == 200
    assert visitor.get("/calogin/").status == 404
    assert {each.name for each in visitor.jar} == {"SESSION", "XSRF-TOKEN", "JSESSIONID"}


def test_the_captcha_comes_in_headers_and_counts_once(visitor: HallClerk, world: World) -> None:
    refused = visitor.try_sign_in(EMPLOYER.code, "0000")
    assert (refused.status, refused.json["message"]) == (400, Words.WRONG_CAPTCHA.own)
    assert visitor.send("POST", "/uaa/login", {"account": EMPLOYER.code}).json["message"] == "验证码不能为空"
    visitor.sign_in()
    assert [entry.kind for entry in world.journal()] == ["login"]


def test_a_password_may_be_asked_for(visitor: HallClerk, world: World) -> None:
    world.asks_password = True
    assert visitor.try_sign_in(EMPLOYER.code).json == {"next": "password"}
    assert visitor.send("POST", "/uaa/login/password", {"password": "no"}).status == 400
    assert visitor.send("POST", "/uaa/login/password", {"password": EMPLOYER.password}).status == 200


def test_nothing_is_changed_without_the_token(clerk: HallClerk, world: World) -> None:
    apply_id = clerk.saved()
    refused = clerk.send("PUT", f"{STEADY}/submission", {"applyIdList": [apply_id]}, X_XSRF_TOKEN="other")
    assert refused.status == 403
    assert not world.journal("submit")
    assert clerk.submit(apply_id).status == 200
    assert len(world.journal("submit")) == 1


def test_an_expired_session_is_http_401_for_each_call(clerk: HallClerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.PROFILE))
    assert clerk.get(f"{API}/security/user").status == 401
    assert clerk.save().status == 401
    assert not world.journal("save")


def test_post_makes_an_application_and_put_changes_it(clerk: HallClerk, world: World) -> None:
    first = clerk.saved()
    assert clerk.save(applyId=first, linkman="李四").json["linkman"] == "李四"
    assert [each.values["联系人"] for each in world.drafts(EMPLOYER.code)] == ["李四"]
    second = str(clerk.save().json["applyId"])
    assert [each.id for each in world.drafts(EMPLOYER.code)] == [first, second]
    world.faults.arm(Fault(FaultKind.DUPLICATE_ROW, Place.SAVE))
    clerk.save(applyId=first)
    assert len(world.drafts(EMPLOYER.code)) == 3


def test_the_journal_is_that_of_any_look(clerk: HallClerk, world: World) -> None:
    clerk.submit(clerk.saved())
    assert [entry.kind for entry in world.journal()] == ["login", "acknowledge", "save", "notice", "submit"]
    (filing,) = world.filings()
    assert filing.values == {
        "申请年度": "2024",
        "联系人": "张三",
        "联系方式": "13812345678",
        "发放方式": "单位",
        "户名": "河南示例商贸有限公司",
        "开户银行": "中国工商银行长垣支行",
        "银行账号": "1702020109000012345",
    }
    assert [row["acceptNumber"] for row in clerk.reviewed(issue="202408")] == [filing.serial]
    assert clerk.reviewed(issue="202407") == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"linkman": " "}, "联系人不能为空"),
        ({"payWay": ""}, "发放方式不能为空"),
        ({}, Words.NOT_ACKNOWLEDGED.own),
    ],
)
def test_saving_is_refused(clerk: HallClerk, world: World, changes: dict[str, str], message: str) -> None:
    refused = clerk.save(**changes)
    assert (refused.status, refused.json["message"]) == (400, message)
    assert not world.journal("save")


def test_what_is_in_review_and_what_was_filed_before(clerk: HallClerk, world: World) -> None:
    asked = {"applicantId": EMPLOYER.unit_number, "applyType": "1115"}
    assert clerk.send("POST", f"{API}/apply/stats/reviewing", asked).json == []
    clerk.submit(clerk.saved())
    assert len(clerk.send("POST", f"{API}/apply/stats/reviewing", asked).json) == 1
    world.clock.advance(timedelta(minutes=29))
    clerk.get(f"{API}/security/user")
    world.clock.set(START + timedelta(days=4))
    clerk.sign_in()
    assert clerk.send("POST", f"{API}/apply/stats/reviewing", asked).json == []
    clerk.send("POST", f"{STEADY}/notice", {})
    assert clerk.save().json["message"] == Words.ALREADY_FILED.own
    assert [row["handleState"] for row in clerk.reviewed(reviewedStatus="1")] == ["已通过"]


def test_a_returned_filing_can_be_made_again(clerk: HallClerk, world: World) -> None:
    world.add(replace(EMPLOYER, state=EmployerState.RETURNED))
    clerk.submit(clerk.saved())
    world.clock.set(datetime(2024, 8, 30, 9, 30))
    clerk.sign_in()
    assert [row["handleState"] for row in clerk.reviewed(reviewedStatus="3")] == ["审核退回"]
    clerk.submit(clerk.saved())
    assert len(world.filings()) == 2


def test_the_units_id_is_the_scripts_not_the_sessions(clerk: HallClerk, world: World) -> None:
    """Two units in one browser profile mix: whose it is stands in the storage of the page."""
    clerk.send("POST", f"{STEADY}/notice", {})
    clerk.save(companyId=OTHER.unit_number)
    assert [each.code for each in world.drafts(OTHER.code)] == [OTHER.code]
    assert clerk.ask(STEADY, companyId="").status == 400
    assert clerk.send("POST", STEADY, APPLY | {"companyId": "0"}).status == 400


def test_each_submission_that_arrives_counts(clerk: HallClerk, world: World) -> None:
    apply_id = clerk.saved()
    assert clerk.submit().status == 400
    assert clerk.submit("D000000").json["message"] == Words.GONE.own
    clerk.submit(apply_id)
    clerk.submit(apply_id)
    assert len(world.journal("submit")) == 2
    world.refuses_duplicates = True
    assert clerk.submit(apply_id).json["message"] == Words.GONE.own
    assert len(world.journal("submit")) == 2


def test_one_is_deleted_and_several(clerk: HallClerk, world: World) -> None:
    world.other_drafts = 3
    own = clerk.saved()
    assert clerk.send("DELETE", f"{STEADY}/{own}").status == 200
    ids = [each.id for each in world.drafts(EMPLOYER.code)]
    assert len(ids) == 3
    clerk.send("POST", f"{STEADY}/batchDelete", {"applyIdList": ids[:2]})
    assert [each.id for each in world.drafts(EMPLOYER.code)] == ids[2:]


def test_the_form_as_a_pdf(clerk: HallClerk) -> None:
    apply_id = clerk.saved()
    printed = clerk.send("POST", f"{API}/dossier/attachment/applyReceipt", {"reportId": apply_id})
    assert printed.headers["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(printed.body), strict=True).pages[0].extract_text()
    assert APPLY["bankAccount"] in text
    assert "稳岗返还申报表" in text
    assert clerk.send("POST", f"{API}/dossier/attachment/applyReceipt", {"reportId": "0"}).status == 400


@pytest.fixture(params=["2023", "2024"])
def edition(request: pytest.FixtureRequest, world: World) -> Iterator[MockPortal]:
    with MockPortal(world=world, edition=request.param) as portal:
        yield portal


def test_both_editions_have_this_look(edition: MockPortal) -> None:
    clerk = HallClerk(edition)
    clerk.sign_in()
    name = {"2023": "普通稳岗返还信息确认", "2024": "稳岗返还申请"}[edition.edition]
    assert name in clerk.get("/ehrss-si-enterprise/modules/company/company.html").text
