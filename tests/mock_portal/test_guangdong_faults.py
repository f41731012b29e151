"""Faults at the Guangdong portal: pages and their scripts hear of them in different ways."""

from __future__ import annotations

import time

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.guangdong.visit import EXPIRED, EXPIRED_CODE, FAILED_CODE, MAINTENANCE_CODE
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, OTHER, Clerk

pytestmark = pytest.mark.counts_commits

PAGES = {
    Place.LANDING: "/",
    Place.LOGIN: "/isso/login.html",
    Place.TICKET: "/isso/callback",
    Place.SETUP: "/isso/init.html",
    Place.HOME: "/web/index.html",
    Place.FORM: "/web/business/confirm.html",
    Place.PRINT: "/web/business/receipt.html",
    Place.CAPTCHA: "/captcha.png",
}
LOOKS = {
    Place.UNITS: "/api/units",
    Place.PROFILE: "/api/profile",
    Place.ITEMS: "/api/items",
    Place.FORM_DATA: "/api/confirm",
    Place.PROGRESS: "/api/filings",
    Place.ACCOUNT: "/api/account",
}
ACTIONS = {
    Place.SIGN_IN: "/api/login/person",
    Place.UNIT: "/api/unit",
    Place.SETUP_SAVE: "/api/setup/person",
    Place.OPEN: "/api/open",
    Place.SUBMIT: "/api/confirm/submit",
}


@pytest.mark.parametrize("place", PAGES)
def test_at_pages(handler: Clerk, province: World, place: Place) -> None:
    province.faults.arm(Fault(FaultKind.HTTP_500, place))
    province.faults.arm(Fault(FaultKind.MAINTENANCE, place, status=200))
    failed = handler.get(PAGES[place])
    assert (failed.status, "系统错误" in failed.text) == (500, True)
    assert "系统维护中" in handler.get(PAGES[place]).text
    assert not province.faults.armed()


@pytest.mark.parametrize("place", [*LOOKS, *ACTIONS])
def test_at_scripts(handler: Clerk, province: World, place: Place) -> None:
    for kind in (FaultKind.HTTP_500, FaultKind.MAINTENANCE):
        province.faults.arm(Fault(kind, place))
    path = (LOOKS | ACTIONS)[place]
    ask = handler.get if place in LOOKS else handler.send_json
    failed, closed = ask(path), ask(path)
    assert (failed.status, failed.json["code"]) == (500, FAILED_CODE)
    assert (closed.status, closed.json["code"]) == (503, MAINTENANCE_CODE)
    assert not province.journal("submit")


@pytest.mark.parametrize(
    ("place", "path"),
    [(Place.IDENTITY, "/login"), (Place.SCAN, "/api/scan"), (Place.CAPTCHA, "/qr.png")],
)
def test_at_the_identity_provider(
    visitor: Clerk, south: MockPortal, province: World, place: Place, path: str
) -> None:
    province.faults.arm(Fault(FaultKind.HTTP_500, place))
    assert visitor.get(south.identity_url + path).status == 500
    assert visitor.get(south.identity_url + path).status == 200
    province.faults.arm(Fault(FaultKind.HTTP_500, Place.IDENTITY_SIGN_IN))
    assert visitor.identify()["code"] == FAILED_CODE


@pytest.mark.parametrize("place", [Place.HOME, Place.FORM])
def test_expiry_at_a_page(handler: Clerk, province: World, place: Place) -> None:
    province.faults.arm(Fault(FaultKind.SESSION_EXPIRY, place))
    assert EXPIRED in handler.get(PAGES[place]).text
    assert handler.look("/api/profile")["code"] == EXPIRED_CODE


@pytest.mark.parametrize("place", [*LOOKS, Place.UNIT, Place.OPEN, Place.SUBMIT])
def test_expiry_at_a_script_ends_the_session(handler: Clerk, province: World, place: Place) -> None:
    province.faults.arm(Fault(FaultKind.SESSION_EXPIRY, place))
    path = (LOOKS | ACTIONS)[place]
    answer = handler.look(path) if place in LOOKS else handler.call(path)
    assert (answer["code"], answer["message"]) == (EXPIRED_CODE, EXPIRED)
    assert handler.look("/api/profile")["code"] == EXPIRED_CODE
    assert not province.journal("submit")
    assert not province.journal("overlap")
    handler.sign_in()
    assert province.sessions.uses()[0].concurrent == 0


def test_latency(handler: Clerk, province: World) -> None:
    province.faults.arm(Fault(FaultKind.LATENCY, Place.PROGRESS, milliseconds=150))
    start = time.monotonic()
    handler.mine()
    assert time.monotonic() - start >= 0.15


def test_answer_lost_after_commit(handler: Clerk, province: World) -> None:
    province.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT))
    with pytest.raises(ConnectionResetError):
        handler.submit()
    assert len(province.journal("submit")) == 1
    assert len(handler.mine()) == 1


def test_success_without_commit(handler: Clerk, province: World) -> None:
    province.faults.arm(Fault(FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SUBMIT))
    assert handler.submit()["data"]["serial"]
    assert handler.mine() == []
    assert not province.journal("submit")


def test_duplicate_row(handler: Clerk, province: World) -> None:
    province.faults.arm(Fault(FaultKind.DUPLICATE_ROW, Place.SUBMIT))
    serial = handler.submit()["data"]["serial"]
    rows = handler.mine()
    assert serial in [row["办件编号"] for row in rows]
    assert len({row["办件编号"] for row in rows}) == 2
    assert len(province.journal("submit")) == 1


def test_a_fault_strikes_the_unit_that_was_chosen(handler: Clerk, province: World) -> None:
    province.faults.arm(Fault(FaultKind.HTTP_500, Place.PROGRESS, code=OTHER.code))
    assert handler.mine() == []
    handler.choose(OTHER.code)
    assert handler.get("/api/filings").status == 500
    assert EMPLOYER.code != OTHER.code
