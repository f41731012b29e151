"""The first login by the identity provider (G3): two pages, and then a browser that has forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_portal.guangdong import setup
from mock_portal.guangdong.visit import EXPIRED
from mock_portal.records import PASSWORD
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal.guangdong import EMPLOYER, HANDLER, STRANGER, Clerk

pytestmark = pytest.mark.counts_commits

PERSON = {"account": HANDLER, "password": PASSWORD}
UNIT = {"contact": "李示例", "phone": "13900000000"}


@pytest.fixture
def newcomer(visitor: Clerk, province: World) -> Clerk:
    """A unit that has just logged in for the first time."""
    province.add(replace(STRANGER, first_login=True))
    page = visitor.follow(visitor.identify(account=STRANGER.code))
    assert page.url.endswith("/isso/init.html")
    return visitor


def test_both_pages_then_a_login_with_a_fresh_browser(
    newcomer: Clerk, south: MockPortal, province: World
) -> None:
    assert newcomer.call("/api/setup/person", **PERSON)["code"] == 0
    assert 'data-step="unit"' in newcomer.get("/isso/init.html").text
    assert newcomer.call("/api/setup/unit", **UNIT)["data"] == {"message": setup.DONE}
    (entry,) = province.journal()
    assert (entry.kind, entry.code) == ("setup", STRANGER.code)
    assert dict(entry.values) == {"经办人账号": HANDLER, "联系人": "李示例", "联系电话": "13900000000"}
    fresh = Clerk(south)
    assert fresh.follow(fresh.identify(account=STRANGER.code)).url.endswith("#/home")
    assert fresh.look("/api/account")["data"]["账号信息"]["联系人"] == "李示例"


def test_a_browser_that_was_not_cleared_gets_nowhere(newcomer: Clerk, south: MockPortal) -> None:
    newcomer.call("/api/setup/person", **PERSON)
    newcomer.call("/api/setup/unit", **UNIT)
    assert EXPIRED in newcomer.get("/isso/login.html").text
    assert EXPIRED in newcomer.follow(newcomer.identify(account=STRANGER.code)).text
    assert newcomer.try_own(STRANGER.code, captcha="0000")["message"] == EXPIRED
    newcomer.jar.clear()
    assert newcomer.try_own(STRANGER.code)["code"] == 0


def test_the_handler_must_be_known(newcomer: Clerk) -> None:
    for wrong in ({"account": "nobody"}, {"password": "wrong"}):
        assert newcomer.call("/api/setup/person", **(PERSON | wrong))["message"] == setup.WRONG_PERSON
    assert newcomer.call("/api/setup/unit", **UNIT)["message"] == EXPIRED


def test_contact_and_phone_are_needed(newcomer: Clerk, province: World) -> None:
    newcomer.call("/api/setup/person", **PERSON)
    assert newcomer.call("/api/setup/unit", **(UNIT | {"phone": " "}))["message"] == setup.NEEDED
    assert not province.journal()


def test_nothing_else_is_open_meanwhile(newcomer: Clerk) -> None:
    assert newcomer.look("/api/profile")["message"] == EXPIRED
    assert newcomer.open()["message"] == EXPIRED


def test_the_handler_is_bound_then_and_a_reset_undoes_it(
    newcomer: Clerk, south: MockPortal, province: World
) -> None:
    newcomer.call("/api/setup/person", **PERSON)
    newcomer.call("/api/setup/unit", **UNIT)
    agency = Clerk(south)
    agency.try_handler()
    assert agency.choose(STRANGER.code)["code"] == 0
    province.reset()
    agency.try_handler()
    assert agency.choose(STRANGER.code)["code"] == 1
    known = province.employer(STRANGER.code)
    assert known
    assert known.first_login


def test_the_pages_are_nobody_elses(visitor: Clerk) -> None:
    assert EXPIRED in visitor.get("/isso/init.html").text
    assert visitor.call("/api/setup/person", **PERSON)["message"] == EXPIRED
    visitor.follow(visitor.identify())
    assert visitor.call("/api/setup/unit", **UNIT)["message"] == EXPIRED
    assert EMPLOYER.name in visitor.look("/api/profile")["data"]["unit"]
