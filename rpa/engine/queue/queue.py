"""The durable queue, with DBOS behind it: no other package of the project imports that.

The ledger is the truth; the queue only starts things. It holds tickets (:class:`Ticket`), gives each
to one worker at a time, and calls that worker's ``perform``. A ticket may
be performed more than once (after a crash, after a take-over): ``perform`` decides by the ledger
whether anything is still to do. There are no DBOS steps, so nothing is ever replayed.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

import dbos
from dbos._recovery import recover_pending_workflows
from sqlalchemy import make_url

from rpa.engine.queue.database import queue_engine
from rpa.engine.queue.guards import guard
from rpa.engine.queue.local_queue import LocalQueue, disable_internal_queue
from rpa.engine.queue.serializer import TicketSerializer
from rpa.ledger.data.tasks import Ticket
from rpa.ledger.database.reach import unreachable_translated
from rpa.privacy.sealing import Seal

_VERSION = "1"
"""Of what a ticket means. Set by hand: DBOS would compute it from our source, and work that was
queued before an upgrade would then wait for the old program for ever."""
_WORKFLOW = "filing"
_TO_COME = ["ENQUEUED", "DELAYED", "PENDING"]
_OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_CHUNK = 200
_ONE = threading.Lock()
"""Held by the open queue: DBOS exists once in a process."""
_FOR_EVER = 1_000_000
"""Takes of one ticket before DBOS gives it up: the ledger counts them, not DBOS."""
_LOST_SECONDS = 5.0
"""Between taking a ticket and beginning it lie milliseconds."""


class Queue:
    """The queue as one worker sees it.

    Every method but :meth:`set_places` may block: none for an event loop.

    They raise :class:`~rpa.errors.LedgerDown` while PostgreSQL is out of reach, or wait for it.

    Args:
        url: the ledger's database.
        seal: seals what the queue's rows hold; none: they are plain JSON.
        worker: names this run of this process; never used twice, for a name that lives on would make
            the next process take this one's running work for its own leftovers.
        portals: the keys of those that this worker works for; it takes nothing of others.
        perform: does the work of a ticket and returns when it is over; called in a thread of its own.
        on_error: told what ``perform`` raised, which is a mistake in the program: the worker ends.
        poll_seconds: how often an open queue is looked at.
    """

    def __init__(
        self,
        url: str,
        seal: Seal | None,
        worker: str,
        portals: Collection[str],
        perform: Callable[[Ticket], None],
        *,
        on_error: Callable[[BaseException], None],
        poll_seconds: float = 0.1,
    ) -> None:
        self._url = url
        self._serializer = TicketSerializer(seal)
        self._worker = worker
        self._portals = portals
        self._perform = perform
        self._on_error = on_error
        self._poll_seconds = poll_seconds
        self._engine = queue_engine(url)
        self._dbos: dbos.DBOS | None = None
        self._lost: dict[str, float] = {}
        self._state = _State.CLOSED

    def open(self) -> None:
        """Make the queue's tables where they are missing, and begin to take tickets.

        Raises:
            RuntimeError: another queue is open in this process.
            UserError: DBOS is told by the environment to talk to its cloud.
            LedgerDown: the database is out of reach for now.
        """
        guard()
        if not _ONE.acquire(blocking=False):
            raise RuntimeError("another queue is open in this process")
        self._state = _State.OPEN
        try:
            with unreachable_translated(self._engine.dialect.name):
                self._launch()
        except BaseException:
            self.close(wait_seconds=0)
            raise

    def _launch(self) -> None:
        disable_internal_queue()
        self._local = {name: LocalQueue(name, poll_seconds=self._poll_seconds) for name in self._portals}
        dbos.DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=_FOR_EVER)(self._filing())
        config: dbos.DBOSConfig = {
            "name": "wengang-rpa",
            "system_database_url": str(make_url(self._url)),  # only its kind matters: without password
            "system_database_engine": self._engine,
            "dbos_system_schema": "dbos",
            "application_version": _VERSION,
            "executor_id": self._worker,
            "serializer": self._serializer,
            "enable_otlp": False,
            "log_level": "WARNING",
            "use_listen_notify": False,
            # Nobody listens, but the end waits for it.
            "notification_listener_polling_interval_sec": 0.25,
            "scheduler_polling_interval_sec": 86_400.0,
        }
        self._dbos = dbos.DBOS(config=config)
        dbos.DBOS.listen_queues([])  # none of those in the database; ours are in memory
        dbos.DBOS.launch()

    def close(self, *, wait_seconds: float) -> None:
        """Take no more tickets, and let go of the database.

        What runs has ``wait_seconds`` to finish; what runs on then is no longer the queue's, and its
        ticket goes to whoever takes over this worker's.
        """
        if self._state is not _State.OPEN:
            return
        self._state = _State.ENDING
        # Given any time, DBOS waits for a second at least.
        seconds = math.ceil(wait_seconds) if self._running() else 0
        dbos.DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)
        self._engine.dispose()
        self._dbos = None
        self._state = _State.CLOSED
        _ONE.release()

    def _running(self) -> Collection[str]:
        """What runs here, or has run and is being recorded."""
        return self._dbos._active_workflows_set.activeList() if self._dbos else ()  # noqa: SLF001 - no public way

    def put(self, name: str, tickets: Sequence[Ticket]) -> None:
        """Put tickets into a portal's queue; one that was put before, whatever became of it, stays so."""
        for ticket in tickets:
            options: dbos.EnqueueOptions = {
                "workflow_name": _WORKFLOW,
                "queue_name": name,
                "workflow_id": str(ticket),
                "app_version": _VERSION,
            }
            with unreachable_translated(self._engine.dialect.name):
                dbos.DBOS.enqueue_workflow_with_options(options, str(ticket))

    def set_places(self, name: str, places: int) -> None:
        """Let so many of a portal's tickets run in this worker; none at first, and none is looked for then.

        So nothing begins at a paused portal. It is this worker's own: tickets stay queued, and others may
        take them.
        """
        self._local[name].set_places(places)

    def take_over(self, alive: Collection[str]) -> Sequence[Ticket]:
        """Put what dead workers left unfinished in its portal's queue again.

        Also gives up what DBOS took for this worker and never began (the database went away in that
        moment): :meth:`still_queued` then says no, and its task gets another ticket.

        Args:
            alive: names of the workers that live, this one among them.

        Returns:
            The tickets.
        """
        if self._dbos is None:
            raise RuntimeError("the queue is not open")
        with unreachable_translated(self._engine.dialect.name):
            pending = self._list(status=["PENDING"])
            self._give_up({one.workflow_id for one in pending if one.executor_id == self._worker})
            dead = {one.executor_id for one in pending if one.executor_id} - set(alive)
            # Unlike resume_workflows, this leaves alone what another worker has just taken over, and
            # leaves each ticket in its queue.
            handles = recover_pending_workflows(self._dbos, sorted(dead))
            return tuple(Ticket.parse(handle.get_workflow_id()) for handle in handles)

    def _give_up(self, taken: set[str]) -> None:
        now = time.monotonic()
        running = self._running()
        self._lost = {name: self._lost.get(name, now) for name in taken if name not in running}
        given_up = [name for name, since in self._lost.items() if now - since > _LOST_SECONDS]
        if given_up:
            dbos.DBOS.cancel_workflows(given_up)

    def still_queued(self, tickets: Sequence[Ticket]) -> frozenset[Ticket]:
        """Those of the tickets that are queued or being performed."""
        return self._among(tickets, _TO_COME)

    def drop(self, tickets: Sequence[Ticket]) -> None:
        """Take those of the tickets out that have not begun; for good."""
        waiting = self._among(tickets, ["ENQUEUED", "DELAYED"])
        with unreachable_translated(self._engine.dialect.name):
            if waiting:
                dbos.DBOS.cancel_workflows([str(ticket) for ticket in waiting])

    def forget(self, older_than_seconds: float) -> int:
        """Delete tickets that ended so long ago.

        Returns:
            How many.
        """
        before = (datetime.now(UTC) - timedelta(seconds=older_than_seconds)).isoformat()
        count = 0
        with unreachable_translated(self._engine.dialect.name):
            while old := self._list(status=_OVER, completed_before=before, limit=_CHUNK):
                dbos.DBOS.delete_workflows([one.workflow_id for one in old])
                count += len(old)
        return count

    def _among(self, tickets: Sequence[Ticket], states: list[str]) -> frozenset[Ticket]:
        names = [str(ticket) for ticket in tickets]
        found: set[Ticket] = set()
        with unreachable_translated(self._engine.dialect.name):
            for start in range(0, len(names), _CHUNK):  # no names at all would mean every workflow
                rows = self._list(workflow_ids=names[start : start + _CHUNK], status=states)
                found.update(Ticket.parse(one.workflow_id) for one in rows)
        return frozenset(found)

    def _list(self, **which: Any) -> list[dbos.WorkflowStatus]:
        return dbos.DBOS.list_workflows(name=_WORKFLOW, load_input=False, load_output=False, **which)

    def _filing(self) -> Callable[[str], None]:
        def filing(ticket: str) -> None:
            self._only_while(_State.OPEN)
            if ticket != dbos.DBOS.workflow_id:
                raise ValueError("a row that was changed")
            self._run(Ticket.parse(ticket))
            self._only_while(_State.OPEN, _State.ENDING)

        return filing

    def _only_while(self, *states: _State) -> None:
        if self._state not in states:
            raise _LetGoError

    def _run(self, ticket: Ticket) -> None:
        try:
            self._perform(ticket)
        except BaseException as error:
            self._on_error(error)
            raise


class _State(Enum):
    CLOSED = auto()
    OPEN = auto()
    ENDING = auto()


class _LetGoError(BaseException):
    """Not an Exception, which DBOS would record: the ticket stays unfinished and is taken over."""
