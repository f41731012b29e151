"""Guangdong's ways in (G1, G2, G5): who is let in, refused, or put out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_portal.guangdong import identity, login
from mock_portal.guangdong.visit import EXPIRED, EXPIRED_CODE, NO_UNIT
from mock_portal.people import TICKET_SECONDS
from mock_portal.records import Handler
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, HANDLER, OTHER, STRANGER, Clerk, ticket_of

pytestmark = pytest.mark.counts_commits


def test_own_account(visitor: Clerk, province: World) -> None:
    assert visitor.try_own()["data"] == {"address": login.HOME}
    (entry,) = province.journal("login")
    assert entry.code == EMPLOYER.code
    assert dict(entry.values) == {"账号": EMPLOYER.login, "登录方式": "单位登录"}
    assert visitor.look("/api/profile")["data"]["unit"] == EMPLOYER.name


def test_a_unit_without_a_name_of_its_own_signs_in_by_its_code(visitor: Clerk) -> None:
    assert visitor.try_own(OTHER.code)["code"] == 0


@pytest.mark.parametrize("way", ["try_own", "try_handler"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"captcha": "0000"}, login.WRONG_CAPTCHA),
        ({"password": "wrong"}, login.WRONG_ACCOUNT),
        ({"account": "nobody"}, login.WRONG_ACCOUNT),
    ],
)
def test_refused(visitor: Clerk, province: World, way: str, given: dict[str, str], message: str) -> None:
    assert getattr(visitor, way)(**given)["message"] == message
    assert not province.journal()
    tried = sum(use.refusals for use in province.sessions.uses())
    assert tried == (message == login.WRONG_ACCOUNT)


def test_captchas_are_counted_and_spent(visitor: Clerk, province: World) -> None:
    text = visitor.captcha()
    visitor.try_handler(password="wrong", captcha=text)
    assert visitor.try_handler(captcha=text)["message"] == login.WRONG_CAPTCHA
    assert (province.sessions.captchas_made, province.sessions.captchas_tried) == (1, 2)
    state = visitor.control("/state").json
    assert state["captchas"] == {"made": 1, "tried": 2}
    assert state["accounts"][0] | {"account": HANDLER, "refusals": 1, "logins": 0} == state["accounts"][0]


def test_a_handler_chooses_among_the_bound_units(visitor: Clerk, province: World) -> None:
    visitor.try_handler()
    assert visitor.look("/api/profile")["data"]["unit"] == ""
    assert [row["统一社会信用代码"] for row in visitor.look("/api/units")["data"]] == [
        EMPLOYER.code,
        OTHER.code,
    ]
    assert visitor.look("/api/filings")["message"] == NO_UNIT
    assert visitor.choose(STRANGER.code)["message"] == login.NOT_BOUND
    for employer in (EMPLOYER, OTHER):
        visitor.choose(employer.code)
        assert visitor.look("/api/profile")["data"]["unit"] == employer.name
    assert [(entry.kind, entry.code) for entry in province.journal()] == [
        ("login", ""),
        ("unit", EMPLOYER.code),
        ("unit", OTHER.code),
    ]


def test_a_unit_can_be_bound_by_its_handler(visitor: Clerk, province: World) -> None:
    province.people.add(Handler("另一经办", units=(STRANGER.code,)))
    visitor.try_handler("另一经办")
    assert visitor.choose(STRANGER.code)["code"] == 0
    assert visitor.choose(EMPLOYER.code)["message"] == login.NOT_BOUND


def test_nothing_is_shown_without_a_login(visitor: Clerk) -> None:
    for path in ("/web/index.html", "/web/business/confirm.html"):
        assert EXPIRED in visitor.get(path).text
    for path in ("/api/profile", "/api/units", "/api/filings", "/api/account", "/api/confirm"):
        assert visitor.look(path)["code"] == EXPIRED_CODE
    assert visitor.submit()["message"] == EXPIRED


def test_a_newer_login_puts_the_older_session_out(visitor: Clerk, south: MockPortal, province: World) -> None:
    visitor.sign_in()
    second = Clerk(south)
    second.sign_in()
    assert not province.journal("overlap")
    assert visitor.look("/api/filings")["message"] == EXPIRED
    assert second.look("/api/filings")["code"] == 0
    (entry,) = province.journal("overlap")
    assert entry.values["账号"] == HANDLER
    visitor.look("/api/filings")
    (use,) = province.sessions.uses()
    assert (use.logins, use.sessions, use.concurrent, use.overlaps) == (2, 1, 1, 1)


def test_where_sessions_live_beside_each_other_their_use_is_told_all_the_same(
    visitor: Clerk, south: MockPortal, province: World
) -> None:
    province.one_session = False
    visitor.sign_in()
    Clerk(south).sign_in()
    assert visitor.look("/api/filings")["code"] == 0
    assert len(province.journal("overlap")) == 1
    assert province.sessions.uses()[0].sessions == 2


def test_a_login_after_logging_out_or_expiry_is_not_concurrent(
    visitor: Clerk, south: MockPortal, province: World
) -> None:
    visitor.sign_in()
    visitor.call("/api/logout")
    visitor.sign_in()
    province.clock.advance(timedelta(minutes=31))
    Clerk(south).sign_in()
    assert visitor.look("/api/filings")["message"] == EXPIRED
    assert province.sessions.uses()[0].concurrent == 0
    assert not province.journal("overlap")


# 省统一身份认证


def test_the_identity_provider_is_another_origin(visitor: Clerk, south: MockPortal) -> None:
    page = visitor.get("/isso/identity")
    assert page.url == f"{south.identity_url}/login"
    assert "<title>广东省统一身份认证平台</title>" in page.text
    assert south.identity_url != south.url


def test_account_and_password_lead_back_with_a_ticket(visitor: Clerk, province: World) -> None:
    answer = visitor.identify()
    assert visitor.follow(answer).url.endswith("/web/index.html#/home")
    (entry,) = province.journal("login")
    assert (entry.code, entry.values["登录方式"]) == (EMPLOYER.code, "省统一身份认证-账号密码")


def test_a_handler_identified_there_still_chooses_a_unit(visitor: Clerk) -> None:
    visitor.follow(visitor.identify("/api/login/person", account=HANDLER))
    assert visitor.look("/api/profile")["data"]["unit"] == ""
    assert visitor.choose()["code"] == 0


def test_a_ticket_is_good_once_and_not_for_long(visitor: Clerk, province: World) -> None:
    first, second = visitor.identify(), visitor.identify()
    visitor.follow(first)
    visitor.call("/api/logout")
    assert login.BAD_TICKET in visitor.follow(first).text
    province.clock.advance(timedelta(seconds=TICKET_SECONDS + 1))
    assert login.BAD_TICKET in visitor.get("/isso/callback", ticket=ticket_of(second)).text
    assert len(province.journal("login")) == 1


def test_a_wrong_password_there(visitor: Clerk, province: World) -> None:
    assert visitor.identify(password="wrong")["message"] == login.WRONG_ACCOUNT
    assert visitor.identify("/api/login/person")["message"] == login.WRONG_ACCOUNT
    assert province.sessions.uses()[0].refusals == 2


def test_a_captcha_there_only_where_it_is_switched_on(
    visitor: Clerk, province: World, south: MockPortal
) -> None:
    province.identity_captcha = True
    assert visitor.identify()["message"] == login.WRONG_CAPTCHA
    visitor.get(f"{south.identity_url}/captcha.png")
    assert visitor.identify(captcha=province.captchas()[-1].text)["code"] == 0


def test_a_phone_scans_the_code(visitor: Clerk, south: MockPortal, province: World) -> None:
    ask = f"{south.identity_url}/api/scan"
    visitor.get(f"{south.identity_url}/qr.png")
    assert visitor.look(ask)["data"] == {"expired": False}
    (waiting,) = visitor.control("/scan").json
    visitor.control("/scan", {"code": EMPLOYER.code, "sha256": waiting["picture_sha256"]})
    assert visitor.control("/scan").json == []
    visitor.follow(visitor.look(ask))
    assert province.journal("login")[0].values["登录方式"] == "省统一身份认证-微信扫码"
    assert visitor.look(ask)["data"] == {"expired": True}


def test_a_code_expires_and_a_new_one_replaces_it(visitor: Clerk, south: MockPortal, province: World) -> None:
    for _ in range(2):
        visitor.get(f"{south.identity_url}/qr.png")
    assert len(province.people.scans()) == 1
    province.clock.advance(timedelta(seconds=province.qr_seconds + 1))
    assert visitor.look(f"{south.identity_url}/api/scan")["data"] == {"expired": True}
    assert visitor.control("/scan", {"code": EMPLOYER.code}).status == 404


@pytest.mark.parametrize("kind", ["网银证书", "CA证书"])
def test_a_certificate_and_its_pin(visitor: Clerk, south: MockPortal, province: World, kind: str) -> None:
    asked = {"kind": kind}
    assert visitor.certify(kind)["message"] == identity.NO_DEVICE
    assert visitor.look(f"{south.identity_url}/api/device", **asked)["data"]["name"] == ""
    visitor.insert(kind, pin="8888")
    assert visitor.look(f"{south.identity_url}/api/device", **asked)["data"]["name"] == EMPLOYER.name
    assert visitor.certify(kind)["message"] == identity.WRONG_PIN
    visitor.follow(visitor.certify(kind, "8888"))
    assert province.journal("login")[0].values["登录方式"] == f"省统一身份认证-{kind}"
    visitor.control("/device", method="DELETE")
    assert visitor.certify(kind, "8888")["message"] == identity.NO_DEVICE


def test_one_kind_of_certificate_is_not_the_other(visitor: Clerk) -> None:
    visitor.insert("CA证书")
    assert visitor.certify("网银证书")["message"] == identity.NO_DEVICE
