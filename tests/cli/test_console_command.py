"""``rpa console`` as a person runs it: a process, a port, a link; one command is enough for an operator."""

from __future__ import annotations

import getpass
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_portal.server import MockPortal
from rpa.cli.main import main
from rpa.console.access.login_password import Password
from rpa.ledger.ledger import Ledger
from tests.cli.conftest import Rpa
from tests.cli.desk_clerk import Clerk, started
from tests.cli.test_two_terminals import captcha, waiting
from tests.support import henan
from tests.support.visiting import Answer, Caller
from tests.support.waiting import until

pytestmark = pytest.mark.counts_commits

Shown = pytest.CaptureFixture[str]


def console(portal: MockPortal | None, *options: str) -> list[str]:
    address = ["--base-url", f"henan={portal.url}"] if portal else []
    return ["console", "--port", "0", "--json", *address, *options]


def told(process: subprocess.Popen[str]) -> Any:
    """The document that a console prints when it listens."""
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    return json.loads("".join(_document(lines)))


def _document(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line == "}\n":
            return


def visit(link: str) -> tuple[Answer, Caller]:
    """Open a one-time link."""
    parts = urlsplit(link)
    caller = Caller(f"{parts.scheme}://{parts.netloc}")
    answer = caller.get(f"{parts.path}?{parts.query}")
    caller.cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
    return answer, caller


def alive(home: Path) -> frozenset[str]:
    """The workers that live."""
    if not (home / "ledger.db").exists():
        return frozenset()
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        return ledger.workers.alive(30)


@pytest.mark.thorough
def test_one_command_serves_and_files(
    rpa: Rpa, home: Path, environment: dict[str, str], portal: MockPortal, tmp_path: Path
) -> None:
    book = henan.write(tmp_path / "六月 批次.xlsx", henan.rows(2))
    with started(environment, *console(portal, "--concurrency", "2")) as process:
        served = told(process)
        assert served["works"] is True
        first, caller = visit(served["link"])
        assert (first.status, caller.get("/").status) == (303, 200)
        assert visit(served["link"])[0].status == 401
        batch = json.loads(rpa("submit", book, "--base-url", f"henan={portal.url}", "--json").stdout)["batch"]
        answered: list[str] = []
        while len(answered) < 3:
            asked = waiting(rpa, process)
            text = captcha(portal.world, Path(asked["picture"])) if asked["kind"] == "captcha" else "y"
            if rpa("answer", asked["picture_id"] or asked["id"], text).returncode == 0:
                answered.append(asked["kind"])
        until(lambda: _ended(home, batch))
        another = json.loads(rpa("console", "--link", "--json").stdout)["links"]
        assert [visit(link)[0].status for link in another] == [303]
        assert caller.get("/batches").status == 200
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=100)
    assert process.returncode == 130
    assert sorted(answered) == ["approval", "captcha", "captcha"]
    assert len(portal.world.journal("submit")) == 2
    assert messages.count("【已提交】") == 2
    assert "rpa console 继续" in messages
    gone = rpa("console", "--link")
    assert gone.returncode == 2
    assert "没有正在运行的操作台" in gone.stderr


def _ended(home: Path, batch: str) -> bool:
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        return not ledger.counts.unfinished(batch)


