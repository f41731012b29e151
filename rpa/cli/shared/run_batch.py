"""Working on one batch from the command line: with progress, and so that Ctrl+C loses nothing."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from rpa.cli.shared import output
from rpa.cli.shared.batch_report import show_progress
from rpa.cli.shared.data_folder import prepare_home
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import channels_of
from rpa.cli.shared.password import ask_password
from rpa.cli.shared.serve_console import beside_of
from rpa.cli.shared.signals import Interruptions, at_a_prompt, shutdown_on_signals
from rpa.engine.batch.run import BatchResult, Beside, RunOptions, run_batch
from rpa.engine.worker.shutdown import Shutdown
from rpa.operator.desk import Channel
from rpa.privacy.logs import configure_logging
from rpa.settings.settings import Settings


def work_on(
    workbook: Path,
    settings: Settings,
    arguments: Namespace,
    options: RunOptions,
) -> tuple[BatchResult, Interruptions]:
    """Work on a workbook's batch in this process.

    Args:
        workbook: the file.
        settings: as the options have them.
        arguments: of a command with ``add_work_options``.
        options: of this run; the password is asked for at the terminal.

    Raises:
        UserError: the workbook cannot be read, the machine lacks something, or another worker works.
    """
    configure_logging()
    prepare_home(settings)
    options = replace(options, password=prompt_password(workbook))
    channels = channels_of(arguments.operator, settings.person)
    beside = beside_of(settings, arguments)
    return asyncio.run(batch_with_signals(workbook, settings, options, channels=channels, beside=beside))


async def batch_with_signals(
    workbook: Path,
    settings: Settings,
    options: RunOptions,
    *,
    channels: list[Channel],
    beside: Beside = nullcontext,
) -> tuple[BatchResult, Interruptions]:
    """Run a batch, and let Ctrl+C stop it well."""
    shutdown = Shutdown()
    with shutdown_on_signals(shutdown) as interruptions:
        result = await run_batch(
            workbook,
            settings,
            options,
            channels=channels,
            progress=show_progress,
            shutdown=shutdown,
            beside=beside,
        )
    return result, interruptions


def prompt_password(workbook: Path) -> Callable[[], str]:
    """Asks for the workbook's password, once; Ctrl+C at that question ends the command."""
    ask = ask_password(workbook)

    def asked() -> str:
        with at_a_prompt():
            return ask()

    return asked


def ended(code: int, interruptions: Interruptions, result: BatchResult) -> int:
    """The exit code of a command that worked; says how to go on where it was stopped."""
    if not interruptions:
        return code
    if result.unfinished:
        output.note(f"已停下：还有 {result.unfinished} 户未办。")
    output.note(
        "再次运行同一工作簿（rpa run），会从停下的地方继续，已提交的不会重复提交；进度见 "
        f"rpa status {result.batch_id}"
    )
    return ExitCode.INTERRUPTED
