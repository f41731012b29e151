"""Working on one batch from the command line: with progress, and so that Ctrl+C loses nothing."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from rpa.cli.shared import output
from rpa.cli.shared.batch_report import show_progress
from rpa.cli.shared.data_folder import prepare_home
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import channels_of
from rpa.cli.shared.password import password_prompt
from rpa.cli.shared.serve_console import console_beside
from rpa.cli.shared.signals import Interruptions, shutdown_on_signals
from rpa.engine.batch.data import BatchResult, RunOptions
from rpa.engine.batch.run import Beside, Plan, RunContext, run_batch
from rpa.engine.worker.shutdown import Shutdown
from rpa.operator.desk import Channel
from rpa.privacy.logs import configure_logging
from rpa.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class BatchRun:
    """One run of a batch in this process."""

    result: BatchResult
    interruptions: Interruptions


def run_workbook(
    workbook: Path, settings: Settings, arguments: Namespace, options: RunOptions, plan: Plan | None = None
) -> BatchRun:
    """Work on a workbook's batch in this process.

    Args:
        workbook: the file.
        settings: as the options have them.
        arguments: of a command with ``add_work_options``.
        options: of this run; the password is asked for at the terminal.
        plan: see :func:`run_batch`.

    Raises:
        UserError: the workbook cannot be read, the machine lacks something, or another worker works.
    """
    configure_logging()
    prepare_home(settings)
    options = replace(options, password=password_prompt(workbook))
    channels = channels_of(arguments.operator, settings.person)
    beside = console_beside(settings, arguments)
    running = run_with_signals(workbook, settings, options, channels=channels, plan=plan, beside=beside)
    return asyncio.run(running)


async def run_with_signals(
    workbook: Path,
    settings: Settings,
    options: RunOptions,
    *,
    channels: list[Channel],
    plan: Plan | None = None,
    beside: Beside = nullcontext,
) -> BatchRun:
    """Run a batch, and let Ctrl+C stop it well."""
    shutdown = Shutdown()
    with shutdown_on_signals(shutdown) as interruptions:
        context = RunContext(channels=channels, progress=show_progress, shutdown=shutdown, beside=beside)
        result = await run_batch(workbook, settings, options, context, plan)
    return BatchRun(result, interruptions)


def conclude(run: BatchRun, code: int) -> int:
    """The exit code of a command that ran a batch; where it was interrupted, says how to go on.

    Args:
        run: of the batch.
        code: what the command returns when nobody interrupted it.
    """
    if not run.interruptions:
        return code
    if run.result.unfinished:
        output.note(f"已停下：还有 {run.result.unfinished} 户未办。")
    output.note(
        "再次运行同一工作簿（rpa run），会从停下的地方继续，已提交的不会重复提交；进度见 "
        f"rpa status {run.result.batch_id}"
    )
    return ExitCode.INTERRUPTED
