"""The desk: whoever is quickest answers; the newest picture counts; nobody answers: said in time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rpa.errors import Drained, Unanswered, UserError
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import Answer, NewRequest, WaitingRequest
from rpa.operator.desk import Desk, Reply
from rpa.operator.request import Kind, approval_detail
from rpa.operator.scripted import Scripted
from rpa.operator.terminal import Terminal
from rpa.operator.viewer import open_picture
from rpa.privacy import redact
from rpa.settings import OperatorSettings


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


def desk(ledger: Ledger, *channels: Any) -> Desk:
    return Desk(ledger, channels, settings=OperatorSettings(), poll=0.02)


def request(seconds: float = 20, kind: Kind = Kind.CAPTCHA, **changes: Any) -> NewRequest:
    values: dict[str, Any] = {"employer": "试验企业有限公司", "portal": "henan", "picture": b"one"}
    if kind is Kind.APPROVAL:
        values["picture"] = None
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    return NewRequest(kind, "请看图作答", deadline, **(values | changes))


def picture_after(data: bytes) -> Callable[[], Awaitable[bytes]]:
    async def refresh() -> bytes:
        return data

    return refresh


def content(picture: Path | None) -> bytes:
    return picture.read_bytes() if picture else b""


async def until(condition: Callable[[], object]) -> None:
    async def watch() -> None:
        while not condition():
            await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.01)

    await asyncio.wait_for(watch(), 10)


async def test_scripted_answers_are_folded_secret_and_announced(ledger: Ledger) -> None:
    announced: list[tuple[str, str]] = []

    async def answer(_request: WaitingRequest) -> str:
        return "　ｑ８Ｚｔ７ "

    channel = Scripted(answer, announce=lambda one, who: announced.append((one.id, who)))
    got = await desk(ledger, channel).ask(request())
    assert (got.text, got.who) == ("q8Zt7", "脚本操作员")
    assert announced == [("1", "脚本操作员")]
    assert "q8Zt7" not in redact("验证码 q8Zt7")


async def test_another_process_may_answer(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request()))
    await until(ledger.waiting)
    ledger.answer("1", "ＡＢ１２", picture_id="1.1", who="王经办")
    got = await asked
    assert (got.text, got.who) == ("AB12", "王经办")


async def test_nobody_answers(ledger: Ledger) -> None:
    async def leave(_request: WaitingRequest) -> None:
        return None

    with pytest.raises(Unanswered, match="验证码在限时内无人答复"):
        await desk(ledger, Scripted(leave)).ask(request(0.1))
    with pytest.raises(UserError, match="已过期或已撤回"):
        ledger.answer("1", "abcd", picture_id=None, who="王经办")


async def test_a_refresh_from_elsewhere_replaces_the_picture(ledger: Ledger) -> None:
    seen: list[tuple[str | None, bytes]] = []

    class Looker:
        async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
            seen.append((request.picture_id, content(picture)))

    asked = asyncio.create_task(desk(ledger, Looker()).ask(request(), refresh=picture_after(b"two")))
    await until(lambda: seen)
    ledger.refresh("1", who="王经办")
    await until(lambda: len(seen) == 2)
    with pytest.raises(UserError, match="验证码图片已更换"):
        ledger.answer("1", "abcd", picture_id="1.1", who="王经办")
    ledger.answer("1", "efgh", picture_id="1.2", who="王经办")
    assert (await asked).text == "efgh"
    assert seen == [("1.1", b"one"), ("1.2", b"two")]


async def test_a_channels_own_error_is_not_lost(ledger: Ledger) -> None:
    async def broken(_request: WaitingRequest) -> str:
        raise LookupError("no such employer")

    with pytest.raises(LookupError):
        await desk(ledger, Scripted(broken)).ask(request())
    assert ledger.waiting() == []


async def test_a_cancelled_attempt_takes_its_request_back(ledger: Ledger) -> None:
    asked = asyncio.create_task(desk(ledger).ask(request()))
    await until(ledger.waiting)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert ledger.waiting() == []


def test_deadlines_by_kind(ledger: Ledger) -> None:
    one = desk(ledger)
    span = one.deadline(Kind.APPROVAL) - one.deadline(Kind.CAPTCHA)
    assert timedelta(seconds=785) < span < timedelta(seconds=795)


class Person:
    """Somebody at a terminal: types lines, reads the screen."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self.keyboard = os.fdopen(reading, encoding="utf-8")
        self._hands = os.fdopen(writing, "w", encoding="utf-8")
        self.screen = ""
        self.shown: list[bytes] = []

    def types(self, line: str) -> None:
        self._hands.write(line + "\n")
        self._hands.flush()

    def leaves(self) -> None:
        self._hands.close()

    def write(self, text: str) -> None:
        self.screen += text

    def flush(self) -> None: ...

    def terminal(self) -> Terminal:
        out: Any = self
        return Terminal(
            who="王经办",
            lines=self.keyboard,
            out=out,
            show=lambda path: self.shown.append(path.read_bytes()),
        )


@pytest.fixture
def person() -> Iterator[Person]:
    one = Person()
    yield one
    one.leaves()
    one.keyboard.close()


async def test_terminal_answers(ledger: Ledger, person: Person) -> None:
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(request()))
    await until(lambda: "按回车：" in person.screen)
    assert "【验证码】待办 1 · henan · 试验企业有限公司 · 还有 20 秒" in person.screen
    assert "请看图作答" in person.screen
    assert person.shown == [b"one"]
    person.types("")
    await until(lambda: "答复不能为空" in person.screen)
    person.types("ａｂ１２")
    got = await asked
    assert (got.text, got.who) == ("ab12", "王经办")


