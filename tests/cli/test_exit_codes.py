"""Exit codes, and that an operator never sees a traceback."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from rpa.browser.launch import BrowserMissingError
from rpa.cli.main import main
from rpa.cli.shared.exit_codes import ExitCode
from rpa.errors import UserError
from tests.cli.conftest import TOP


def answering(monkeypatch: pytest.MonkeyPatch, ending: BaseException | int) -> None:
    """Let ``rpa doctor`` end in a given way."""
    command = ModuleType("rpa.cli.commands.doctor")

    def run(_arguments: object) -> int:
        if isinstance(ending, BaseException):
            raise ending
        return ending

    vars(command).update(configure=lambda _parser: None, run=run)
    monkeypatch.setitem(sys.modules, "rpa.cli.commands.doctor", command)


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        (ExitCode.OK, 0, ""),
        (ExitCode.FINDINGS, 1, ""),
        (ExitCode.ENVIRONMENT, 3, ""),
        (UserError("工作簿打不开"), 2, "错误：工作簿打不开\n"),
        (BrowserMissingError("没有找到浏览器"), 3, "错误：没有找到浏览器\n"),
        (
            PermissionError(13, "Permission denied", "/a/台账.xlsx"),
            2,
            "错误：无法读写 /a/台账.xlsx（Permission denied）\n",
        ),
        (OSError("address in use"), 2, "错误：系统操作失败（address in use）\n"),
        (KeyboardInterrupt(), 130, "已中断\n"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_each_ending_has_its_exit_code(
    ending: BaseException | int,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answering(monkeypatch, ending)
    assert main(["doctor"]) == code
    assert capsys.readouterr().err == said


def test_a_programming_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(["doctor"])


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/命令.md"])
def test_the_page_of_commands_lists_every_exit_code(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| `{code.value}` |" in text
