"""Requests: in line by deadline, answered once, for the picture that was shown, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from rpa.errors import UserError
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import NewRequest

PICTURE = b"\x89PNG first picture"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


def captcha(seconds: float = 60, **changes: Any) -> NewRequest:
    values: dict[str, Any] = {"employer": "试验企业有限公司", "portal": "henan", "picture": PICTURE}
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return NewRequest("captcha", "请输入验证码", deadline, refreshable=True, **(values | changes))


def test_the_soonest_deadline_is_first(ledger: Ledger) -> None:
    late, soon, between = (ledger.ask(captcha(seconds)) for seconds in (90, 30, 60))
    assert [(one.id, one.place) for one in ledger.waiting()] == [(soon, 1), (between, 2), (late, 3)]


def test_a_request_as_it_waits(ledger: Ledger) -> None:
    detail = {"rows": [["户名", "甲", "甲"]]}
    request = captcha(picture_type="image/jpeg", detail=detail)
    ledger.ask(request)
    (one,) = ledger.waiting()
    assert (one.kind, one.question, one.deadline) == ("captcha", "请输入验证码", request.deadline)
    assert (one.employer, one.portal, one.picture_id) == ("试验企业有限公司", "henan", f"{one.id}.1")
    assert (one.detail, one.refreshable, one.picture_type) == (detail, True, "image/jpeg")
    shown = ledger.picture(one.id)
    assert shown is not None
    assert (shown.id, shown.type, shown.data) == (one.picture_id, "image/jpeg", PICTURE)


def test_an_answer_is_taken_once_and_leaves_the_disk(ledger: Ledger, tmp_path: Path) -> None:
    request = ledger.ask(captcha())
    assert ledger.take_answer(request) is None
    ledger.answer(request, "SeCrEt7Q", picture_id=f"{request}.1", who="王经办")
    assert ledger.waiting() == []
    answer = ledger.take_answer(request)
    assert answer is not None
    assert (answer.text, answer.who) == ("SeCrEt7Q", "王经办")
    assert "SeCrEt7Q" not in repr(answer)
    assert ledger.take_answer(request) is None
    assert ledger.picture(request) is None
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"SeCrEt7Q" not in written
    assert PICTURE not in written


def test_a_withdrawn_request_forgets_its_answer(ledger: Ledger, tmp_path: Path) -> None:
    request = ledger.ask(captcha())
    ledger.answer(request, "SeCrEt7Q", picture_id=None, who="王经办")
    ledger.withdraw(request)
    ledger.withdraw(request)
    assert ledger.take_answer(request) is None
    assert b"SeCrEt7Q" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_requests_of_a_dead_program_are_emptied(ledger: Ledger) -> None:
    left_over = ledger.ask(captcha(-61))
    fresh = ledger.ask(captcha())
    assert ledger.picture(left_over) is None
    assert [one.id for one in ledger.waiting()] == [fresh]


def test_answers_too_late_or_second_are_refused(ledger: Ledger) -> None:
    late, done, gone = ledger.ask(captcha(-1)), ledger.ask(captcha()), ledger.ask(captcha())
    ledger.answer(done, "abcd", picture_id=None, who="王经办")
    ledger.withdraw(gone)
    for request, reason in ((late, "已过期"), (done, "已由王经办答复"), (gone, "已撤回"), ("99", "没有待办")):
        with pytest.raises(UserError, match=reason):
            ledger.answer(request, "abcd", picture_id=None, who="李经办")
        with pytest.raises(UserError, match=reason):
            ledger.refresh(request, who="李经办")
    with pytest.raises(UserError, match="编号 十七 不对"):
        ledger.answer("十七", "abcd", picture_id=None, who="李经办")


def test_an_answer_for_a_replaced_picture_is_turned_away(ledger: Ledger) -> None:
    request = ledger.ask(captcha())
    ledger.refresh(request, who="王经办")
    assert ledger.wants_refresh(request) == "王经办"
    assert ledger.replace_picture(request, b"second") == f"{request}.2"
    assert ledger.wants_refresh(request) is None
    with pytest.raises(UserError, match="验证码图片已更换"):
        ledger.answer(request, "abcd", picture_id=f"{request}.1", who="王经办")
    with pytest.raises(UserError, match=f"编号 {request}.2 作答"):
        ledger.answer(request, "abcd", picture_id=None, who="王经办")
    ledger.answer(f"{request}.2", "abcd", picture_id=None, who="王经办")
    answer = ledger.take_answer(request)
    assert answer is not None
    assert answer.text == "abcd"


def test_what_cannot_be_replaced_is_said(ledger: Ledger) -> None:
    request = ledger.ask(NewRequest("approval", "可以提交吗", datetime.now(UTC) + timedelta(seconds=60)))
    with pytest.raises(UserError, match="没有可更换的图片"):
        ledger.refresh(request, who="王经办")
    assert ledger.picture(request) is None
    ledger.answer(request, "y", picture_id=None, who="王经办")


def test_moments_need_a_zone(ledger: Ledger) -> None:
    naive = datetime(2024, 1, 1)
    with pytest.raises(StatementError, match="needs a time zone"):
        ledger.ask(NewRequest("captcha", "?", naive))
