"""Requests: in line by deadline, answered once, for the picture that was shown, and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from rpa.errors import UserError
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import start

PICTURE = b"\x89PNG first picture"


def captcha(seconds: float = 60, **changes: Any) -> NewRequest:
    values: dict[str, Any] = {"employer": "试验企业有限公司", "portal": "henan", "picture": PICTURE}
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return NewRequest("captcha", "请输入验证码", deadline, refreshable=True, **(values | changes))


def test_the_soonest_deadline_is_first(ledger: Ledger) -> None:
    late, soon, between = (ledger.requests.ask(captcha(seconds)) for seconds in (90, 30, 60))
    assert [(one.id, one.place) for one in ledger.requests.waiting()] == [(soon, 1), (between, 2), (late, 3)]


def test_a_request_as_it_waits(ledger: Ledger) -> None:
    detail = {"rows": [["户名", "甲", "甲"]]}
    request = captcha(picture_type="image/jpeg", detail=detail)
    ledger.requests.ask(request)
    (one,) = ledger.requests.waiting()
    assert (one.kind, one.question, one.deadline) == ("captcha", "请输入验证码", request.deadline)
    assert (one.employer, one.portal, one.picture_id) == ("试验企业有限公司", "henan", f"{one.id}.1")
    assert (one.detail, one.refreshable, one.picture_type) == (detail, True, "image/jpeg")
    shown = ledger.requests.picture(one.id)
    assert shown is not None
    assert (shown.id, shown.type, shown.data) == (one.picture_id, "image/jpeg", PICTURE)


def written(folder: Path) -> bytes:
    """All that stands on the disk, where the database is a file."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_answer_is_taken_once_and_leaves_the_disk(ledger: Ledger, tmp_path: Path) -> None:
    request = ledger.requests.ask(captcha())
    assert ledger.requests.take_answer(request) is None
    ledger.requests.answer(request, "SeCrEt7Q", picture_id=f"{request}.1", who="王经办")
    assert ledger.requests.waiting() == []
    answer = ledger.requests.take_answer(request)
    assert answer is not None
    assert (answer.text, answer.who) == ("SeCrEt7Q", "王经办")
    assert "SeCrEt7Q" not in repr(answer)
    assert ledger.requests.take_answer(request) is None
    assert ledger.requests.picture(request) is None
    assert b"SeCrEt7Q" not in written(tmp_path)
    assert PICTURE not in written(tmp_path)


def test_a_withdrawn_request_forgets_its_answer(ledger: Ledger, tmp_path: Path) -> None:
    request = ledger.requests.ask(captcha())
    ledger.requests.answer(request, "SeCrEt7Q", picture_id=None, who="王经办")
    ledger.requests.withdraw(request)
    ledger.requests.withdraw(request)
    assert ledger.requests.take_answer(request) is None
    assert b"SeCrEt7Q" not in written(tmp_path)


def test_requests_of_a_dead_program_are_emptied(ledger: Ledger) -> None:
    left_over = ledger.requests.ask(captcha(-61))
    fresh = ledger.requests.ask(captcha())
    assert ledger.requests.picture(left_over) is None
    assert [one.id for one in ledger.requests.waiting()] == [fresh]


def test_what_dead_workers_waited_for_is_withdrawn(ledger: Ledger) -> None:
    dead, alive, nobodys = (ledger.requests.ask(captcha(worker=worker)) for worker in ("甲机", "乙机", ""))
    ledger.requests.withdraw_of_workers([])
    assert [one.id for one in ledger.requests.waiting()] == [dead, alive, nobodys]
    ledger.requests.withdraw_of_workers({"甲机", "丙机"})
    assert [one.id for one in ledger.requests.waiting()] == [alive, nobodys]
    assert ledger.requests.picture(dead) is None


WAITER = """
import sys, time
from pathlib import Path
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    while (answer := ledger.requests.take_answer(sys.argv[3])) is None:
        time.sleep(0.05)
    print(answer.text)
"""


def test_an_answer_reaches_another_process(ledger: Ledger, url: str, key: Path) -> None:
    request = ledger.requests.ask(captcha())
    waiter = start(WAITER, url, key, request)
    assert waiter.stdout is not None
    assert waiter.stdout.readline() == "ready\n"
    ledger.requests.answer(request, "x7Qa", picture_id=None, who="王经办")
    assert waiter.communicate(timeout=120)[0] == "x7Qa\n"


def test_answers_too_late_or_second_are_refused(ledger: Ledger) -> None:
    late, done, gone = (
        ledger.requests.ask(captcha(-1)),
        ledger.requests.ask(captcha()),
        ledger.requests.ask(captcha()),
    )
    ledger.requests.answer(done, "abcd", picture_id=None, who="王经办")
    ledger.requests.withdraw(gone)
    for request, reason in ((late, "已过期"), (done, "已由王经办答复"), (gone, "已撤回"), ("99", "没有待办")):
        with pytest.raises(UserError, match=reason):
            ledger.requests.answer(request, "abcd", picture_id=None, who="李经办")
        with pytest.raises(UserError, match=reason):
            ledger.requests.ask_refresh(request, who="李经办")
    with pytest.raises(UserError, match="编号 十七 不对"):
        ledger.requests.answer("十七", "abcd", picture_id=None, who="李经办")


def test_an_answer_for_a_replaced_picture_is_turned_away(ledger: Ledger) -> None:
    request = ledger.requests.ask(captcha())
    ledger.requests.ask_refresh(request, who="王经办")
    assert ledger.requests.refresh_asked_by(request) == "王经办"
    assert ledger.requests.replace_picture(request, b"second") == f"{request}.2"
    assert ledger.requests.refresh_asked_by(request) is None
    with pytest.raises(UserError, match="验证码图片已更换"):
        ledger.requests.answer(request, "abcd", picture_id=f"{request}.1", who="王经办")
    with pytest.raises(UserError, match=f"编号 {request}.2 作答"):
        ledger.requests.answer(request, "abcd", picture_id=None, who="王经办")
    ledger.requests.answer(f"{request}.2", "abcd", picture_id=None, who="王经办")
    answer = ledger.requests.take_answer(request)
    assert answer is not None
    assert answer.text == "abcd"


def test_what_cannot_be_replaced_is_said(ledger: Ledger) -> None:
    request = ledger.requests.ask(
        NewRequest("approval", "可以提交吗", datetime.now(UTC) + timedelta(seconds=60))
    )
    with pytest.raises(UserError, match="没有可更换的图片"):
        ledger.requests.ask_refresh(request, who="王经办")
    assert ledger.requests.picture(request) is None
    ledger.requests.answer(request, "y", picture_id=None, who="王经办")


def test_moments_need_a_zone(ledger: Ledger) -> None:
    naive = datetime(2024, 1, 1)
    with pytest.raises(StatementError, match="needs a time zone"):
        ledger.requests.ask(NewRequest("captcha", "?", naive))
