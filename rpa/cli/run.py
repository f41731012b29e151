"""``rpa run``: file for every row of a workbook."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rpa.cli import output
from rpa.cli.parser import Parser

if TYPE_CHECKING:
    from rpa.operator.desk import Channel
    from rpa.settings import Settings


def configure(parser: Parser) -> None:
    """Its arguments."""
    parser.add_argument("workbook", metavar="WORKBOOK.xlsx", type=Path, help="填好并检查过的工作簿")
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
    parser.add_argument(
        "--operator",
        choices=("terminal", "none"),
        default="terminal",
        help="验证码等待办在哪里答复：terminal 本终端（默认），none 只用 rpa answer",
    )
    parser.add_argument(
        "--base-url",
        metavar="PORTAL=URL",
        action="append",
        default=[],
        help="让某个平台指向另一个地址，如 henan=http://127.0.0.1:8410；可重复",
    )
    add_browser_options(parser)
    parser.add_json()


def add_browser_options(parser: Parser) -> None:
    """The options that ``rpa demo`` has as well."""
    parser.add_argument("--concurrency", metavar="N", type=int, help="同时办理几户（默认按设置，3）")
    parser.add_argument("--headed", action="store_true", help="显示浏览器窗口")
    parser.add_argument("--slow-mo", metavar="MS", type=float, help="每个动作之间停顿多少毫秒，便于观看")


def run(arguments: Namespace) -> int:
    """Run the batch, with progress on standard error; an interruption loses nothing."""
    import asyncio  # noqa: PLC0415 - its help needs none of it

    from rpa.cli.batch_report import report, show_progress  # noqa: PLC0415
    from rpa.cli.home import prepare_home  # noqa: PLC0415
    from rpa.cli.password import ask_password  # noqa: PLC0415
    from rpa.engine.batch import RunOptions, run_batch  # noqa: PLC0415
    from rpa.privacy import configure_logging  # noqa: PLC0415
    from rpa.settings import load_settings  # noqa: PLC0415

    configure_logging()
    portals = _other_addresses(load_settings(), arguments.base_url)
    settings = load_settings(portals=portals, **browser_overrides(arguments))
    prepare_home(settings)
    workbook: Path = arguments.workbook
    options = RunOptions(
        until=arguments.until,
        approve=arguments.approve,
        concurrency=checked_concurrency(arguments.concurrency),
        password=ask_password(workbook),
    )
    channels = _channels(arguments.operator, settings.person)
    try:
        result = asyncio.run(
            run_batch(workbook, settings, options, channels=channels, progress=show_progress)
        )
    except KeyboardInterrupt:
        output.note("已办完的都已记录；再次运行同一工作簿，会从停下的地方继续，不会重复提交。")
        raise
    return report(result, as_json=arguments.json)


def browser_overrides(arguments: Namespace) -> dict[str, Any]:
    """The settings that the browser options stand for."""
    chosen: dict[str, Any] = {"headed": True} if arguments.headed else {}
    if arguments.slow_mo is not None:
        chosen["slow_mo"] = arguments.slow_mo
    return {"browser": chosen} if chosen else {}


def checked_concurrency(number: int | None) -> int | None:
    """The number, if the settings would accept it too.

    Raises:
        UserError: it is out of range; the message says which range.
    """
    if number is None:
        return None
    from rpa.settings import load_settings  # noqa: PLC0415

    return load_settings(engine={"concurrency": number}).engine.concurrency


def _other_addresses(settings: Settings, pairs: list[str]) -> dict[str, Any]:
    """``henan=URL`` or ``河南=URL`` as overrides of the settings.

    Raises:
        UserError: no such portal, or not of that form.
    """
    from rpa.errors import UserError  # noqa: PLC0415

    keys = {portal.name: key for key, portal in settings.portals.items()} | {
        key: key for key in settings.portals
    }
    chosen = {}
    for pair in pairs:
        name, separator, address = pair.partition("=")
        if not separator or name not in keys:
            raise UserError(f"--base-url 应写成 平台=地址，平台可以是：{'、'.join(settings.portals)}")
        chosen[keys[name]] = {"base_url": address, "environment": address}
    return chosen


def _channels(kind: str, who: str) -> list[Channel]:
    from rpa.operator.terminal import Terminal  # noqa: PLC0415

    return [Terminal(who=who)] if kind == "terminal" else []
