"""What a worker does beside its filings: heartbeat, burying dead workers, probes, sweeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from rpa.engine.queue.queue import Queue
from rpa.engine.worker import circuit_breaker
from rpa.engine.worker.dispatcher import Dispatcher
from rpa.engine.worker.performer import Performer
from rpa.engine.worker.worker_lock import WorkerLock
from rpa.errors import LedgerDown, Stop
from rpa.filing import CHINA
from rpa.ledger.data.fleet import PortalState
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

_TURN_SECONDS = 1.0
_SIZE_SECONDS = 3.0
_STRANDED_SECONDS = 60.0
"""A ticket queued for so long and not started is asked after: the queue may have lost it."""
_KEPT_SECONDS = 3600.0
"""So long the queue keeps finished tickets."""
_PROBE_LEASE = timedelta(seconds=120)


class WorkerMaintenance:
    """Takes over from dead workers, puts lost tickets back, probes paused portals.

    Several workers may do so at once.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        queue: Queue,
        dispatcher: Dispatcher,
        performer: Performer,
        lock: WorkerLock,
        say: Callable[[str], None],
    ) -> None:
        self._settings = settings.engine
        self._ledger = ledger
        self._queue = queue
        self._dispatcher = dispatcher
        self._performer = performer
        self._lock = lock
        self._say = say
        self._closed: set[str] = set()
        self.alive: frozenset[str] = frozenset({lock.worker})
        """Workers that live, as of the last heartbeat."""

    def retire(self, worker: str) -> None:
        """A worker of which it is certain that it is gone."""
        if worker:
            self._ledger.workers.sign_off(worker)
            self._ledger.requests.withdraw_of_workers([worker])
            self._ledger.live_pictures.show(worker, ())

    async def beat(self) -> None:
        """Say again and again that this worker lives."""
        while True:
            try:
                self._ledger.workers.beat(self._lock.worker)
                living = self._ledger.workers.alive(self._settings.dead_seconds)
                self.alive = living | {self._lock.worker}
            except LedgerDown as down:
                self._say(f"{down}；恢复后自动继续")
                await self.ledger_back()
                self._say("台账数据库已恢复，继续办理")
            await asyncio.sleep(self._settings.heartbeat_seconds)  # a heartbeat is a clock

    async def ledger_back(self) -> None:
        """Wait until the ledger answers again."""
        while True:
            with suppress(LedgerDown):
                self._ledger.portals.states()
                return
            await asyncio.sleep(_TURN_SECONDS)

    async def run(self) -> None:
        """Each duty in its turn."""
        turns = {
            self._reap: self._settings.dead_seconds / 3,
            self._probe_all: _TURN_SECONDS,
            self._tell_hours: _TURN_SECONDS,
            self._resize: _SIZE_SECONDS,
            self._sweep: _STRANDED_SECONDS / 2,
            self._forget: _STRANDED_SECONDS,
        }
        due = dict.fromkeys(turns, 0.0)
        while True:
            for duty, seconds in turns.items():
                if time.monotonic() >= due[duty]:
                    with suppress(LedgerDown):
                        await duty()
                    due[duty] = time.monotonic() + seconds
            await asyncio.sleep(_TURN_SECONDS)  # a turn is a clock

    async def _reap(self) -> None:
        """Take over what dead workers were at."""
        with self._ledger.workers.reaping() as turn:
            if not turn:
                return
            # One look: whoever signs on after it is among neither the living nor the dead.
            signed_on = self._ledger.workers.all(self._settings.dead_seconds)
            dead = {one.id for one in signed_on if not one.alive} - {self._lock.worker}
            alive = {one.id for one in signed_on} - dead | {self._lock.worker}
            taken = await asyncio.to_thread(self._queue.take_over, alive)
            orphans = self._ledger.tickets.orphans(alive)
            known = await asyncio.to_thread(self._queue.still_queued, [ticket for ticket, _ in orphans])
            for ticket, worker in orphans:
                if ticket not in known:
                    self._ledger.tasks.put_back(ticket, worker)
            # In line again, and seen to be: a line with nothing queued is not looked at.
            self._ledger.tickets.queue_again([*known], alive)
            for worker in dead:
                self.retire(worker)
        if taken:
            self._say(f"接手 {len(taken)} 笔办件：原来的办理程序已中断")

    async def _sweep(self) -> None:
        """Put back in line what the queue does not know any more."""
        for key in self._dispatcher:
            tickets = self._ledger.tickets.stranded(key, _STRANDED_SECONDS)
            known = await asyncio.to_thread(self._queue.still_queued, tickets)
            self._ledger.tickets.requeue([ticket for ticket in tickets if ticket not in known])

    async def _resize(self) -> None:
        for line in self._dispatcher.resize(self._ledger, workers=len(self.alive)):
            self._say(line)

    async def _forget(self) -> None:
        await asyncio.to_thread(self._queue.forget, _KEPT_SECONDS)

    async def _tell_hours(self) -> None:
        closed = self._dispatcher.closed(datetime.now(UTC))
        for key in closed.keys() - self._closed:
            opens = closed[key].astimezone(CHINA)
            self._say(f"平台“{self._dispatcher.name(key)}”不在办理时间，{opens:%m-%d %H:%M} 自动继续")
        for key in self._closed - closed.keys():
            self._say(f"平台“{self._dispatcher.name(key)}”进入办理时间，继续办理")
        self._closed = set(closed)

    async def _probe_all(self) -> None:
        now = datetime.now(UTC)
        for state in self._ledger.portals.states():
            name = self._dispatcher.setting_of(state.portal)
            due = state.probe_at is not None and state.probe_at <= now
            if name and due and self._ledger.portals.take_probe(state.portal, now + _PROBE_LEASE):
                await self._probe(name, state)

    async def _probe(self, name: str, state: PortalState) -> None:
        """See whether a portal that was unwell is well again."""
        shown = self._dispatcher.name(state.portal)
        try:
            await self._performer.probe(name)
        except Stop as stop:
            later = circuit_breaker.next_probe(state, self._settings, datetime.now(UTC))
            self._ledger.portals.probe_failed(state.portal, later)
            self._say(f"平台“{shown}”探测仍不可用（{stop.message}），{later.astimezone(CHINA):%H:%M} 再试")
        else:
            self._ledger.portals.resume(state.portal)
            self._say(f"平台“{shown}”已恢复，继续办理")
