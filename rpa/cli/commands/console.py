"""``rpa console``: the operator's page, and the work itself beside it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_base_url, add_browser_options, add_no_open, work_settings
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.signals import Interruptions
    from rpa.console.context import Console
    from rpa.settings.settings import Settings

_LOOK_SECONDS = 3.0
"""So often it is seen whether the worker that was there first has ended; its lock cannot call us."""


def configure(parser: Parser) -> None:
    """What to do (work, only serve, make a link, set the password), and how it is served; JSON."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--no-work", action="store_true", help="只提供网页，不办理（由别的办理程序办理）")
    what.add_argument("--link", action="store_true", help="为正在运行的操作台再要一个链接")
    what.add_argument(
        "--set-password", action="store_true", help="设置登录密码，供其他电脑访问时使用；输入两次，不显示"
    )
    parser.add_argument("--port", metavar="PORT", type=int, help="网页的端口，0 为任意（默认按设置，8790）")
    add_no_open(parser)
    add_base_url(parser)
    add_browser_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Serve the page and work on every batch until stopped."""
    import asyncio

    from rpa.cli.shared.data_folder import prepare_home
    from rpa.privacy.logs import configure_logging

    configure_logging()
    settings = work_settings(arguments)
    prepare_home(settings)
    if arguments.link:
        return _link(settings, as_json=arguments.json)
    if arguments.set_password:
        return _set_password(settings, as_json=arguments.json)
    interruptions = asyncio.run(_serve(settings, arguments))
    output.note("操作台已停下。未办的留在队列中，再次运行 rpa console 继续。")
    return ExitCode.INTERRUPTED if interruptions.by_keyboard else ExitCode.OK


async def _serve(settings: Settings, arguments: Namespace) -> Interruptions:
    from functools import partial

    from rpa.cli.shared.batch_report import show_progress
    from rpa.cli.shared.serve_console import serve_console
    from rpa.cli.shared.signals import shutdown_on_signals
    from rpa.engine.batch.serve import serve
    from rpa.engine.worker.shutdown import Shutdown
    from rpa.engine.worker.worker_lock import WorkerBusyError

    page = partial(
        serve_console, settings, open_page=not arguments.no_open, port=arguments.port, as_json=arguments.json
    )
    shutdown = Shutdown()
    work = partial(serve, settings, channels=[], progress=show_progress, shutdown=shutdown)
    with shutdown_on_signals(shutdown) as interruptions:
        if not arguments.no_work:
            try:
                await work(beside=partial(page, works=True))
            except WorkerBusyError:
                output.note("本机已有办理程序在运行，这里先只提供网页；它结束后由这里接着办理。")
            else:
                return interruptions
        async with page(works=False) as console:
            if arguments.no_work:
                await shutdown.until_requested()
            while not await shutdown.pause(_LOOK_SECONDS):
                with suppress(WorkerBusyError):  # still at work
                    await work(beside=partial(_taking_over, console))
    return interruptions


@asynccontextmanager
async def _taking_over(console: Console) -> AsyncIterator[None]:
    """Say that the other worker has ended, and that from now on this process works."""
    output.note("另一个办理程序已结束，这里接着办理。")
    console.works = True
    yield


def _link(settings: Settings, *, as_json: bool) -> int:
    """A one-time link for each console of this user that runs.

    Raises:
        UserError: none does.
    """
    from rpa.console.access.running_consoles import new_links
    from rpa.errors import UserError

    links = new_links(settings.home)
    if not links:
        raise UserError("没有正在运行的操作台，请运行 rpa console")
    if as_json:
        output.document("console-link", {"links": links})
    else:
        for link in links:
            output.say(link)
        output.note("（每个链接只能打开一次，10 分钟内有效）")
    return ExitCode.OK


def _set_password(settings: Settings, *, as_json: bool) -> int:
    """Ask twice and store a slow hash, which opens nothing by itself.

    Raises:
        UserError: they differ, it is too short, or there is nobody to ask.
    """
    from getpass import getpass

    from rpa.console.access.login_password import Password
    from rpa.errors import UserError

    try:
        text = getpass("操作台的新密码（输入时不显示）：")
        again = getpass("再输入一次：")
    except EOFError:
        raise UserError("本终端无法输入密码") from None
    if text != again:
        raise UserError("两次输入的密码不一样，没有设置")
    Password(settings.home).set(text)
    if as_json:
        output.document("console-password", {"set": True})
    else:
        output.say("已设置操作台的登录密码。")
    return ExitCode.OK
