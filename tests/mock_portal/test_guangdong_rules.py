"""What Guangdong's 单位办理 and 提交 refuse (G6), in its own words, and what it keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mock_portal.guangdong import confirm
from mock_portal.guangdong.visit import EXPIRED
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.visit import NOT_OFFERED
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, FORM, OTHER, Clerk

pytestmark = pytest.mark.counts_commits


def as_state(province: World, state: EmployerState) -> None:
    province.add(replace(EMPLOYER, state=state))


def test_items_by_category_and_by_name(handler: Clerk, province: World) -> None:
    part = handler.look("/api/items", part="失业保险")["data"]
    assert "失业保险金申领" in [each["name"] for each in part]
    province.item_name = "失业保险稳岗返还信息确认"
    (found,) = handler.look("/api/items", keyword="稳岗")["data"]
    assert (found["name"], found["key"]) == ("失业保险稳岗返还信息确认", "refund")
    assert handler.look("/api/items", keyword="没有这项")["data"] == []


def test_the_page_of_the_item(handler: Clerk, province: World) -> None:
    assert handler.open()["data"] == {"address": confirm.PAGE, "opens": "iframe"}
    province.opens = "window"
    assert handler.open()["data"]["opens"] == "window"
    page = handler.look("/api/confirm")["data"]
    assert page["facts"] == {
        "单位名称": EMPLOYER.name,
        "统一社会信用代码": EMPLOYER.code,
        "单位管理码": EMPLOYER.unit_number,
        "单位划型": "小型企业",
        "参保人数": "36",
        "返还金额": "18432.00",
        "申请年度": "2024",
    }
    assert [each["value"] for each in page["account"]] == [
        FORM["account_name"],
        FORM["bank"],
        FORM["account"],
    ]
    assert [each["label"] for each in page["contact"]] == ["联系人", "联系电话"]
    assert not page["locked"]


def test_other_items_cannot_be_done(handler: Clerk) -> None:
    assert handler.open("later")["message"] == NOT_OFFERED


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (EmployerState.NOT_LISTED, "贵单位不在本年度失业保险稳岗返还名单内"),
        (EmployerState.CLOSED, "本年度失业保险稳岗返还工作已结束"),
        (EmployerState.DISPATCH, "劳务派遣单位请通过专用系统办理"),
        (EmployerState.ALREADY_FILED, "贵单位本年度已完成失业保险稳岗返还信息确认，请勿重复提交"),
    ],
)
def test_refused_at_the_door(handler: Clerk, province: World, state: EmployerState, message: str) -> None:
    as_state(province, state)
    assert handler.open()["message"] == message
    assert handler.look("/api/confirm")["message"] == message


def test_closed_for_everybody(handler: Clerk, province: World) -> None:
    province.closed = True
    assert handler.open()["message"] == confirm.CLOSED


@pytest.mark.parametrize(("level", "code"), [(3, 1), (4, 0), (5, 0)])
def test_the_identity_providers_accounts_need_the_fourth_level(
    visitor: Clerk, province: World, level: int, code: int
) -> None:
    province.add(replace(EMPLOYER, trust_level=level))
    visitor.follow(visitor.identify())
    answer = visitor.open()
    assert answer["code"] == code
    assert answer["message"] == ("" if code == 0 else confirm.LOW_TRUST)
    visitor.try_own()
    assert visitor.open()["code"] == 0


def test_submission(handler: Clerk, province: World) -> None:
    assert handler.mine() == []
    serial = handler.submit()["data"]["serial"]
    (entry,) = province.journal("submit")
    assert entry.code == EMPLOYER.code
    assert dict(entry.values) == {
        "申请年度": "2024",
        "户名": FORM["account_name"],
        "开户银行": FORM["bank"],
        "银行账号": FORM["account"],
        "联系人": FORM["contact"],
        "联系电话": FORM["phone"],
    }
    assert handler.mine() == [
        {
            "办件编号": serial,
            "事项名称": "失业保险稳岗补贴信息确认",
            "申请单位": EMPLOYER.name,
            "申请年度": "2024",
            "申请时间": "2024-08-21 09:30:00",
            "办件状态": "已受理",
        }
    ]
    assert serial in handler.get("/web/business/receipt.html", serial=serial).text
    assert handler.open()["message"] == confirm.ALREADY_FILED


@pytest.mark.parametrize("empty", ["account_name", "bank", "account"])
def test_an_account_in_pieces_is_refused(handler: Clerk, province: World, empty: str) -> None:
    assert handler.submit(**{empty: " "})["message"] == "银行账户信息不完整，请补充后再提交"
    assert not province.journal("submit")


@pytest.mark.parametrize("empty", ["contact", "phone"])
def test_a_contact_is_needed(handler: Clerk, empty: str) -> None:
    assert handler.submit(**{empty: ""})["message"] == confirm.CONTACT_MISSING


def test_an_account_that_the_agency_does_not_have(handler: Clerk, province: World) -> None:
    as_state(province, EmployerState.ACCOUNT_MISSING)
    assert handler.open()["code"] == 0
    assert handler.submit()["message"] == confirm.ACCOUNT_MISSING
    assert not province.journal("submit")


def test_a_locked_account_stays_as_it_is(handler: Clerk, province: World) -> None:
    as_state(province, EmployerState.ACCOUNT_LOCKED)
    assert handler.look("/api/confirm")["data"]["locked"]
    handler.submit(account="1")
    assert province.journal("submit")[0].values["银行账号"] == EMPLOYER.account


def test_each_submission_that_arrives_is_a_commit(handler: Clerk, province: World) -> None:
    handler.submit()
    assert handler.submit()["code"] == 0
    assert len(province.journal("submit")) == 2
    province.refuses_duplicates = True
    assert handler.submit()["message"] == confirm.ALREADY_FILED
    assert len(province.journal("submit")) == 2


def test_a_unit_sees_only_its_own(handler: Clerk) -> None:
    serial = handler.submit()["data"]["serial"]
    handler.choose(OTHER.code)
    assert handler.mine() == []
    receipt = handler.get("/web/business/receipt.html", serial=serial)
    assert serial not in receipt.text
    assert handler.open()["code"] == 0


def test_statuses_advance_by_the_clock(handler: Clerk, province: World) -> None:
    handler.submit()
    seen = []
    for days in (0, 1, 2):
        province.clock.advance(timedelta(days=days))
        handler.sign_in()
        seen.append(handler.mine()[0]["办件状态"])
    assert seen == ["已受理", "审核中", "已办结"]


def test_one_that_is_not_passed_may_be_filed_again(handler: Clerk, province: World) -> None:
    province.advance_per_look = True
    as_state(province, EmployerState.RETURNED)
    handler.submit()
    assert [handler.mine()[0]["办件状态"] for _ in range(3)] == ["已受理", "审核中", "不予通过"]
    assert handler.open()["code"] == 0


def test_a_filing_of_last_year_is_no_reason(handler: Clerk, province: World) -> None:
    earlier = replace(EMPLOYER, state=EmployerState.ALREADY_FILED, filed_at=datetime(2023, 9, 1, 8, 0))
    province.add(earlier)
    assert handler.open()["code"] == 0
    assert [row["申请年度"] for row in handler.mine()] == ["2023"]


def test_account_management(handler: Clerk) -> None:
    shown = handler.look("/api/account")["data"]
    assert shown["账号信息"]["统一社会信用代码"] == EMPLOYER.code
    assert len(shown["子账号信息"]) == len(shown["父账号信息"]) == 1


def test_session_expires_by_the_mocks_clock(handler: Clerk, province: World) -> None:
    province.clock.advance(timedelta(minutes=29))
    assert handler.look("/api/profile")["code"] == 0
    province.clock.advance(timedelta(minutes=31))
    assert handler.submit()["message"] == EXPIRED
    assert not province.journal("submit")


def test_every_page_is_marked_and_light(handler: Clerk, south: MockPortal) -> None:
    serial = handler.submit()["data"]["serial"]
    paths = [
        *("/isso/login.html", "/web/index.html", "/web/business/confirm.html", "/web/guide.html?item=x"),
        *(f"/web/business/receipt.html?serial={serial}", "/isso/callback?ticket=none"),
        f"{south.identity_url}/login",
    ]
    for path in paths:
        answer = handler.get(path)
        assert answer.status == 200
        assert "模拟平台" in answer.text
        assert len(answer.body) < 10_000
        assert answer.headers["Cache-Control"] == "no-store"
    for name in ("gd.js", "element.css"):
        assert "max-age" in handler.get(f"{south.identity_url}/static/{name}").headers["Cache-Control"]


def test_markup_in_data_is_text(visitor: Clerk, province: World) -> None:
    province.add(replace(EMPLOYER, name="<script>alert(1)</script>公司", first_login=True))
    assert "<script>alert(" not in visitor.follow(visitor.identify()).text
    assert "<script>alert(" not in visitor.get("/web/guide.html", item="<script>alert(2)").text
