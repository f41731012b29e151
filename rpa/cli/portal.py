"""``rpa portal serve``: the mock portal, for people who rehearse and for tests."""

from __future__ import annotations

from argparse import Namespace
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from rpa.cli import output
from rpa.cli.exit_codes import ExitCode
from rpa.cli.parser import Parser

if TYPE_CHECKING:
    from mock_portal.server import MockPortal

DEFAULT_PORT = 8410


def configure(parser: Parser) -> None:
    """Its subcommand and options."""
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command")
    serve = commands.add_parser(
        "serve", help="在本机启动模拟平台，按 Ctrl+C 停止", description="在本机启动模拟平台，按 Ctrl+C 停止"
    )
    serve.add_argument("--edition", choices=("2024", "2023"), default="2024", help="平台版本（默认 2024）")
    serve.add_argument(
        "--port",
        metavar="N",
        type=int,
        default=DEFAULT_PORT,
        help=f"端口，0 表示自动选择（默认 {DEFAULT_PORT}）",
    )
    serve.add_argument(
        "--seed", metavar="FILE", type=Path, help="平台上有哪些单位：批次工作簿（.xlsx）或 JSON 文件"
    )
    serve.add_json()


def run(arguments: Namespace) -> int:
    """Serve until interrupted."""
    from mock_portal.seed import load  # noqa: PLC0415 - its help needs no web server
    from mock_portal.server import MockPortal  # noqa: PLC0415
    from mock_portal.world import World  # noqa: PLC0415
    from rpa.errors import UserError  # noqa: PLC0415

    try:
        employers = load(arguments.seed) if arguments.seed else ()
    except ValueError as error:
        raise UserError(f"{arguments.seed} 里读不出单位：{error}") from error
    portal = MockPortal(world=World(employers), edition=arguments.edition, port=arguments.port)
    with ExitStack() as stack:
        try:
            stack.enter_context(portal)
        except OSError as error:
            raise UserError(
                f"端口 {arguments.port} 用不了（{error.strerror}），请用 --port 换一个（0 表示自动选择）"
            ) from error
        _announce(portal, len(employers), as_json=arguments.json)
        with suppress(KeyboardInterrupt):
            Event().wait()
    output.note("已停止。")
    return ExitCode.OK


def _announce(portal: MockPortal, employers: int, *, as_json: bool) -> None:
    """Say where it is, and the token of its control API."""
    if as_json:
        facts = {"edition": portal.edition, "url": portal.url, "token": portal.token}
        output.document("portal", {**facts, "employers": employers})
    else:
        output.say(f"模拟平台（河南 {portal.edition} 版）：{portal.url}")
        output.say(f"控制接口令牌（X-Mock-Token）：{portal.token}")
        output.say(f"已有单位：{employers} 户")
    output.note("按 Ctrl+C 停止。")
