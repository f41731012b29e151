"""A whole batch in one process: workbook in, several filings at a time, results and evidence out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from rpa.engine.batch.data import BatchResult, ProgressUpdate, RunOptions
from rpa.engine.batch.follower import Follower
from rpa.engine.batch.intake import Intake, enter, read
from rpa.engine.worker.performer import BrowserPerformer
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import WorkerLock, lock_folder, take_worker_lock
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Scope
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Channel
from rpa.settings.settings import Settings

Plan = Callable[[Intake, Ledger], Batch]
"""Plans what is to be done for a workbook's rows."""

Beside = Callable[[], AbstractAsyncContextManager[object]]
"""What goes on in this process while a worker works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The process that runs a batch."""

    channels: Sequence[Channel]
    """The ways to ask a person in this process."""
    progress: Callable[[ProgressUpdate], None]
    """Told of every step and ending."""
    shutdown: Shutdown | None = None
    """Asks it to stop; none for no such thing."""
    beside: Beside = nullcontext
    """What goes on meanwhile, such as a console; entered only where there is work."""


async def run_batch(
    workbook: Path, settings: Settings, options: RunOptions, context: RunContext, plan: Plan | None = None
) -> BatchResult:
    """Run every filing of a workbook; run again, it goes on where it stopped.

    Args:
        workbook: read only; results go into a copy beside it.
        settings: of the machine and the portals.
        options: of this run.
        context: this process.
        plan: plans what is done (retry, reconcile, track); none: every row is entered and filed.

    Raises:
        UserError: the workbook cannot be read, no browser can be started, or another worker is at work.
    """
    intake = read(workbook, settings, options)
    if options.concurrency:
        engine = settings.engine.model_copy(update={"concurrency": options.concurrency})
        settings = settings.model_copy(update={"engine": engine})
    with (
        Ledger.of(settings) as ledger,
        take_worker_lock(lock_folder(settings), alone=ledger.dialect == "sqlite") as lock,
    ):
        batch = plan(intake, ledger) if plan else enter(intake, ledger, settings, options)
        follower = Follower(batch, intake, settings, ledger, context.progress, work=options.work)
        await follower.begin()
        try:
            if not follower.done():
                scope = Scope(batch.id, options.work) if ledger.dialect == "sqlite" else None
                async with context.beside():
                    await _work(follower, settings, ledger, lock, context, scope)
        finally:
            result = await follower.finish()
        return result


async def _work(
    follower: Follower,
    settings: Settings,
    ledger: Ledger,
    lock: WorkerLock,
    context: RunContext,
    scope: Scope | None,
) -> None:
    shutdown = context.shutdown or Shutdown()
    performer = BrowserPerformer(
        settings, ledger, worker=lock.worker, channels=context.channels, shutdown=shutdown, tell=follower.hear
    )
    worker = Worker(settings, ledger, lock, performer, shutdown, follower.hear, only=scope)
    following = asyncio.create_task(follower.follow())
    try:
        await worker.run(until=follower.done)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
