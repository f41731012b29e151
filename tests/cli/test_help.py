"""Help: Chinese, complete and quick, which means that nothing heavy is imported for it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rpa.cli.commands.evidence import COMMANDS as EVIDENCE
from rpa.cli.main import COMMANDS, main
from tests.cli.conftest import TOP, Rpa

SECRETS = [("secrets", "set"), ("secrets", "list"), ("secrets", "remove")]
NESTED = [("portal", "serve"), *(("evidence", name) for name in EVIDENCE), *SECRETS]
COMMAND_LINES = [*((name,) for name in COMMANDS), *NESTED]
HEAVY = {
    "calamine",
    "jinja2",
    "keyring",
    "loguru",
    "mock_portal",
    "openpyxl",
    "playwright",
    "pydantic",
    "python_calamine",
    "sqlalchemy",
    "starlette",
    "uvicorn",
}
ENGLISH = (
    "usage",
    "options:",
    "optional",
    "positional",
    "show this",
    "default:",
    "error",
    "required",
    "choose",
)


PROBE = """
import sys
from rpa.cli.main import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write("\\n".join(sys.modules))
"""


def imported_by(*words: str) -> set[str]:
    """Modules that are loaded when ``rpa …`` ends."""
    command = [sys.executable, "-c", PROBE, *words]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("--version",), ()])
def test_the_overview_imports_no_command_and_no_argparse(words: tuple[str, ...]) -> None:
    modules = imported_by(*words)
    commands = {f"rpa.cli.commands.{name}" for name in COMMANDS}
    assert not modules & (HEAVY | commands | {"argparse", "json", "asyncio", "rpa.settings.settings"})


@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_help_of_a_command_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    modules = imported_by(*words, "--help")
    assert not modules & (HEAVY | {"asyncio"})
    assert f"rpa.cli.commands.{words[0]}" in modules


@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_help_is_chinese(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith(f"用法：rpa {' '.join(words)}")
    assert not [word for word in ENGLISH if word in shown]


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, line in COMMANDS.items():
        assert re.search(rf"^  {name} +{line}$", shown, re.MULTILINE)


def test_every_command_module_is_in_the_table() -> None:
    for room, named in (("commands", COMMANDS), ("evidence", EVIDENCE)):
        modules = Path(TOP / "rpa" / "cli" / room).glob("*.py")
        commands = {path.stem for path in modules if "\ndef configure(" in path.read_text(encoding="utf-8")}
        assert commands == {*named}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check"], "缺少参数：WORKBOOK.xlsx"),
        (["check", "a.xlsx", "b.xlsx"], "多余或拼错的参数：b.xlsx"),
        (["check", "a.xlsx", "--marked"], "需要一个取值"),
        (["doctor", "--fi"], "多余或拼错的参数：--fi"),
        (["run", "a.xlsx", "--until", "end"], "没有 end 这个选择"),
        (["run", "a.xlsx", "--concurrency", "many"], "取值 many 不合要求"),
        (["answer", "7", "abcd", "--refresh"], "不能与"),
        (["run", "a.xlsx", "--headed=1"], "不接受取值"),
        (["portal"], "缺少参数：命令"),
        (["secrets", "set", "河南"], "缺少参数：NAME"),
        (["portal", "start"], "没有 start 这个选择"),
    ],
)
def test_wrong_use_is_told_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert said.replace(" ", "") in shown.err.replace(" ", "").replace("'", "")
    assert not [word for word in ENGLISH if word in shown.err]
    assert shown.out == ""


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    assert "没有 fly 这个命令" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("--help",), *((*words, "--help") for words in COMMAND_LINES)], ids=" ".join
)
def test_help_survives_a_chinese_windows_console(words: tuple[str, ...], rpa: Rpa) -> None:
    done = rpa(*words, encoding="gbk")
    assert done.returncode == 0
    assert done.stdout.startswith("用法：")
    assert done.stderr == ""
