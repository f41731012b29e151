"""Every fault does what it says, where it says, as often as it says."""

from __future__ import annotations

import time

import pytest

from mock_portal.faults import Fault, FaultKind, Faults, Place
from mock_portal.henan.words import Words
from mock_portal.world import World
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER

pytestmark = pytest.mark.counts_commits


def test_latency(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.LATENCY, Place.FORM, milliseconds=150))
    start = time.monotonic()
    assert "稳岗返还申请" in member.get("/unit/refund").text
    assert time.monotonic() - start >= 0.15
    assert not world.faults.armed()


def test_http_500(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.SUBMIT))
    draft = member.saved()
    assert member.submit(draft).status == 500
    assert not world.journal("submit")
    assert member.submit(draft).status == 200


@pytest.mark.parametrize("status", [200, 503])
def test_maintenance(clerk: Clerk, world: World, status: int) -> None:
    world.faults.arm(Fault(FaultKind.MAINTENANCE, times=None, status=status))
    for path in ("/", "/unit/login/free", "/captcha.png"):
        answer = clerk.get(path)
        assert answer.status == status
        assert "系统维护中" in answer.text


def test_session_expiry(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.SAVE))
    member.acknowledge()
    assert member.save() == {"ok": False, "message": Words.EXPIRED.own, "expired": True}
    assert Words.EXPIRED.own in member.get("/unit/refund").text
    assert not world.journal("save")


@pytest.mark.parametrize("place", [Place.SAVE, Place.SUBMIT])
def test_answer_lost_after_commit(member: Clerk, world: World, place: Place) -> None:
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, place))
    member.acknowledge()
    if place == Place.SAVE:
        with pytest.raises(ConnectionResetError):
            member.save()
        assert len(world.drafts(EMPLOYER.code)) == 1
    else:
        draft = str(member.save()["draft"])
        with pytest.raises(ConnectionResetError):
            member.submit(draft)
        assert len(world.filings(EMPLOYER.code)) == 1
    assert [entry.kind for entry in world.journal(place)] == [place]


def test_success_without_commit(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SAVE))
    world.faults.arm(Fault(FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SUBMIT))
    member.acknowledge()
    assert member.save() == {"ok": True, "message": Words.SAVED.own, "draft": ""}
    assert not world.drafts(EMPLOYER.code)
    answer = member.submit(member.save()["draft"])
    assert Words.SUBMITTED.own in answer.text
    assert "全部申报(1)" in answer.text
    assert not world.filings()
    assert not world.journal("submit")


def test_stuck(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.STUCK, Place.CAPTCHA))
    world.faults.arm(Fault(FaultKind.STUCK, Place.SUBMIT))
    assert member.get("/captcha.png").status == 200
    answer = member.submit(member.saved())
    assert Words.SUBMITTED.own in answer.text
    assert answer.text.endswith("{ for (;;); }, 50)</script>")
    assert len(world.journal("submit")) == 1
    assert [one.where for one in world.faults.armed()] == [Place.CAPTCHA], "a picture cannot get stuck"


def test_duplicate_row(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.DUPLICATE_ROW, Place.SAVE))
    member.saved()
    member.save()
    assert "总行数: 1" in member.get("/unit/pending").text
    world.faults.arm(Fault(FaultKind.DUPLICATE_ROW, Place.SAVE))
    member.save()
    assert "总行数: 2" in member.get("/unit/pending").text


def test_a_fault_strikes_its_employer_alone(member: Clerk, world: World) -> None:
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.FORM, code="91410100MA00019860"))
    assert member.get("/unit/refund").status == 200
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.FORM, code=EMPLOYER.code))
    assert member.get("/unit/refund").status == 500


def test_faults_are_counted_and_cleared() -> None:
    faults = Faults()
    faults.arm(Fault(FaultKind.LATENCY, Place.HOME, times=2))
    faults.arm(Fault(FaultKind.LATENCY, Place.ANY, times=None))
    assert faults.take(FaultKind.HTTP_500, Place.HOME) is None
    taken = [faults.take(FaultKind.LATENCY, Place.HOME) for _ in range(4)]
    assert [fault.where for fault in taken if fault] == [Place.HOME, Place.HOME, Place.ANY, Place.ANY]
    faults.clear()
    assert faults.take(FaultKind.LATENCY, Place.HOME) is None
