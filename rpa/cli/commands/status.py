"""``rpa status``: how far the batches are, and what holds them up."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.status_view import StatusView
    from rpa.ledger.ledger import Ledger
    from rpa.settings.settings import Settings

LOOK_SECONDS = 1.0
"""With --watch: how often the ledger is looked at."""
_CLEAR = "\x1b[H\x1b[2J"
"""To the corner, and empty the screen; every terminal since the VT100 knows these, Windows 10's too."""


def configure(parser: Parser) -> None:
    """Which batch, if one alone, and whether to print once or until it has ended; JSON."""
    parser.add_argument("batch", metavar="BATCH", nargs="?", help="批次编号；不写则列出所有批次")
    parser.add_argument("--watch", action="store_true", help="每秒更新，批次办完就结束，按 Ctrl+C 停止")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Print once, or every second until the batch has ended; asks the ledger alone."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.settings.settings import load_settings

    settings = load_settings()
    with open_ledger(settings) as ledger:
        look = _look_at(ledger, settings, arguments.batch)
        if arguments.watch:
            _watch(look, as_json=arguments.json)
        else:
            _show(look(), as_json=arguments.json)
    return ExitCode.OK


def _look_at(ledger: Ledger, settings: Settings, batch_id: str | None) -> Callable[[], StatusView]:
    """A function that looks at one batch, or at all of them.

    Raises:
        UserError: there is no such batch.
    """
    from rpa.cli.shared.status_view import BatchView, Overview
    from rpa.engine.operations.target import find_batch

    if batch_id is None:
        return lambda: Overview.of(ledger, settings)
    found = find_batch(ledger.batches, batch_id).id
    return lambda: BatchView.of(ledger, settings, found)


def _show(view: StatusView, *, as_json: bool) -> None:
    if as_json:
        output.document("status", view.document())
    else:
        output.say(view.text())


def _watch(look: Callable[[], StatusView], *, as_json: bool) -> None:
    """Redraw on a terminal; elsewhere a line, or a document, whenever something changed."""
    redraw = sys.stdout.isatty() and not as_json
    if redraw:
        _prepare_screen()
    shown = ""
    while True:
        view = look()
        if redraw:
            output.say(_CLEAR + view.text())
        elif view.line() != shown:
            shown = view.line()
            _show(view, as_json=True) if as_json else output.say(shown)
        if view.ended:
            return
        Event().wait(LOOK_SECONDS)


def _prepare_screen() -> None:
    """Let an older console of Windows heed escape sequences: running any command does."""
    if sys.platform == "win32":
        import os

        os.system("")  # noqa: S605, S607 - the empty command
