"""The terminal: one question at a time; what is typed answers what is shown; it never stands in the way."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rpa.ledger.data.requests import Answer
from rpa.ledger.ledger import Ledger
from rpa.operator.request import Kind, approval_detail
from rpa.operator.terminal import Terminal
from rpa.operator.viewer import open_picture
from tests.operator.asking import desk, picture_after, request
from tests.support.waiting import until_async


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
    await until_async(lambda: "按回车：" in person.screen)
    left = re.search(r"【验证码】待办 1 · henan · 试验企业有限公司 · 还有 (\d+) 秒\n", person.screen)
    assert left
    assert 60 < int(left[1]) <= 120
    assert "请看图作答" in person.screen
    assert person.shown == [b"one"]
    person.types("")
    await until_async(lambda: "答复不能为空" in person.screen)
    person.types("ａｂ１２")
    got = await asked
    assert (got.text, got.who) == ("ab12", "王经办")


async def test_an_empty_line_gets_another_picture(ledger: Ledger, person: Person) -> None:
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(request(), refresh=picture_after(b"two")))
    person.types("")
    await until_async(lambda: len(person.shown) == 2)
    person.types("cdef")
    assert (await asked).text == "cdef"
    assert person.shown == [b"one", b"two"]


async def test_terminal_shows_one_question_at_a_time_the_soonest_first(
    ledger: Ledger, person: Person
) -> None:
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request(180)))
    await until_async(lambda: "待办 1" in person.screen)
    later = [asyncio.create_task(one.ask(request(seconds))) for seconds in (190, 100)]
    await until_async(lambda: len(ledger.requests.waiting()) == 3)
    for text in ("aaaa", "cccc", "bbbb"):
        person.types(text)
    answers: list[Answer] = list(await asyncio.gather(first, *later))
    assert [answer.text for answer in answers] == ["aaaa", "bbbb", "cccc"]


async def test_an_answer_from_elsewhere_ends_the_question(ledger: Ledger, person: Person) -> None:
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request()))
    await until_async(lambda: "待办 1" in person.screen)
    second = asyncio.create_task(one.ask(request()))
    ledger.requests.answer("1", "abcd", picture_id="1.1", who="李经办")
    assert (await first).who == "李经办"
    await until_async(lambda: "【验证码】待办 2" in person.screen)
    assert "待办 1 已结束" in person.screen
    person.types("efgh")
    assert (await second).text == "efgh"


async def test_approval_on_the_terminal(ledger: Ledger, person: Person) -> None:
    rows = [("户名", "试验企业", "试验企业"), ("银行账号", "41001", "41002")]
    asking = request(kind=Kind.APPROVAL, detail=approval_detail(rows))
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(asking))
    await until_async(lambda: "同意请输入 y" in person.screen)
    assert "户名：试验企业\n" in person.screen
    assert "银行账号：41002　〔表格：41001〕" in person.screen
    person.types("也许")
    await until_async(lambda: "请答 y" in person.screen)
    person.types("n 账号不对")
    assert (await asked).text == "n 账号不对"


async def test_a_qr_code_is_scanned_and_said_to_be(ledger: Ledger, person: Person) -> None:
    asking = request(kind=Kind.SCAN)
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(asking, refresh=picture_after(b"two")))
    await until_async(lambda: "直接按回车换一张二维码" in person.screen)
    assert "【扫码登录】" in person.screen
    person.types("")
    await until_async(lambda: person.shown == [b"one", b"two"])
    person.types("扫好了")
    await until_async(lambda: "请答 y" in person.screen)
    person.types("y")
    assert (await asked).text == "y"


async def test_a_window_is_taken_over_and_given_back(ledger: Ledger, person: Person) -> None:
    asking = request(kind=Kind.TAKEOVER, picture=None)
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(asking))
    await until_async(lambda: "在浏览器窗口中办完后输入 y" in person.screen)
    person.types("n 没带证书")
    assert (await asked).text == "n 没带证书"


async def test_a_terminal_without_input_leaves_it_to_others(ledger: Ledger, person: Person) -> None:
    asked = asyncio.create_task(desk(ledger, person.terminal()).ask(request()))
    person.leaves()
    await until_async(lambda: "rpa answer" in person.screen)
    ledger.requests.answer("1", "abcd", picture_id=None, who="李经办")
    assert (await asked).who == "李经办"


@pytest.mark.skipif(os.name == "nt", reason="no pseudo terminal")
async def test_what_was_half_typed_never_answers_the_next_question(ledger: Ledger) -> None:
    hands, keyboard = os.openpty()
    person = Person()
    person.keyboard.close()
    person.keyboard = os.fdopen(keyboard, encoding="utf-8")
    one = desk(ledger, person.terminal())
    first = asyncio.create_task(one.ask(request(kind=Kind.APPROVAL)))
    await until_async(lambda: "同意请输入 y" in person.screen)
    second = asyncio.create_task(one.ask(request(kind=Kind.APPROVAL)))
    os.write(hands, b"y")  # no Enter yet, and somebody else is quicker
    ledger.requests.answer("1", "n", picture_id=None, who="李经办")
    await first
    await until_async(lambda: "请先按一次回车" in person.screen)
    os.write(hands, b"\n")
    await until_async(lambda: person.screen.count("同意请输入 y") == 2)
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
from rpa.ledger.data.requests import NewRequest
from rpa.operator.desk import Desk
from rpa.operator.terminal import Terminal
from rpa.settings.settings import OperatorSettings

async def main():
    with Ledger.open(sys.argv[1]) as ledger:
        desk = Desk(ledger.requests, [Terminal(who="王经办")], settings=OperatorSettings())
        asked = asyncio.create_task(desk.ask(
            NewRequest("captcha", "?", datetime.now(UTC) + timedelta(seconds=120), picture=b"one")))
        # The thread that reads the keyboard is under way: the request is on the screen.
        while not any(thread.name == "rpa-keyboard" for thread in threading.enumerate()):
            await asyncio.sleep(0)
        ledger.requests.answer("1", "abcd", picture_id=None, who="李经办")
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
        timeout=150,
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
