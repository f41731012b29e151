"""Options that several commands share, and the settings that they stand for."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rpa.cli.shared import output
from rpa.cli.shared.parser import Parser
from rpa.cli.shared.portal_examples import example_portal

if TYPE_CHECKING:
    from rpa.operator.desk import Channel
    from rpa.settings.settings import Settings


def add_how_far(parser: Parser) -> None:
    """How far the filings of a workbook go, and who approves their commits."""
    parser.add_argument(
        "--until",
        choices=("fill", "save", "submit"),
        default="submit",
        help="办到哪一步为止：fill 填写后、save 保存后停下（试办），submit 办到提交（默认）",
    )
    parser.add_argument(
        "--approve",
        choices=("each", "first", "none"),
        default="first",
        help="提交前由人确认：each 每一笔，first 只确认第一笔（默认），none 不确认",
    )


def add_batch(parser: Parser) -> None:
    """Which batch of the ledger the command is about."""
    parser.add_argument("batch", metavar="BATCH", help="批次编号，见 rpa status")


def add_target(parser: Parser) -> None:
    """What is paused, resumed or cancelled."""
    key, name = example_portal()
    parser.add_argument("target", metavar="BATCH|PORTAL", help=f"批次编号，或平台（{name}、{key}）")


def add_base_url(parser: Parser) -> None:
    """Another address of a portal; the filings there are other filings."""
    key, _ = example_portal()
    parser.add_argument(
        "--base-url",
        metavar="PORTAL=URL",
        action="append",
        default=[],
        help=f"让某个平台指向另一个地址，如 {key}=http://127.0.0.1:8410；"
        "它还需要的地址用逗号接在后面；可重复",
    )


def add_browser_options(parser: Parser) -> None:
    """How many browser windows there are, and how they are shown."""
    parser.add_argument("--concurrency", metavar="N", type=int, help="本机同时办理几户（默认按实测自动选择）")
    parser.add_argument("--headed", action="store_true", help="显示浏览器窗口")
    parser.add_argument("--slow-mo", metavar="MS", type=float, help="每个动作之间停顿多少毫秒，便于观看")


def add_work_options(parser: Parser) -> None:
    """The options of every command that works at a portal itself."""
    parser.add_argument(
        "--operator",
        choices=("console", "terminal", "none"),
        default="console",
        help="验证码等待办在哪里答复：console 浏览器里的操作台（默认），terminal 本终端，"
        "none 只用 rpa answer 或别的操作台",
    )
    add_no_open(parser)
    add_base_url(parser)
    add_browser_options(parser)


def add_no_open(parser: Parser) -> None:
    """Whether the console's page is opened by itself."""
    parser.add_argument(
        "--no-open",
        action="store_true",
        help="不自动打开操作台网页，只显示链接（输出不到终端，或本机没有图形界面时，本来就不打开）",
    )


def add_moved_workbook(parser: Parser) -> None:
    """Where the workbook of a batch is now."""
    parser.add_argument(
        "--workbook", metavar="PATH", type=Path, help="工作簿已移到别处时，它现在的位置（内容须与登记时一致）"
    )


def work_settings(arguments: Namespace) -> Settings:
    """The settings of a command with :func:`add_work_options`; says where a portal allows less.

    Raises:
        UserError: an option is wrong.
    """
    from rpa.settings.settings import load_settings

    overrides = browser_overrides(arguments)
    if arguments.concurrency is not None:
        overrides["engine"] = {"concurrency": arguments.concurrency}
    settings = load_settings(portals=other_addresses(arguments.base_url), **overrides)
    if arguments.concurrency is not None:
        _note_caps(settings)
    return settings


def browser_overrides(arguments: Namespace) -> dict[str, Any]:
    """The settings that the browser options stand for."""
    chosen: dict[str, Any] = {"headed": True} if arguments.headed else {}
    if arguments.slow_mo is not None:
        chosen["slow_mo"] = arguments.slow_mo
    return {"browser": chosen} if chosen else {}


def other_addresses(pairs: list[str]) -> dict[str, Any]:
    """``平台=URL``, by name or by key, as overrides of the settings.

    Further origins of that portal (an identity provider) follow after commas; the real portal's own are
    not kept: a rehearsal talks to nobody real.

    Raises:
        UserError: no such portal, or not of that form.
    """
    if not pairs:
        return {}
    from rpa.engine.operations.portal_names import portal_keys
    from rpa.errors import UserError
    from rpa.settings.settings import load_settings

    keys = portal_keys(load_settings())
    chosen = {}
    for pair in pairs:
        name, separator, addresses = pair.partition("=")
        if not separator or name not in keys:
            raise UserError(f"--base-url 应写成 平台=地址，平台可以是：{'、'.join(keys)}")
        address, *others = addresses.split(",")
        chosen[keys[name]] = {"base_url": address, "extra_origins": others, "environment": address}
    return chosen


def channels_of(kind: str, who: str) -> list[Channel]:
    """How this process itself asks a person, as ``--operator`` says: for ``console`` not at all."""
    from rpa.operator.terminal import Terminal

    return [Terminal(who=who)] if kind == "terminal" else []


def _note_caps(settings: Settings) -> None:
    for portal in settings.portals.values():
        wanted = settings.engine.concurrency
        if wanted is not None and wanted > portal.at_once:
            output.note(f"平台“{portal.name}”设置为最多同时 {portal.at_once} 户")
