"""The command ``rpa``: finds the command asked for, imports that one alone, and runs it.

Each command is one module of ``rpa.cli.commands`` with two functions::

    def configure(parser: Parser) -> None      adds the command's arguments
    def run(arguments: Namespace) -> int       runs the command, returns an exit code
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode

COMMANDS = {
    "template": "生成一份空白的申报工作簿，附填写说明和示例",
    "check": "检查填好的工作簿，不打开浏览器",
    "console": "打开浏览器里的操作台：答复待办、看进度、开始新批次，并办理队列中的批次",
    "run": "按工作簿逐户办理，结果写入工作簿副本并留下办理证据",
    "submit": "把工作簿排进队列，由 rpa worker 办理",
    "worker": "办理队列中的各个批次，直到停下",
    "status": "查看各批次的进度、平台和办理程序",
    "pause": "暂停一个批次或一个平台",
    "resume": "恢复一个批次或一个平台",
    "cancel": "取消一个批次或一个平台未办的户",
    "retry": "按办理结论重办一个批次中的户",
    "reconcile": "到平台核实一个批次中待核实的户",
    "track": "读取已提交的户在平台上最新的办理状态",
    "results": "按台账写出一个批次的结果工作簿和报告，不办理",
    "secrets": "保存、列出、删除登录平台的账号和密码",
    "demo": "用虚构单位和模拟平台演示一遍全过程",
    "requests": "列出等待人工处理的待办（验证码、确认等）",
    "answer": "答复一条待办",
    "evidence": "核验办理证据是否完整、未被改动",
    "portal": "启动模拟平台，供演练和测试",
    "doctor": "检查本机环境：缺什么、怎么补",
}
"""Every command with its line in ``rpa --help``; the module has the command's name."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``argv`` is for tests."""
    output.prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    match words:
        case [] | ["-h" | "--help", *_]:
            output.say(overview())
        case ["-V" | "--version", *_]:
            from rpa import __version__

            output.say(f"wengang-rpa {__version__}")
        case [name, *rest] if name in COMMANDS:
            if argv is None:
                _guard_crashes()
            return _execute(name, rest)
        case [name, *_]:
            output.note(f"rpa：没有 {name} 这个命令，可用的命令见：rpa --help")
            return ExitCode.USAGE
    return ExitCode.OK


def overview() -> str:
    """What ``rpa --help`` prints, made without importing any command."""
    lines = [f"  {name:<10} {line}" for name, line in COMMANDS.items()]
    return "\n".join(
        [
            "用法：rpa 命令 [参数…]",
            "",
            "稳岗返还批量申报助手：从一份 Excel 工作簿出发，逐户申报，每户最多提交一次，并留下证据。",
            "",
            "命令：",
            *lines,
            "",
            "每个命令的说明：rpa 命令 --help    版本：rpa --version",
        ]
    )


def _guard_crashes() -> None:
    """Whatever a command or a library says last, it quotes no value."""
    import os

    from rpa.privacy.logs import guard_crashes

    os.environ.setdefault("LOGURU_DIAGNOSE", "NO")  # for what is logged before a command says where
    guard_crashes()


def _execute(name: str, words: Sequence[str]) -> int:
    """Import one command, parse its arguments and run it; what a person can mend becomes a message."""
    from importlib import import_module

    from rpa.cli.shared.parser import Parser
    from rpa.errors import UserError

    try:
        command = import_module(f"rpa.cli.commands.{name}")
        parser = Parser(prog=f"rpa {name}", description=COMMANDS[name])
        command.configure(parser)
        return int(command.run(parser.parse_args(words)))
    except UserError as error:
        from rpa.browser.launch import BrowserMissingError

        output.note(f"错误：{error}")
        return ExitCode.ENVIRONMENT if isinstance(error, BrowserMissingError) else ExitCode.USAGE
    except BrokenPipeError:
        output.drop_output()
        return ExitCode.FINDINGS
    except OSError as error:
        place = error.filename or error.filename2
        output.note(f"错误：{f'无法读写 {place}' if place else '系统操作失败'}（{error.strerror or error}）")
        return ExitCode.USAGE
    except KeyboardInterrupt:
        output.note("已中断")
        return ExitCode.INTERRUPTED
