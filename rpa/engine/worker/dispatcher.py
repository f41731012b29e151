"""The portals' queues as this worker sees them: which are open, how much runs and is handed out ahead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rpa.engine.queue.queue import Queue
from rpa.engine.worker.concurrency import Concurrency, reason, sessions_wanted
from rpa.ledger.data.tasks import PortalLimits, Scope, Ticket
from rpa.ledger.ledger import Ledger
from rpa.settings.hours import Hours
from rpa.settings.portal import PortalSettings
from rpa.settings.settings import Settings

_AHEAD = 4
"""The queue holds at most so many times what may run at once, so that pausing takes effect at once."""

_UNCHANGED_LOOKS = 10
"""An unchanged ledger is read all the same after so many looks: a moment may have come."""


@dataclass(frozen=True, slots=True)
class _Portal:
    name: str
    """In the settings."""
    settings: PortalSettings
    hours: Hours


class Dispatcher:
    """Every portal of the settings, by its key in the ledger.

    Args:
        settings: of the portals.
        worker: this one.
        only: what is handed out; none for everything.
    """

    def __init__(self, settings: Settings, worker: str, *, only: Scope | None = None) -> None:
        self._worker = worker
        self.scope = only
        self._seen: int | None = None
        self._look_by = 0.0
        self._engine = settings.engine
        self._portals: dict[str, _Portal] = {
            key: _Portal(key.name, portal, Hours.parse(portal.opening_hours))
            for key, portal in settings.by_key.items()
        }
        most = self._engine.concurrency or self._engine.most_at_once
        self._sizes: dict[str, Concurrency] = {
            key: Concurrency(min(portal.settings.at_once, most)) for key, portal in self._portals.items()
        }
        """Followed only where the settings name no number."""

    @property
    def limits(self) -> Mapping[str, PortalLimits]:
        """Portal → how many of its filings may begin and run, as of now."""
        return {
            key: PortalLimits(portal.settings.starts_per_minute, portal.settings.at_once, self._places(key))
            for key, portal in self._portals.items()
        }

    def _places(self, key: str) -> int:
        size = self._sizes[key]
        return size.most if self._engine.concurrency else size.now

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self._portals)

    def name(self, key: str) -> str:
        """平台 as the workbook writes it."""
        return self._portals[key].settings.name if key in self._portals else key

    def setting_of(self, key: str) -> str | None:
        """The portal's name in the settings, if this worker serves it."""
        return self._portals[key].name if key in self._portals else None

    def open_at(self, key: str, moment: datetime) -> bool:
        """Whether filings of a portal may begin at a moment."""
        return self._portals[key].hours.open_at(moment)

    def closed(self, moment: datetime) -> dict[str, datetime]:
        """Portals outside their opening hours, and when they open."""
        return {
            key: portal.hours.next_opening(moment)
            for key, portal in self._portals.items()
            if not portal.hours.open_at(moment)
        }

    async def hand_out(self, ledger: Ledger, queue: Queue) -> None:
        """Give the queue what is due at the portals that are open, and no places at the others.

        Where nobody has written anything since the last look, only time can have made a difference.
        """
        seen = ledger.version()
        if seen is not None and seen == self._seen and time.monotonic() < self._look_by:
            return
        self._seen = seen
        self._look_by = time.monotonic() + _UNCHANGED_LOOKS * self._engine.poll_seconds
        held = {state.portal for state in ledger.portals.states() if state.paused_at}
        now = datetime.now(UTC)
        for key in self._portals:
            is_open = key not in held and self.open_at(key, now)
            queued = ledger.tickets.queued(key)
            tickets = self._tickets(ledger, key, queued) if is_open else ()
            to_do = is_open and bool(queued or tickets)
            if tickets:
                await asyncio.to_thread(queue.put, key, tickets)
                ledger.tickets.mark_queued(tickets)
            queue.set_places(key, self._free_places(ledger, key) if to_do else 0)

    def resize(self, ledger: Ledger, *, workers: int) -> Sequence[str]:
        """Let as many filings of each portal run as keep whoever answers busy; says what changed.

        Args:
            ledger: knows how long filings take lately.
            workers: so many share the work.
        """
        if self._engine.concurrency:
            return ()
        said = []
        working = [key for key in self._portals if ledger.tickets.queued(key)]
        for key in working:
            size = self._sizes[key]
            wanted = sessions_wanted(ledger.throughput.of(key), portals=len(working), workers=workers)
            if size.follow(wanted, time.monotonic()):
                self._look_by = 0.0  # the next look tells the queue
                said.append(f"平台“{self.name(key)}”同时办理 {size.now} 户：{reason(wanted, size)}")
        return said

    def _tickets(self, ledger: Ledger, key: str, queued: int) -> Sequence[Ticket]:
        """What is due, as far as the queue has room and the pace lets it begin."""
        room = self._portals[key].settings.at_once * _AHEAD - queued
        tickets = ledger.ready_tasks.find(key, room, scope=self.scope) if room > 0 else ()
        if not tickets:
            return ()
        left = ledger.pace.starts_left(key, self._portals[key].settings.starts_per_minute) - queued
        return tickets[: max(left, 0)]

    def _free_places(self, ledger: Ledger, key: str) -> int:
        """The places of this worker, as far as others leave them free: what it took besides would go back."""
        places = self._places(key)
        if ledger.dialect == "sqlite":
            return places  # there are no others
        everywhere, here = ledger.tickets.running(key, self._worker)
        return min(places, here + max(self._portals[key].settings.at_once - everywhere, 0))

    async def take_back(self, ledger: Ledger, queue: Queue) -> None:
        """Empty the queue of what has not started: whoever works next hands out anew what they mean to."""
        if ledger.dialect != "sqlite":
            return  # other workers go on with it
        for key in self._portals:
            tickets = ledger.tickets.stranded(key, 0.0)
            await asyncio.to_thread(queue.drop, tickets)
            ledger.tickets.requeue(tickets)
