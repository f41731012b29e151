"""A worker by itself: whatever is due, of any batch, until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress

from loguru import logger

from rpa.engine.batch.data import ProgressUpdate, RunOptions
from rpa.engine.batch.follower import Follower
from rpa.engine.batch.intake import Intake, read
from rpa.engine.batch.run import Beside
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.performer import BrowserPerformer
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import lock_folder, take_worker_lock
from rpa.errors import LedgerDown, UserError
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Channel
from rpa.settings.settings import Settings

_LOOK_SECONDS = 1.0


async def serve(
    settings: Settings,
    *,
    channels: Sequence[Channel],
    progress: Callable[[ProgressUpdate], None],
    shutdown: Shutdown,
    until_idle: bool = False,
    beside: Beside = nullcontext,
) -> None:
    """Work on every batch of the ledger; results are written for batches whose workbook is at hand.

    On PostgreSQL several machines work, and none of them need have the workbook: there ``rpa results``
    writes them, where the workbook is.

    Args:
        settings: of the machine and the portals.
        channels: the ways to ask a person in this process.
        progress: told of every step and ending.
        shutdown: asks it to stop.
        until_idle: end when nothing of any batch goes on by itself.
        beside: what goes on meanwhile, such as a console.

    Raises:
        UserError: another worker is at work, or the machine cannot go on.
    """
    with (
        Ledger.of(settings) as ledger,
        take_worker_lock(lock_folder(settings), alone=ledger.dialect == "sqlite") as lock,
    ):

        def tell(news: WorkerEvent) -> None:
            progress(ProgressUpdate(news.row, news.employer, news.what, None, 0, 0))

        performer = BrowserPerformer(
            settings, ledger, worker=lock.worker, channels=channels, shutdown=shutdown, tell=tell
        )
        worker = Worker(settings, ledger, lock, performer, shutdown, tell)
        followers = _Followers(settings, ledger, progress, served=frozenset(worker.dispatcher))
        following = asyncio.create_task(followers.follow())
        try:
            async with beside():
                await worker.run(until=followers.idle if until_idle else lambda: False)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await followers.finish()


class _Followers:
    """The batches that this worker writes results for."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        progress: Callable[[ProgressUpdate], None],
        *,
        served: frozenset[str],
    ) -> None:
        self._served = served
        self._settings = settings
        self._ledger = ledger
        self._progress = progress
        self._following: dict[str, Follower] = {}
        self._passed_over: set[str] = set()

    async def follow(self) -> None:
        """Take up batches as they come and let go of them when they are done; until cancelled."""
        seen: int | None = None
        while True:
            with suppress(LedgerDown):  # the worker says so
                before, seen = seen, self._ledger.version()
                if self._following or seen is None or seen != before:
                    await self._look()
            await asyncio.sleep(_LOOK_SECONDS)  # the ledger cannot call us

    def idle(self) -> bool:
        """Whether nothing goes on by itself in any batch."""
        held = {one.portal for one in self._ledger.portals.states() if one.paused_at and not one.probe_at}
        return not any(
            self._ledger.counts.running(batch.id)
            or self._served & self._ledger.counts.unfinished(batch.id).keys() - held
            for batch in self._active()
        )

    async def finish(self) -> None:
        """Write what has ended since."""
        await self._look()
        for follower in self._following.values():
            await follower.finish()

    def _active(self) -> list[Batch]:
        return [batch for batch in self._ledger.batches.all() if batch.state is BatchState.ACTIVE]

    async def _look(self) -> None:
        for batch in self._active():
            known = batch.id in self._following or batch.id in self._passed_over
            if not known and self._ledger.counts.unfinished(batch.id):
                await self._take_up(batch)
        for batch_id, follower in list(self._following.items()):
            await follower.look()
            if follower.done():
                del self._following[batch_id]
                await follower.finish()

    async def _take_up(self, batch: Batch) -> None:
        intake = self._read(batch)
        if intake is None:
            self._passed_over.add(batch.id)
            what = f"批次 {batch.id} 的结果不在本机写出，需要时用 rpa results {batch.id}"
            self._progress(ProgressUpdate(0, "", what, None, 0, 0))
            return
        follower = Follower(batch, intake, self._settings, self._ledger, self._progress)
        self._following[batch.id] = follower
        await follower.begin()

    def _read(self, batch: Batch) -> Intake | None:
        """The workbook, where this worker is the one to write its results."""
        if self._ledger.dialect != "sqlite" or not batch.workbook.is_file():
            return None
        try:
            intake = read(batch.workbook, self._settings, RunOptions())
        except UserError as error:
            logger.warning("批次 {} 的工作簿读不了：{}", batch.id, error)
            return None
        return intake if intake.sha256 == batch.workbook_sha256 else None