async def test_an_empty_line_gets_another_picture(ledger: Ledger, person: Person) -> None:
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(request(), refresh=picture_after(b"two")))
    person.types("")
    await until(lambda: len(person.shown) == 2)
    person.types("cdef")
    assert (await asked).text == "cdef"
    assert person.shown == [b"one", b"two"]


async def test_terminal_shows_one_question_at_a_time_the_soonest_first(
    ledger: Ledger, person: Person
) -> None:
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request(18)))
    await until(lambda: "待办 1" in person.screen)
    later = [asyncio.create_task(one.ask(request(seconds))) for seconds in (19, 10)]
    await until(lambda: len(ledger.waiting()) == 3)
    for text in ("aaaa", "cccc", "bbbb"):
        person.types(text)
    answers: list[Answer] = list(await asyncio.gather(first, *later))
    assert [answer.text for answer in answers] == ["aaaa", "bbbb", "cccc"]


async def test_an_answer_from_elsewhere_ends_the_question(ledger: Ledger, person: Person) -> None:
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request()))
    await until(lambda: "待办 1" in person.screen)
    second = asyncio.create_task(one.ask(request()))
    ledger.answer("1", "abcd", picture_id="1.1", who="李经办")
    assert (await first).who == "李经办"
    await until(lambda: "【验证码】待办 2" in person.screen)
    assert "待办 1 已结束" in person.screen
    person.types("efgh")
    assert (await second).text == "efgh"


async def test_approval_on_the_terminal(ledger: Ledger, person: Person) -> None:
    rows = [("户名", "试验企业", "试验企业"), ("银行账号", "41001", "41002")]
    asking = request(kind=Kind.APPROVAL, detail=approval_detail(rows))
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(asking))
    await until(lambda: "同意请输入 y" in person.screen)
    assert "户名：试验企业\n" in person.screen
    assert "银行账号：41002　〔表格：41001〕" in person.screen
    person.types("也许")
    await until(lambda: "请答 y" in person.screen)
    person.types("n 账号不对")
    assert (await asked).text == "n 账号不对"


async def test_a_terminal_without_input_leaves_it_to_others(ledger: Ledger, person: Person) -> None:
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(request()))
    person.leaves()
    await until(lambda: "rpa answer" in person.screen)
    ledger.answer("1", "abcd", picture_id=None, who="李经办")
    assert (await asked).who == "李经办"


@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminal")
async def test_what_was_half_typed_never_answers_the_next_question(ledger: Ledger) -> None:
    hands, keyboard = os.openpty()
    person = Person()
    person.keyboard.close()
    person.keyboard = os.fdopen(keyboard, encoding="utf-8")
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request(kind=Kind.APPROVAL)))
    await until(lambda: "同意请输入 y" in person.screen)
    second = asyncio.create_task(one.ask(request(kind=Kind.APPROVAL)))
    os.write(hands, b"y")  # no Enter yet, and somebody else is quicker
    ledger.answer("1", "n", picture_id=None, who="李经办")
    await first
    await until(lambda: "请先按一次回车" in person.screen)
    os.write(hands, b"\n")
    await until(lambda: person.screen.count("同意请输入 y") == 2)
    assert not second.done()
    os.write(hands, b"n\n")
    assert (await second).text == "n"
    os.close(hands)
    person.leaves()
    person.keyboard.close()


EXITS = """
import asyncio, sys, threading
from datetime import UTC, datetime, timedelta
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import NewRequest
from rpa.operator.desk import Desk
from rpa.operator.terminal import Terminal
from rpa.settings import OperatorSettings

async def main():
    with Ledger.open(sys.argv[1]) as ledger:
        desk = Desk(ledger, [Terminal(who="王经办")], settings=OperatorSettings())
        asked = asyncio.create_task(desk.ask(
            NewRequest("captcha", "?", datetime.now(UTC) + timedelta(seconds=20), picture=b"one")))
        # The thread that reads the keyboard is under way: the request is on the screen.
        while not any(thread.name == "rpa-keyboard" for thread in threading.enumerate()):
            await asyncio.sleep(0)
        ledger.answer("1", "abcd", picture_id=None, who="李经办")
        print((await asked).who)

asyncio.run(main())
"""


def test_a_thread_waiting_for_the_keyboard_does_not_disturb_the_exit(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", EXITS, f"sqlite:///{tmp_path}/exit.db"],
        stdin=reading,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    os.close(reading)
    os.close(writing)
    assert (ended.returncode, ended.stdout) == (0, "李经办\n")
    assert "Fatal" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_opening_a_picture_never_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert not open_picture(tmp_path / "1.1.png")
    monkeypatch.setenv("DISPLAY", ":7")
    tool = tmp_path / "xdg-open"
    tool.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/opened"\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_picture(tmp_path / "1.1.png")
    tool.chmod(0o700)
    assert open_picture(tmp_path / "1.1.png")


async def test_who_waits_for_an_answer_stops_when_the_worker_does(ledger: Ledger) -> None:
    class Asked:
        def check(self) -> None:
            raise Drained("按要求停下")

    waiting = Desk(ledger, [], settings=OperatorSettings(), stopping=Asked(), worker="甲机", poll=0.02)
    with pytest.raises(Drained):
        await waiting.ask(request())
    assert ledger.waiting() == []
