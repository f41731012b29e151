"""Tells open pages that the ledger has changed; the ledger is asked nothing while no page is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from rpa.errors import LedgerDown
from rpa.ledger.ledger import Ledger

_LOOK_SECONDS = 0.2
_BLIND_LOOK_SECONDS = 0.5
"""Where the ledger cannot say that it has changed (PostgreSQL), it may have at every look."""


class ChangeFeed:
    """Asks the ledger for changes, once for all who listen.

    Args:
        ledger: which is not this process's worker's own: it would not see its own changes.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._closed = asyncio.Event()
        self._turn = asyncio.Condition()
        self._number = 0
        self._listeners = 0
        self._looking: asyncio.Task[None] | None = None

    async def changes(self) -> AsyncIterator[int]:
        """A number at once, and another one whenever something may have changed; ends with the server."""
        self._listeners += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="console change feed")
        try:
            while not self._closed.is_set():
                seen = self._number
                yield seen
                async with self._turn:
                    await self._turn.wait_for(lambda seen=seen: self._number != seen or self._closed.is_set())  # type: ignore[misc]
        finally:
            self._listeners -= 1

    async def close(self) -> None:
        """End every listener."""
        self._closed.set()
        if self._looking:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        async with self._turn:
            self._turn.notify_all()

    async def _look(self) -> None:
        before: int | None = None
        while True:
            await asyncio.sleep(_LOOK_SECONDS if self._ledger.dialect == "sqlite" else _BLIND_LOOK_SECONDS)
            if not self._listeners:
                continue
            with suppress(LedgerDown):  # the pages go on showing what they have
                now = self._ledger.version()
                if now is None or now != before:
                    await self._announce()
                before = now

    async def _announce(self) -> None:
        async with self._turn:
            self._number += 1
            self._turn.notify_all()