def test_the_page_alone_leaves_the_work(
    rpa: Rpa, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    book = henan.write(tmp_path / "六月 批次.xlsx", henan.rows(1))
    assert rpa("submit", book).returncode == 0
    with started(environment, *console(None, "--no-work")) as process:
        served = told(process)
        assert served["works"] is False
        opened, caller = visit(served["link"])
        assert (opened.status, caller.get("/batches").status) == (303, 200)
        assert not alive(home)
        os.kill(process.pid, signal.SIGTERM)
        process.communicate(timeout=100)
    assert process.returncode == 0


def test_beside_a_worker_it_serves_the_page_and_takes_over_when_that_ends(
    home: Path, environment: dict[str, str], portal: MockPortal
) -> None:
    address = ["--base-url", f"henan={portal.url}"]
    with started(environment, "worker", "--operator", "none", *address) as worker:
        until(lambda: bool(alive(home)))
        first = alive(home)
        with started(environment, *console(portal)) as process:
            served = told(process)
            assert served["works"] is False
            assert visit(served["link"])[0].status == 303
            assert worker.poll() is None
            assert alive(home) == first
            worker.send_signal(signal.SIGINT)
            worker.communicate(timeout=100)
            assert not alive(home) & first
            until(lambda: bool(alive(home)))
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "本机已有办理程序在运行，这里先只提供网页" in messages
    assert "这里接着办理。" in messages.partition("另一个办理程序已结束")[2]


def test_a_run_shows_its_page_while_it_works(
    home: Path, environment: dict[str, str], portal: MockPortal, tmp_path: Path
) -> None:
    book = henan.write(tmp_path / "六月 批次.xlsx", henan.rows(1))
    seen: list[bool] = []
    with (
        Clerk(home, portal.world, approval=lambda _: "y" if seen else None),
        started(environment, "run", book, "--base-url", f"henan={portal.url}", "--json") as process,
    ):
        assert process.stderr is not None
        link = process.stderr.readline().partition("：")[2].strip()
        opened, caller = visit(link)
        assert (opened.status, caller.get("/").status) == (303, 200)
        seen.append(True)
        out, _ = process.communicate(timeout=200)
    assert process.returncode == 0
    assert json.loads(out)["counts"] == {"SUBMITTED": 1}
    with pytest.raises(ConnectionRefusedError):
        caller.get("/")


def test_a_run_with_nothing_to_do_opens_no_page(rpa: Rpa, home: Path, tmp_path: Path) -> None:
    rows = [row | {"authorisation": ""} for row in henan.rows(1)]
    done = rpa("run", henan.write(tmp_path / "六月 批次.xlsx", rows))
    assert done.returncode == 1
    assert "操作台：" not in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("options", "display", "opens"), [((), ":9", True), (("--no-open",), ":9", False), ((), "", False)]
)
def test_the_page_is_opened_where_a_person_sees_it(
    home: Path,
    environment: dict[str, str],
    tmp_path: Path,
    options: tuple[str, ...],
    display: str,
    opens: bool,
) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}.part"\nmv "{opened}.part" "{opened}"\n')
    browser.chmod(0o755)
    desktop = {"BROWSER": f"{browser} %s", "DISPLAY": display, "WAYLAND_DISPLAY": ""}
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rpa", "console", "--no-work", "--port", "0", *options],
        env=environment | desktop | {"PYTHONIOENCODING": "utf-8"},
        stdout=follower,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        link = process.stderr.readline().partition("：")[2].strip()
        process.stderr.readline()
        if opens:
            until(opened.exists)
            assert opened.read_text() == link
        assert visit(link)[0].status == 303
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=100)
    os.close(leader)
    os.close(follower)
    assert opened.exists() is opens


def test_beyond_loopback_it_does_not_start_unsafely(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    monkeypatch.setenv("RPA_CONSOLE__HOST", "0.0.0.0")
    assert main(["console", "--no-work"]) == 2
    assert "须先设置 console.tls_certificate" in capsys.readouterr().err


def test_a_password_is_asked_for_twice(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    typed = iter(["夏天-的-第三个班次", "夏天-的-第三个班级", *["zu-kurz"] * 2, *["夏天-的-第三个班次"] * 2])
    monkeypatch.setattr(getpass, "getpass", lambda _question: next(typed))
    for code, said in ((2, "两次输入的密码不一样"), (2, "至少要 10 个字符"), (0, "")):
        assert main(["console", "--set-password"]) == code
        assert said in capsys.readouterr().err
    assert Password(home).check("夏天-的-第三个班次")
