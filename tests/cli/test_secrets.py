"""``rpa secrets``: kept without echo, listed without a secret, gone when removed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from rpa.cli.main import main
from rpa.credentials.store import Credential, Credentials, Source
from tests.cli.conftest import TOP, Rpa
from tests.cli.keyrings import FailingKeyring, MemoryKeyring, use

NAME = "张三经办"
ACCOUNT, PASSWORD = "13812345678", "Geheim-4711"
TWO_LINES = f"{ACCOUNT}\n{PASSWORD}\n"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def credentials(home: Path) -> Credentials:
    home.mkdir(parents=True)
    return Credentials(home)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Lets this process read a text from a pipe."""
    with ExitStack() as stack:

        def read(text: str) -> None:
            reading, writing = os.pipe()
            with os.fdopen(writing, "w", encoding="utf-8") as file:
                file.write(text)
            monkeypatch.setattr(sys, "stdin", stack.enter_context(os.fdopen(reading, encoding="utf-8")))

        yield read


def document(capsys: Shown, *words: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main(["secrets", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_login_from_its_beginning_to_its_end(encoding: str, rpa: Rpa, home: Path) -> None:
    done = rpa("secrets", "set", "河南", NAME, text=TWO_LINES, encoding=encoding)
    assert done.returncode == 0, done.stderr
    path = home / "logins.toml"
    assert done.stdout == (
        f"已保存：河南 {NAME}（账号 13*******78）\n本机没有系统钥匙串，存入文件 {path}（仅本人可读）\n"
    )
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = rpa("secrets", "list", encoding=encoding)
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[2:] == [f"河南  {NAME}  13*******78  文件"]
    assert rpa("secrets", "remove", "henan", NAME, encoding=encoding).stdout == f"已删除：河南 {NAME}\n"
    assert "还没有保存登录" in rpa("secrets", "list", encoding=encoding).stdout
    assert ACCOUNT not in done.stdout + done.stderr + listed.stdout
    assert PASSWORD not in done.stdout + done.stderr + listed.stdout


def test_as_json(rpa: Rpa, home: Path) -> None:
    masked = "13*******78"
    kept = json.loads(rpa("secrets", "set", "河南", NAME, "--json", text=TWO_LINES).stdout)
    assert kept == {
        "schema": "wengang-rpa/secrets-set/1",
        "portal": "henan",
        "name": NAME,
        "account": masked,
        "source": "file",
    }
    listed = json.loads(rpa("secrets", "list", "--json").stdout)
    assert listed == {
        "schema": "wengang-rpa/secrets/1",
        "file": str(home / "logins.toml"),
        "logins": [{"portal": "henan", "name": NAME, "account": masked, "source": "file", "problem": None}],
    }
    gone = json.loads(rpa("secrets", "remove", "河南", NAME, "--json").stdout)
    assert (gone["portal"], gone["name"]) == ("henan", NAME)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_at_a_terminal_the_password_is_not_shown(environment: dict[str, str], home: Path) -> None:
    import pty  # noqa: PLC0415 - there is none on Windows

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rpa", "secrets", "set", "河南", NAME]
    with subprocess.Popen(
        command, cwd=TOP, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = _until(ours, "账号：")
        os.write(ours, f"{ACCOUNT}\n".encode())
        shown += _until(ours, "密码（输入时不显示）：")
        os.write(ours, f"{PASSWORD}\n".encode())
        shown += _until(ours, "仅本人可读")
    os.close(ours)
    assert process.returncode == 0
    assert "13*******78" in shown
    assert PASSWORD not in shown
    assert Credentials(home).get("henan", NAME) == Credential(ACCOUNT, PASSWORD)


def _until(terminal: int, words: str) -> str:
    """What a terminal shows, up to some words."""
    shown = b""
    while words.encode() not in shown:
        shown += os.read(terminal, 4096)
    return shown.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有读到账号和密码"),
        (f"{ACCOUNT}\n", "没有读到账号和密码"),
        (f"\n{PASSWORD}\n", "没有读到账号和密码"),
        (f"{ACCOUNT}\nGeheim\u200b4711\n", "密码中有看不见的字符"),
    ],
)
def test_what_cannot_be_kept(rpa: Rpa, home: Path, text: str, said: str) -> None:
    done = rpa("secrets", "set", "河南", NAME, text=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "logins.toml").exists()


def test_windows_line_ends_and_marks_are_no_part_of_a_secret(rpa: Rpa, home: Path) -> None:
    assert (
        rpa(
            "secrets", "set", "河南", f" {NAME}\u200b", text=f"\ufeff {ACCOUNT} \r\n {PASSWORD} \r\n"
        ).returncode
        == 0
    )
    assert Credentials(home).get("henan", NAME) == Credential(ACCOUNT, f" {PASSWORD} ")


@pytest.mark.parametrize("words", [["set", "湖南", NAME], ["remove", "湖南", NAME]])
def test_an_unknown_portal_is_told(home: Path, capsys: Shown, words: list[str]) -> None:
    assert main(["secrets", *words]) == 2
    assert "没有平台 湖南。平台：" in capsys.readouterr().err


def test_removing_what_is_not_there(home: Path, capsys: Shown) -> None:
    assert main(["secrets", "remove", "河南", NAME]) == 2
    assert f"没有保存过登录“{NAME}”" in capsys.readouterr().err


def test_a_portal_at_another_address(rpa: Rpa, home: Path) -> None:
    address = "http://127.0.0.1:8410"
    done = rpa("secrets", "set", f"河南@{address}", NAME, text=TWO_LINES)
    assert f"河南（{address}）" in done.stdout
    assert Credentials(home).has(f"henan@{address}", NAME)
    assert not Credentials(home).has("henan", NAME)


def test_the_keyring_is_named(
    credentials: Credentials, capsys: Shown, monkeypatch: pytest.MonkeyPatch, typed: Callable[[str], None]
) -> None:
    use(monkeypatch, MemoryKeyring())
    typed(TWO_LINES)
    assert main(["secrets", "set", "河南", NAME]) == 0
    assert "存入系统钥匙串（keyrings MemoryKeyring）" in capsys.readouterr().out
    assert document(capsys, "list")["logins"][0]["source"] == "keyring"
    typed(TWO_LINES)
    assert document(capsys, "set", "河南", NAME, "--file")["source"] == "file"
    assert credentials.names()[0].source is Source.FILE


def test_an_entry_that_is_gone_from_the_keyring_is_told(
    credentials: Credentials, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = MemoryKeyring()
    use(monkeypatch, ring)
    credentials.set("henan", NAME, Credential(ACCOUNT, PASSWORD))
    ring.kept.clear()
    login = document(capsys, "list", code=1)["logins"][0]
    assert (login["account"], login["problem"]) == (None, "钥匙串中已没有，请重新保存")
    use(monkeypatch, FailingKeyring(OSError))
    assert main(["secrets", "list"]) == 1
    shown = capsys.readouterr()
    assert "读不出" in shown.out
    assert shown.err.startswith("读不出：系统钥匙串不能用（OSError）")


def test_the_environment_wins_and_that_is_told(
    home: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch, typed: Callable[[str], None]
) -> None:
    logins = {"henan": {NAME: {"account": ACCOUNT, "password": PASSWORD}}}
    monkeypatch.setenv("RPA_LOGINS", json.dumps(logins, ensure_ascii=False))
    typed("another\nsecret\n")
    assert main(["secrets", "set", "河南", NAME]) == 0
    assert "以环境变量为准" in capsys.readouterr().err
    login = document(capsys, "list")["logins"][0]
    assert (login["source"], login["account"]) == ("environment", "13*******78")
