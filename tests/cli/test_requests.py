"""``rpa requests`` and ``rpa answer``: a second terminal, or a script."""

from __future__ import annotations

import getpass
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rpa.cli.main import main
from rpa.ledger.data.requests import NewRequest
from rpa.ledger.ledger import Ledger
from tests.cli.conftest import Rpa

PICTURE = b"\x89PNG picture"
EMPLOYER = "河南示例商贸有限公司"


def captcha(ledger: Ledger) -> str:
    return ledger.requests.ask(
        NewRequest(
            kind="captcha",
            question="请输入验证码",
            deadline=datetime.now(UTC) + timedelta(hours=1),
            employer=EMPLOYER,
            portal="河南",
            picture=PICTURE,
            refreshable=True,
        )
    )


def test_nothing_waits(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requests"]) == 0
    assert capsys.readouterr().out == "没有等待处理的待办。\n"


def test_a_request_is_listed_with_its_picture(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    number = captcha(ledger)
    assert main(["requests", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (request,) = document["requests"]
    assert document["schema"] == "wengang-rpa/requests/1"
    assert (request["id"], request["picture_id"]) == (number, f"{number}.1")
    assert (request["kind"], request["employer"], request["place"]) == ("captcha", EMPLOYER, 1)
    assert Path(request["picture"]).read_bytes() == PICTURE


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_table_is_chinese(encoding: str, ledger: Ledger, rpa: Rpa) -> None:
    captcha(ledger)
    done = rpa("requests", encoding=encoding)
    assert done.returncode == 0
    assert f"验证码  {EMPLOYER}" in done.stdout
    assert "rpa answer" in done.stderr


def test_pictures_go_when_their_request_is_over(
    ledger: Ledger, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = captcha(ledger)
    main(["requests"])
    assert [path.name for path in (home / "requests").iterdir()] == [f"{number}.1.png"]
    ledger.requests.withdraw(number)
    main(["requests"])
    assert list((home / "requests").iterdir()) == []
    capsys.readouterr()


def test_an_answer_reaches_the_ledger(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    number = captcha(ledger)
    assert main(["answer", number, "ａ７kd "]) == 0
    taken = ledger.requests.take_answer(number)
    assert taken is not None
    assert (taken.text, taken.who) == ("a7kd", getpass.getuser())
    assert "a7kd" not in capsys.readouterr().out


def test_the_text_is_asked_for_without_echo(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number = captcha(ledger)
    asked: list[str] = []

    def type_blindly(prompt: str) -> str:
        asked.append(prompt)
        return "b3xy"

    monkeypatch.setattr(getpass, "getpass", type_blindly)
    assert main(["answer", number, "--json"]) == 0
    assert asked == ["请输入验证码："]
    assert json.loads(capsys.readouterr().out)["accepted"] is True
    taken = ledger.requests.take_answer(number)
    assert taken is not None
    assert taken.text == "b3xy"


def test_another_picture_is_wished_for(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    number = captcha(ledger)
    assert main(["answer", number, "--refresh"]) == 0
    assert ledger.requests.refresh_asked_by(number) == getpass.getuser()
    assert "更换" in capsys.readouterr().out


def test_an_answer_for_a_replaced_picture_is_turned_away(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    number = captcha(ledger)
    ledger.requests.replace_picture(number, PICTURE + b"2")
    assert main(["answer", number, "old1"]) == 2
    assert main(["answer", f"{number}.1", "old1"]) == 2
    assert "已更换" in capsys.readouterr().err
    assert ledger.requests.take_answer(number) is None
    assert main(["answer", f"{number}.2", "new2"]) == 0
    taken = ledger.requests.take_answer(number)
    assert taken is not None
    assert taken.text == "new2"


@pytest.mark.parametrize("number", ["99", "abc"])
def test_an_unknown_request_is_told(number: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", number, "text"]) == 2
    assert "rpa requests" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_answer_is_refused(text: str, ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    number = captcha(ledger)
    assert main(["answer", number, text]) == 2
    assert "不能为空" in capsys.readouterr().err
    assert ledger.requests.take_answer(number) is None


def test_watch_shows_what_comes_and_ends_at_the_keyboard(
    ledger: Ledger, environment: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "rpa", "requests", "--watch"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "没有等待处理的待办。\n"
        number = captcha(ledger)
        shown = [watching.stdout.readline() for _ in range(3)]
        assert shown[2].split()[:3] == [f"{number}.1", "验证码", EMPLOYER]
        os.kill(watching.pid, signal.SIGINT)
        _, messages = watching.communicate(timeout=100)
    assert watching.returncode == 130
    assert "Traceback" not in messages
