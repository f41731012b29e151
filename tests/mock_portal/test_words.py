"""The portal's messages in other words: all of them, and the portal does the same."""

from __future__ import annotations

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.henan.words import Words
from mock_portal.world import World
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER

pytestmark = pytest.mark.counts_commits


def test_no_message_keeps_its_words() -> None:
    assert len(Words.__members__) == len(list(Words)), "two names for one message"
    assert [each for each in Words if each.own in each.other or each.other in each.own] == []


def test_the_same_portal_in_other_words(member: Clerk, world: World) -> None:
    world.phrasing = "other"
    assert "校验码有误或已过期" in member.try_sign_in(EMPLOYER.code, "0000").text
    member.sign_in(EMPLOYER.code)
    assert member.save(contact="")["message"] == "请填写联系人"
    assert member.save()["message"] == Words.NOT_ACKNOWLEDGED.other
    answer = member.submit(member.saved())
    assert "已受理您的申请" in answer.text
    assert "提交成功" not in answer.text
    assert len(world.journal("submit")) == 1


def test_what_goes_wrong_is_told_in_other_words(member: Clerk, world: World) -> None:
    world.phrasing = "other"
    for kind in (FaultKind.MAINTENANCE, FaultKind.HTTP_500, FaultKind.SESSION_EXPIRY):
        world.faults.arm(Fault(kind, Place.HOME))
    told = [member.get("/unit/home").text for _ in range(3)]
    assert any("服务升级中" in page for page in told)
    assert not any("系统维护中" in page for page in told)
    assert any("服务异常" in page for page in told)
    assert any("会话已结束，需要再次登录" in page for page in told)


def test_other_business_stands_beside_the_employers_own(member: Clerk, world: World) -> None:
    world.other_drafts, world.other_filings = 3, 2
    assert "全部申报(3)" in member.get("/unit/pending").text
    member.submit(member.saved())
    assert "总行数: 3" in member.get("/unit/pending").text
    shown = member.progress()
    items = ("稳岗返还申请", "单位缓交登记申报", "年度缴费工资申报")
    assert [shown.count(item) for item in items] == [1, 1, 1]
    assert [entry.kind for entry in world.journal()] == ["login", "acknowledge", "save", "notice", "submit"]
