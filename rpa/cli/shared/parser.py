"""An argument parser that speaks Chinese.

The standard library's argparse is enough for these commands, and importing it costs a tenth of what
the richer libraries cost: a command must answer at once.
"""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode

_CHINESE = {
    "usage: ": "用法：",
    "%(heading)s:": "%(heading)s：",
    "positional arguments": "参数",
    "options": "选项",
    " (default: %(default)s)": "（默认：%(default)s）",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "can't open '%(filename)s': %(error)s": "无法打开 %(filename)s：%(error)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有命令 %(parser_name)s（可用：%(choices)s）",
    "unrecognized arguments: %s": "多余或拼错的参数：%s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "ignored explicit argument %r": "不接受取值 %s",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "以下参数必须给出一个：%s",
    "expected one argument": "需要一个取值",
    "expected at most one argument": "最多一个取值",
    "expected at least one argument": "至少一个取值",
    "expected %s argument": "需要 %s 个取值",
    "expected %s arguments": "需要 %s 个取值",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
    "unexpected option string: %s": "不应有的选项：%s",
    "invalid %(type)s value: %(value)r": "取值 %(value)s 不合要求",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)s 这个选择（可用：%(choices)s）",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": (
        "没有 %(value)s 这个选择，是不是 %(suggestion)s？（可用：%(choices)s）"
    ),
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
}


def _translate(text: str) -> str:
    return _CHINESE.get(text, text)


def _translate_number(singular: str, plural: str, number: int) -> str:
    return _translate(singular if number == 1 else plural)


# argparse asks gettext, whose only public door is a compiled catalogue found by the user's locale; operators
# read Chinese whatever their locale is. A test shows that no English is left on any supported Python.
vars(argparse).update(_=_translate, ngettext=_translate_number)


_UNBREAKABLE = re.compile(r"[\x21-\x7e]+[，。；：、）”]?|.[，。；：、）”]?")
"""A word, option or address, or one Chinese character; each with the mark that must not start a line."""


class _Formatter(argparse.HelpFormatter):
    """Wraps help texts by columns of a terminal, not by characters."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines, line = [], ""
        for piece in _UNBREAKABLE.findall(" ".join(text.split())):
            if line and output.width(line + piece) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        return [*lines, line]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = (self._split_lines(paragraph, width - len(indent)) for paragraph in text.splitlines())
        return "\n".join(indent + line for lines in paragraphs for line in lines)


class Parser(argparse.ArgumentParser):
    """An :class:`argparse.ArgumentParser` with Chinese words, Chinese wrapping and no abbreviations."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", _Formatter)
        super().__init__(**settings, add_help=False, allow_abbrev=False)
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def add_json(self) -> None:
        """The option of every command that reports something."""
        self.add_argument("--json", action="store_true", help="在标准输出上只写一个 JSON 文档，供程序读取")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and leave."""
        output.note(self.format_usage().rstrip())
        output.note(f"{self.prog}：{message}（说明见：{self.prog} --help）")
        self.exit(ExitCode.USAGE)
