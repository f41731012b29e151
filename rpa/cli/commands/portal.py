"""``rpa portal``: the mock portal, for people who rehearse and for tests; the words of a real one."""

from __future__ import annotations

from argparse import Namespace, _SubParsersAction
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser
from rpa.cli.shared.portal_examples import example_portal, portals_and_editions, portals_and_keys

if TYPE_CHECKING:
    from mock_portal.server import MockPortal

DEFAULT_PORT = 8410


def configure(parser: Parser) -> None:
    """The subcommands ``serve`` and ``words``."""
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command")
    _configure_serve(commands)
    words = commands.add_parser(
        "words",
        help="列出办理流程在平台上等待和点击的文字，以及每个的依据",
        description="列出办理流程在平台上等待和点击的文字，以及每个的依据",
    )
    words.add_argument("portal", metavar="平台", help=portals_and_keys())
    words.add_json()


def _configure_serve(commands: _SubParsersAction[Parser]) -> None:
    """Which portal and edition, at which port, with which employers; JSON."""
    serve = commands.add_parser(
        "serve", help="在本机启动模拟平台，按 Ctrl+C 停止", description="在本机启动模拟平台，按 Ctrl+C 停止"
    )
    _, usual = example_portal()
    serve.add_argument(
        "portal", metavar="平台", nargs="?", default=usual, help=f"{portals_and_keys()}，默认{usual}"
    )
    serve.add_argument(
        "--edition", metavar="YEAR", default="", help=f"平台版本：{portals_and_editions()}（默认最新的）"
    )
    serve.add_argument("--look", metavar="样式", default="", help="页面样式，平台有几种时可选（默认随版本）")
    serve.add_argument(
        "--port",
        metavar="N",
        type=int,
        default=DEFAULT_PORT,
        help=f"端口，0 表示自动选择（默认 {DEFAULT_PORT}）；平台另有统一身份认证平台的，用下一个端口",
    )
    serve.add_argument(
        "--seed", metavar="FILE", type=Path, help="平台上有哪些单位：批次工作簿（.xlsx）或 JSON 文件"
    )
    serve.add_json()


def run(arguments: Namespace) -> int:
    """Serve until interrupted, or list the words."""
    return _serve(arguments) if arguments.command == "serve" else _words(arguments)


def _words(arguments: Namespace) -> int:
    from rpa.cli.shared.portal_words import show_words
    from rpa.errors import UserError
    from rpa.settings.settings import load_settings

    portals = load_settings().portals
    named = {portal.name: portal for portal in portals.values()} | portals
    if arguments.portal not in named:
        known = "、".join(portal.name for portal in portals.values())
        raise UserError(f"没有平台“{arguments.portal}”，可以是：{known}")
    show_words(named[arguments.portal], as_json=arguments.json)
    return ExitCode.OK


def _serve(arguments: Namespace) -> int:
    from mock_portal.provinces import provinces
    from mock_portal.seed import load
    from mock_portal.server import MockPortal
    from mock_portal.world import World
    from rpa.errors import UserError

    names = {province.name: key for key, province in provinces().items()}
    key = names.get(arguments.portal, arguments.portal)
    if key not in provinces():
        raise UserError(f"没有平台“{arguments.portal}”的模拟平台，可以是：{'、'.join(names)}")
    province = provinces()[key]
    if arguments.edition not in ("", *province.editions):
        raise UserError(f"{province.name}的模拟平台没有 {arguments.edition} 版")
    if arguments.look not in ("", *province.looks):
        has = f"可以是：{'、'.join(province.looks)}" if province.looks else "它只有一种"
        raise UserError(f"{province.name}的模拟平台没有页面样式“{arguments.look}”，{has}")
    try:
        employers = load(arguments.seed, key) if arguments.seed else ()
    except ValueError as error:
        raise UserError(f"{arguments.seed} 里读不出单位：{error}") from error
    world = World(employers, look=arguments.look)
    portal = MockPortal(world=world, edition=arguments.edition, port=arguments.port, portal=key)
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
        facts = {"portal": portal.portal, "edition": portal.edition, "url": portal.url}
        more = {"extra_urls": portal.urls[1:], "token": portal.token, "employers": employers}
        output.document("portal", facts | more)
    else:
        output.say(f"模拟平台（{portal.province.name} {portal.edition} 版）：{portal.url}")
        for origin, url in zip(portal.province.origins[1:], portal.urls[1:], strict=True):
            output.say(f"{origin}：{url}")
        output.say(f"控制接口令牌（X-Mock-Token）：{portal.token}")
        output.say(f"已有单位：{employers} 户")
        output.say(f"办理时指向这里：rpa run 工作簿.xlsx --base-url {portal.portal}={','.join(portal.urls)}")
        if handlers := portal.world.people.handlers():
            output.say(f"经办人账号与表格中的“登录账号”同名，密码都是 {handlers[0].password}；先保存：")
            output.say(f"rpa secrets set {portal.portal}@{portal.url} {handlers[0].account}")
    output.note("按 Ctrl+C 停止。")
