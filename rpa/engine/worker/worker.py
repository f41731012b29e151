"""A worker: takes what is due, has it performed, and says how it ended.

The ledger is the truth and DBOS the queue: a ticket in the queue is one turn of a task of the ledger.
Whatever dies between two lines here leaves a task RUNNING at a worker that is gone, or a ticket that
the queue does not know any more; ``rpa.engine.worker.maintenance`` finds both and puts them back in line.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError as FutureCancelledError
from contextlib import suppress

from rpa.engine.queue.queue import Queue
from rpa.engine.worker.dispatcher import Dispatcher
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.maintenance import WorkerMaintenance
from rpa.engine.worker.performer import Performer
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.task_series import TaskSeries
from rpa.engine.worker.worker_lock import WorkerLock
from rpa.errors import LedgerDown, UserError
from rpa.ledger.data.tasks import Scope, Ticket
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

_LOOK_SECONDS = 0.25
_WHOLE_DAY = 86_400.0


class Worker:
    """One process that works until it is asked to stop, or until a condition holds.

    Args:
        settings: of the machine and the portals.
        ledger: the truth.
        lock: the right to be a worker.
        performer: does what the tasks ask for.
        shutdown: asks it to stop.
        tell: told what happens, for the screen.
        only: what to work on; none for everything. A person who runs one workbook does not mean
            another one that they stopped before.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        lock: WorkerLock,
        performer: Performer,
        shutdown: Shutdown,
        tell: Callable[[WorkerEvent], None],
        *,
        only: Scope | None = None,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._lock = lock
        self._performer = performer
        self._shutdown = shutdown
        self._tell = tell
        self.dispatcher = Dispatcher(settings, lock.worker, only=only)
        self._queue = Queue(
            settings.ledger_url,
            ledger.seal,
            lock.worker,
            tuple(self.dispatcher),
            self._in_thread,
            on_error=self._on_error,
            poll_seconds=settings.engine.poll_seconds,
        )
        self._maintenance = WorkerMaintenance(
            settings, ledger, self._queue, self.dispatcher, performer, lock, self._say
        )
        self._login_tasks = TaskSeries(
            settings, ledger, lock.worker, self.dispatcher, performer, self._maintenance, shutdown, tell
        )
        self._going: set[asyncio.Task[None]] = set()

    async def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Work until ``until`` holds or somebody wants to stop; what is not done stays in line.

        Raises:
            UserError: the machine cannot go on (no browser, no room on the disk …).
        """
        self._loop = asyncio.get_running_loop()
        self._failure: asyncio.Future[None] = self._loop.create_future()
        self._ledger.workers.sign_on(self._lock.worker, host=socket.gethostname(), pid=os.getpid())
        try:
            self._maintenance.retire(self._lock.dead)
            beating = asyncio.create_task(self._maintenance.beat())
            try:
                await asyncio.to_thread(self._queue.open)
                await self._work(until, beating)
            finally:
                await self._close()
                await _end(beating)
        finally:
            self._leave()
            await self._performer.close()

    async def _work(self, until: Callable[[], bool], beating: asyncio.Task[None]) -> None:
        """Hand out what is due, until it is time to stop."""
        maintenance = asyncio.create_task(self._maintenance.run())
        handing = asyncio.create_task(self._hand_out())
        try:
            while not (self._shutdown.requested or _holds(until)):
                for one in (self._failure, beating, maintenance, handing):
                    if one.done():
                        one.result()
                await self._shutdown.pause(_LOOK_SECONDS)
        finally:
            await _end(maintenance, handing)

    async def _hand_out(self) -> None:
        """Give the queue what is due, a little ahead of what it can start."""
        while not await self._shutdown.pause(self._settings.engine.poll_seconds):
            with suppress(LedgerDown):  # the heartbeat says so, and when it is back
                await self.dispatcher.hand_out(self._ledger, self._queue)

    async def _close(self) -> None:
        """Start nothing more, and let what runs come to a good place to stop; urgent, end it."""
        if not self._shutdown.requested:
            self._shutdown.request()
        with suppress(LedgerDown):
            await self.dispatcher.take_back(self._ledger, self._queue)
        closing = asyncio.create_task(asyncio.to_thread(self._queue.close, wait_seconds=_WHOLE_DAY))
        urgent = asyncio.create_task(self._shutdown.until_urgent())
        broken = self._failure.done()
        if not broken:
            await asyncio.wait({closing, urgent, self._failure}, return_when=asyncio.FIRST_COMPLETED)
        for task in self._going:
            task.cancel()
        urgent.cancel()
        await closing
        if self._failure.done() and not broken:
            self._failure.result()

    def _leave(self) -> None:
        """Put back what is still ours, so that nobody has to wait for our heartbeat to run out."""
        with suppress(LedgerDown):
            for ticket in self._ledger.tickets.claimed_by(self._lock.worker):
                self._ledger.tasks.put_back(ticket, self._lock.worker)
            self._ledger.workers.sign_off(self._lock.worker)

    # --- tickets

    def _in_thread(self, ticket: Ticket) -> None:
        """What the queue calls, in a thread of its own; returns when the ticket is done with."""
        # The loop ended it: the task is put back as the worker leaves.
        with suppress(FutureCancelledError):
            try:
                asyncio.run_coroutine_threadsafe(self._go(ticket), self._loop).result()
            except (UserError, OSError) as error:  # the machine cannot go on: no mistake in the program
                self._on_error(error)

    def _on_error(self, error: BaseException) -> None:
        def fail() -> None:
            if not self._failure.done():
                self._failure.set_exception(error)

        self._loop.call_soon_threadsafe(fail)

    async def _go(self, ticket: Ticket) -> None:
        me = asyncio.current_task()
        assert me is not None
        self._going.add(me)
        try:
            await self._login_tasks.run(ticket)
        finally:
            self._going.discard(me)

    def _say(self, what: str) -> None:
        self._tell(WorkerEvent(what=what))


def _holds(condition: Callable[[], bool]) -> bool:
    """Whether a condition over the ledger holds; while the ledger is away nobody knows."""
    try:
        return condition()
    except LedgerDown:
        return False


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
