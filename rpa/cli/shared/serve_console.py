"""The console of a command: served, its link printed, its page opened where there is a desktop."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from rpa.cli.shared import output
from rpa.console.context import Console
from rpa.console.server import new_link, serving
from rpa.engine.batch.run import Beside
from rpa.settings.settings import Settings


def console_beside(settings: Settings, arguments: Namespace, *, works: bool = False) -> Beside:
    """What is served beside a command's work, as ``--operator`` says.

    Args:
        settings: of the machine.
        arguments: of a command with ``add_work_options``.
        works: whether the command works on every batch, so also on one that is started in the console.
    """
    if arguments.operator != "console":
        return nullcontext
    return partial(serve_console, settings, open_page=not arguments.no_open, works=works)


@asynccontextmanager
async def serve_console(
    settings: Settings,
    *,
    open_page: bool,
    works: bool,
    port: int | None = None,
    as_json: bool = False,
) -> AsyncIterator[Console]:
    """Serve the console while the block lasts, and print its address.

    Args:
        settings: of the machine.
        open_page: whether its page may be opened by itself; that needs a terminal and a desktop.
        works: whether this process works on every batch.
        port: another one than configured.
        as_json: prints a JSON document on standard output.

    Raises:
        UserError: it cannot be served there.
    """
    async with serving(settings, port=port, works=works) as console:
        link = new_link(console)
        if as_json:
            output.document("console", {"url": console.address.url, "link": link, "works": works})
        else:
            output.note(f"操作台：{link}")
            output.note("（链接只能打开一次，10 分钟内有效；再要一个：rpa console --link）")
        if open_page and _can_show_pages():
            await asyncio.to_thread(webbrowser.open, link)
        yield console


def _can_show_pages() -> bool:
    """Whether a person sits at a terminal of a machine with a desktop."""
    if not sys.stdout.isatty():
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
