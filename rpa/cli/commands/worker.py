"""``rpa worker``: work on whatever is in the queue."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_work_options, channels_of, work_settings
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.shared.signals import Interruptions
    from rpa.settings.settings import Settings


def configure(parser: Parser) -> None:
    """Whether to end with the queue, and how to work."""
    parser.add_argument(
        "--until-idle", action="store_true", help="队列办完就结束（默认一直运行，等新的批次）"
    )
    add_work_options(parser)


def run(arguments: Namespace) -> int:
    """Work until stopped; a service manager's SIGTERM is a normal ending."""
    import asyncio

    from rpa.privacy.logs import configure_logging

    configure_logging()
    settings = work_settings(arguments)
    _note_unserved(settings)
    interruptions = asyncio.run(_serve(settings, arguments))
    if not interruptions:
        output.note("队列中没有要办的了。")
        return ExitCode.OK
    output.note("已停下。未办的留在队列中，再次运行 rpa worker 继续；进度见 rpa status")
    return ExitCode.INTERRUPTED if interruptions.by_keyboard else ExitCode.OK


def _note_unserved(settings: Settings) -> None:
    """Name the portals, or their other environments, whose filings this worker leaves to others."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.operations.target import unserved
    from rpa.filing import PortalKey

    with open_ledger(settings) as ledger:
        for key in map(PortalKey, sorted(unserved(ledger, settings))):
            option = f"，要办理请加 --base-url {key.name}={key.environment}" if key.environment else ""
            output.note(f"平台 {key} 的户不由本程序办理{option}")


async def _serve(settings: Settings, arguments: Namespace) -> Interruptions:
    from rpa.cli.shared.batch_report import show_progress
    from rpa.cli.shared.serve_console import console_beside
    from rpa.cli.shared.signals import shutdown_on_signals
    from rpa.engine.batch.serve import serve
    from rpa.engine.worker.shutdown import Shutdown

    shutdown = Shutdown()
    with shutdown_on_signals(shutdown) as interruptions:
        if not arguments.until_idle:
            output.note("办理程序已启动，按 Ctrl+C 停下。")
        await serve(
            settings,
            channels=channels_of(arguments.operator, settings.person),
            progress=show_progress,
            shutdown=shutdown,
            until_idle=arguments.until_idle,
            beside=console_beside(settings, arguments, works=True),
        )
    return interruptions
