"""What the script of 待办 asks of the server: the stream of the line, pictures, answers."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_portal import captcha
from rpa.ledger.data.requests import NewRequest
from rpa.operator.request import approval_detail
from tests.ledger.builders import claimed, open_batch, planned
from tests.support.console import Served, served_console, settings_at
from tests.support.visiting import Caller, admitted

PNG = captcha.draw("7K2X")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with served_console(settings_at(tmp_path)) as console:
        yield console


def ask(served: Served, kind: str = "captcha", *, seconds: float = 600, **more: Any) -> str:
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return served.ledger.requests.ask(
        NewRequest(kind, "请答复", deadline, employer="甲单位", portal="某平台", **more)
    )


@contextmanager
def stream(caller: Caller, path: str) -> Iterator[Callable[[], Any]]:
    """Gives the next event's data each time; none when the stream ended."""
    connection = http.client.HTTPConnection(caller.host, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": caller.cookie})
        response = connection.getresponse()
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"

        def event() -> Any:
            while line := response.readline():
                if line.startswith(b"data: "):
                    return json.loads(line[6:])
            return None

        yield event
    finally:
        connection.close()


def test_the_stream_tells_what_changes_and_nothing_else(served: Served, caller: Caller) -> None:
    with stream(caller, "/requests/events?tab=a1") as event:
        empty = event()
        assert (empty["requests"], empty["work"]) == ([], {"running": 0, "left": 0})
        one = ask(served, picture=PNG, refreshable=True, first=True)
        line = event()
        told, now = line["requests"][0], datetime.fromisoformat(line["now"])
        assert now <= datetime.now(UTC)
        left = datetime.fromisoformat(told.pop("deadline")) - now
        assert told.pop("seconds_left") == round(left.total_seconds(), 2) <= 600
        assert told == {
            "id": one,
            "kind": "captcha",
            "kind_name": "验证码",
            "question": "请答复",
            "employer": "甲单位",
            "portal": "某平台",
            "picture": f"/requests/{one}/picture?id={one}.1",
            "picture_id": f"{one}.1",
            "refreshable": True,
            "first": True,
            "held_by": "",
            "mine": False,
            "detail": {},
            "secret": True,
            "yes_or_no": False,
            "batch": None,
        }
        served.ledger.workers.sign_on("机", host="h", pid=1)  # written, but nothing that the line shows
        assert caller.post(f"/requests/{one}/hold", {"holder": "a1"}).status == 200
        held = event()["requests"][0]
        assert (held["mine"], held["held_by"]) == (True, "")
        with stream(caller, "/requests/events?tab=b2") as second:
            assert second()["requests"][0]["held_by"] == "您的另一个页面"
        with stream(admitted(served), "/requests/events?tab=a1") as other:
            assert other()["requests"][0]["held_by"] == "王芳"
        served.ledger.requests.withdraw(one)
        assert event()["requests"] == []


def test_a_lease_that_runs_out_is_told_though_nobody_writes(served: Served, caller: Caller) -> None:
    one = ask(served)
    served.ledger.leases.take(one, holder="x:y", name="王五", seconds=4)  # the page looks after 5
    with stream(caller, "/requests/events?tab=a1") as event:
        assert event()["requests"][0]["held_by"] == "王五"
        assert event()["requests"][0]["held_by"] == ""


def test_what_a_card_shows_beside_the_question(served: Served, caller: Caller) -> None:
    ask(served, "sms", detail={"phone": "13812345678", "more": "知道就好"})
    rows = (("金额", "1,000.00", "1000"), ("人数", "35", "36"))
    ask(served, "approval", detail=approval_detail(rows))
    with stream(caller, "/requests/events") as event:
        sms, approval = event()["requests"]
    assert sms["detail"] == {"phone": "138****5678"}
    shown = [(row["label"], row["agrees"], row["said"]) for row in approval["detail"]["rows"]]
    assert shown == [("金额", True, "一致（平台改了写法）"), ("人数", False, "不一致")]


def test_a_calm_page_says_what_is_at_work(served: Served, caller: Caller, tmp_path: Path) -> None:
    batch = open_batch(served.ledger, tmp_path)
    tickets = planned(served.ledger, batch, 3)
    served.ledger.workers.sign_on("甲机", host="h", pid=1)
    claimed(served.ledger, tickets[0])
    with stream(caller, "/requests/events") as event:
        assert event()["work"] == {"running": 1, "left": 2}


def test_arrivals_count_and_name_the_newest(served: Served, caller: Caller) -> None:
    with stream(caller, "/requests/arrivals") as event:
        assert event() == {"waiting": 0, "newest": 0}
        one = ask(served)
        assert event() == {"waiting": 1, "newest": int(one)}


def test_a_stream_ends_with_its_session(served: Served, caller: Caller) -> None:
    with stream(caller, "/requests/events") as event:
        event()
        assert caller.post("/leave").status == 200
        ask(served)
        assert event() is None
    with stream(admitted(served), "/requests/events") as event:
        assert len(event()["requests"]) == 1


def test_pictures(served: Served, caller: Caller) -> None:
    one = ask(served, picture=PNG)
    picture = caller.get(f"/requests/{one}/picture?id={one}.1")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert int(picture.headers["Content-Length"]) == len(PNG)
    moving = ask(served, picture=b"GIF89a", picture_type="image/gif")
    assert caller.get(f"/requests/{moving}/picture?id={moving}.1").headers["Content-Type"] == "image/gif"
    page = ask(served, picture=b"<script>", picture_type="text/html")
    drawn = ask(served, picture=b"<svg>", picture_type="image/svg+xml")
    served.ledger.requests.replace_picture(one, PNG)
    over = ask(served, picture=PNG)
    served.ledger.requests.withdraw(over)
    for missing in (
        f"{one}/picture?id={one}.1",
        f"{one}/picture",
        f"{page}/picture?id={page}.1",
        f"{drawn}/picture?id={drawn}.1",
        f"{over}/picture?id={over}.1",
        "99/picture?id=99.1",
    ):
        assert caller.get(f"/requests/{missing}").status == 404, missing
    assert caller.get(f"/requests/{one}/picture?id={one}.2").status == 200


def test_an_answer_bears_the_persons_name(served: Served, caller: Caller) -> None:
    caller.post("/name", {"name": "王五"})
    one = ask(served, picture=PNG)
    answered = caller.post(
        f"/requests/{one}/answer", {"text": "７k2x ", "picture_id": f"{one}.1", "holder": "a1"}
    )
    assert (answered.status, answered.json) == (200, {"text": "7k2x", "undo_seconds": 0.0})
    taken = served.ledger.requests.take_answer(one)
    assert taken is not None
    assert (taken.text, taken.who) == ("7k2x", "王五")
    again = caller.post(f"/requests/{one}/answer", {"text": "7k2x", "picture_id": f"{one}.1"})
    assert again.status == 409
    assert "没有用上" in again.json["error"]


def test_a_password_is_not_said_back(served: Served, caller: Caller) -> None:
    one = ask(served, "password")
    answered = caller.post(f"/requests/{one}/answer", {"text": "ｐ "})
    assert answered.json == {"text": "", "undo_seconds": 0.0}
    taken = served.ledger.requests.take_answer(one)
    assert taken is not None
    assert taken.text == "ｐ "


def test_what_cannot_be_undone_at_the_portal_can_be_here(tmp_path: Path) -> None:
    with served_console(settings_at(tmp_path, console={"undo_seconds": 30})) as served:
        caller, one = admitted(served), ask(served, "approval")
        assert caller.post(f"/requests/{one}/answer", {"text": "y"}).json["undo_seconds"] == 30
        assert served.ledger.requests.take_answer(one) is None
        assert caller.post(f"/requests/{one}/take-back").status == 200
        assert [waiting.id for waiting in served.ledger.requests.waiting()] == [one]
        assert caller.post(f"/requests/{one}/take-back").status == 409


def test_nobody_answers_what_another_page_has(served: Served, caller: Caller) -> None:
    one = ask(served)
    other = admitted(served)
    assert caller.post(f"/requests/{one}/hold", {"holder": "a1"}).status == 200
    for action, body in (("hold", {"holder": "a1"}), ("answer", {"holder": "a1", "text": "7K2X"})):
        refused = other.post(f"/requests/{one}/{action}", body)  # the same tab, but another person's
        assert (refused.status, refused.json) == (409, {"error": f"待办 {one} 正由王芳处理"})
    other.post(f"/requests/{one}/let-go", {"holder": "a1"})
    assert served.ledger.requests.waiting()[0].held_by == "王芳"
    caller.post(f"/requests/{one}/let-go", {"holder": "a1"})
    assert other.post(f"/requests/{one}/answer", {"holder": "a1", "text": "7K2X"}).status == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": 7}, 409, "500"),
        ({"text": "7" * 501}, 409, "500"),
        ({"text": " \u3000"}, 409, "不能为空"),
        ({"text": "7", "picture_id": "1.1"}, 409, "图片已更换"),
        ({"text": "7"}, 409, "图片更换过"),
        ({"text": "7", "picture_id": "1.2", "holder": "a b"}, 409, "页面的名字"),
        ({"text": "7", "picture_id": "1.2", "holder": ["a"]}, 409, "页面的名字"),
        (b"[]", 400, "内容不对"),
        (b"\xff", 400, "内容不对"),
    ],
)
def test_what_is_no_answer_is_turned_away(
    served: Served, caller: Caller, body: Any, status: int, words: str
) -> None:
    one = ask(served, picture=PNG, refreshable=True)
    served.ledger.requests.replace_picture(one, PNG)
    refused = caller.post(f"/requests/{one}/answer", body)
    assert refused.status == status
    assert words in refused.json["error"]
    assert len(served.ledger.requests.waiting()) == 1


def test_only_what_can_be_had_anew_is_refreshed(served: Served, caller: Caller) -> None:
    one, other = ask(served, picture=PNG, refreshable=True), ask(served, picture=PNG)
    assert caller.post(f"/requests/{one}/refresh").status == 200
    assert served.ledger.requests.refresh_asked_by(one) == "王芳"
    assert caller.post(f"/requests/{other}/refresh").status == 409
    assert caller.get(f"/requests/{one}/refresh").status == 405
