"""People side by side: one page at a time has a request, and an answer can be taken back until it is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from rpa.errors import UserError
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.database.tables import requests
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import race
from tests.support.waiting import until

WANG, LI = "c1f0:一", "c1f0:二"
"""Two pages; of one person or of two."""


def approval(seconds: float = 60, **changes: Any) -> NewRequest:
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return NewRequest("approval", "可以提交吗", deadline, **({"employer": "试验企业有限公司"} | changes))


def hold(ledger: Ledger, request: str, page: str = WANG, seconds: float = 60) -> None:
    ledger.leases.take(request, holder=page, name="王五" if page == WANG else "李四", seconds=seconds)


def pass_by(ledger: Ledger, request: str, *moments: str) -> None:
    """Let moments of a request lie in the past, without waiting for them."""
    past = dict.fromkeys(moments, datetime.now(UTC) - timedelta(seconds=1))
    with ledger.database.write() as connection:
        connection.execute(update(requests).where(requests.c.id == int(request)).values(**past))


def row(ledger: Ledger, request: str) -> Any:
    with ledger.database.read() as connection:
        return connection.execute(select(requests).where(requests.c.id == int(request))).one()


def test_what_comes_after_a_wrong_answer_is_first(ledger: Ledger) -> None:
    soon, late = ledger.requests.ask(approval(30)), ledger.requests.ask(approval(60))
    again, again_sooner = (
        ledger.requests.ask(approval(90, first=True)),
        ledger.requests.ask(approval(80, first=True)),
    )
    waiting = ledger.requests.waiting()
    assert [one.id for one in waiting] == [again_sooner, again, soon, late]
    assert [(one.place, one.first) for one in waiting] == [(1, True), (2, True), (3, False), (4, False)]


def test_one_page_has_a_request(ledger: Ledger) -> None:
    request, other = ledger.requests.ask(approval()), ledger.requests.ask(approval())
    long = "0" * 64 + ":" + "f" * 36  # a visitor's key and a tab's name
    ledger.leases.take(other, holder=long, name="赵六", seconds=60)
    hold(ledger, request)
    hold(ledger, request)  # it renews its own
    assert [(one.holder, one.held_by) for one in ledger.requests.waiting()] == [
        (WANG, "王五"),
        (long, "赵六"),
    ]
    with pytest.raises(UserError, match=f"待办 {request} 正由王五处理"):
        hold(ledger, request, LI)
    with pytest.raises(UserError, match=f"待办 {request} 正由王五处理"):
        ledger.requests.answer(request, "y", picture_id=None, who="李四", holder=LI)
    ledger.requests.answer(request, "y", picture_id=None, who="王五", holder=WANG)


def test_a_page_lets_go_of_its_own_alone(ledger: Ledger) -> None:
    request = ledger.requests.ask(approval())
    hold(ledger, request)
    ledger.leases.release(request, holder=LI)
    assert ledger.requests.waiting()[0].held_by == "王五"
    ledger.leases.release(request, holder=WANG)
    assert (ledger.requests.waiting()[0].holder, ledger.requests.waiting()[0].held_by) == ("", "")
    hold(ledger, request, LI)
    ledger.leases.release("99", holder=LI)


def test_a_lease_that_ran_out_counts_for_nothing(ledger: Ledger) -> None:
    request = ledger.requests.ask(approval())
    hold(ledger, request, seconds=0.2)
    until(lambda: not ledger.requests.waiting()[0].holder)
    hold(ledger, request, LI, seconds=0.2)
    until(lambda: not ledger.requests.waiting()[0].holder)
    ledger.requests.answer(request, "y", picture_id=None, who="王五", holder=WANG)


def test_a_command_asks_nobody(ledger: Ledger) -> None:
    request = ledger.requests.ask(approval())
    hold(ledger, request)
    ledger.requests.answer(request, "y", picture_id=None, who="李四")
    assert ledger.requests.take_answer(request) is not None


def test_what_is_over_cannot_be_held(ledger: Ledger) -> None:
    late, done, gone = (
        ledger.requests.ask(approval(-1)),
        ledger.requests.ask(approval()),
        ledger.requests.ask(approval()),
    )
    hold(ledger, gone)
    ledger.requests.answer(done, "y", picture_id=None, who="王五")
    ledger.requests.withdraw(gone)
    for request, why in ((late, "已过期"), (done, "已由王五答复"), (gone, "已撤回"), ("99", "没有待办")):
        with pytest.raises(UserError, match=why):
            hold(ledger, request)


@pytest.mark.parametrize("end", ["taken", "withdrawn", "worker", "left over"])
def test_an_ended_request_names_no_page_any_more(ledger: Ledger, batch: Batch, end: str) -> None:
    request = ledger.requests.ask(
        approval(-61 if end == "left over" else 60, batch_id=batch.id, worker="甲机")
    )
    with ledger.database.write() as connection:  # as if it had been held in time
        connection.execute(
            requests.update().values(holder=WANG, held_by="王五", held_until=datetime.now(UTC))
        )
    match end:
        case "taken":
            ledger.requests.answer(request, "y", picture_id=None, who="王五")
            assert ledger.requests.take_answer(request) is not None
        case "withdrawn":
            ledger.requests.withdraw(request)
        case "worker":
            ledger.requests.withdraw_of_workers({"甲机"})
        case _:
            ledger.requests.ask(approval())
    one = row(ledger, request)
    assert one.closed_at is not None
    assert (one.holder, one.held_by, one.held_until, one.usable_at, one.answer) == (None,) * 5


def test_an_answer_waits_as_long_as_it_can_be_taken_back(ledger: Ledger) -> None:
    long, brief = ledger.requests.ask(approval()), ledger.requests.ask(approval())
    ledger.requests.answer(brief, "y", picture_id=None, who="王五", hold=0.5)
    ledger.requests.answer(long, "y", picture_id=None, who="王五", hold=600)
    assert (
        ledger.requests.take_answer(long),
        ledger.requests.waiting(),
        ledger.requests.is_answered(long),
    ) == (None, [], True)
    with pytest.raises(UserError, match="已由王五答复"):
        ledger.requests.answer(long, "n", picture_id=None, who="李四")
    until(lambda: ledger.requests.take_answer(brief))
    assert datetime.now(UTC) - row(ledger, brief).answered_at >= timedelta(seconds=0.5)
    assert not ledger.requests.is_answered(brief)


def test_an_answer_taken_back_is_as_if_it_was_never_given(
    ledger: Ledger, batch: Batch, tmp_path: Path
) -> None:
    request = ledger.requests.ask(approval(batch_id=batch.id))
    hold(ledger, request)
    ledger.requests.answer(request, "n 看错了一行", picture_id=None, who="王五", holder=WANG, hold=60)
    ledger.requests.take_back(request, who="王五")
    assert [(one.id, one.holder) for one in ledger.requests.waiting()] == [(request, WANG)]
    assert (ledger.requests.take_answer(request), ledger.requests.is_answered(request)) == (None, False)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "看错了一行".encode() not in written
    (line,) = ledger.actions.newest(batch.id)
    assert (line.who, line.what) == ("王五", f"撤回待办 {request} 的答复")
    ledger.requests.answer(request, "y", picture_id=None, who="王五", holder=WANG)
    answer = ledger.requests.take_answer(request)
    assert answer is not None
    assert answer.text == "y"


def test_what_cannot_be_taken_back_is_said(ledger: Ledger) -> None:
    used, waits, others = (ledger.requests.ask(approval()) for _ in range(3))
    ledger.requests.answer(used, "y", picture_id=None, who="王五")
    assert ledger.requests.take_answer(used) is not None
    ledger.requests.answer(others, "y", picture_id=None, who="李四", hold=60)
    for request, why in (
        (used, "答复已被使用，撤不回了"),
        (waits, "没有可撤回的答复"),
        (others, "由李四答复，只能由本人撤回"),
        ("99", "没有待办"),
    ):
        with pytest.raises(UserError, match=why):
            ledger.requests.take_back(request, who="王五")
    assert ledger.requests.is_answered(others)
    assert ledger.actions.newest() == []


def test_an_answer_given_in_time_counts_when_the_time_is_up(ledger: Ledger) -> None:
    request = ledger.requests.ask(approval())
    ledger.requests.answer(request, "y", picture_id=None, who="王五", hold=600)
    pass_by(ledger, request, "deadline")
    assert (ledger.requests.take_answer(request), ledger.requests.is_answered(request)) == (None, True)
    pass_by(ledger, request, "usable_at")
    assert ledger.requests.take_answer(request)


def test_an_answer_taken_back_too_late_for_another(ledger: Ledger) -> None:
    request = ledger.requests.ask(approval())
    ledger.requests.answer(request, "y", picture_id=None, who="王五", hold=600)
    pass_by(ledger, request, "deadline")
    ledger.requests.take_back(request, who="王五")
    assert (ledger.requests.waiting(), ledger.requests.is_answered(request)) == ([], False)
    with pytest.raises(UserError, match="已过期"):
        ledger.requests.answer(request, "y", picture_id=None, who="王五")


RACER = """
import sys
from pathlib import Path
from rpa.errors import UserError
from rpa.ledger.ledger import Ledger
url, key, what, requests, name = sys.argv[1:]
with Ledger.open(url, key=Path(key)) as ledger:
    ledger.requests.waiting()
    print("ready", flush=True)
    sys.stdin.readline()
    for request in requests.split(","):
        try:
            if what == "hold":
                ledger.leases.take(request, holder=name, name=name, seconds=60)
            elif what == "answer":
                ledger.requests.answer(request, name, picture_id=None, who=name, holder=name)
            else:
                print(request if ledger.requests.take_answer(request) else "", end=" ")
                continue
        except UserError:
            continue
        print(request)
"""


@pytest.mark.parametrize("what", ["hold", "answer", "take"])
def test_of_two_who_are_quick_one_is_first(ledger: Ledger, url: str, key: Path, what: str) -> None:
    asked = [ledger.requests.ask(approval()) for _ in range(20)]
    if what == "take":
        for request in asked:
            ledger.requests.answer(request, "y", picture_id=None, who="王五")
    first, second = race(RACER, url, key, what, ",".join(asked), names=("王五", "李四"))
    assert sorted([*first, *second], key=int) == asked
    if what == "hold":
        holders = {one.id: one.holder for one in ledger.requests.waiting()}
        assert holders == dict.fromkeys(first, "王五") | dict.fromkeys(second, "李四")
    elif what == "answer":
        said = {request: answer.text for request in asked if (answer := ledger.requests.take_answer(request))}
        assert said == dict.fromkeys(first, "王五") | dict.fromkeys(second, "李四")
