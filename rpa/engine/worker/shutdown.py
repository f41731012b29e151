"""How a worker is asked to stop: once politely, twice at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rpa.errors import Drained


class Shutdown:
    """Asked once, running steps end and the rest stays queued; asked again, everything ends now.

    Safe to be asked from a signal handler; to be made and waited for inside one event loop.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._requested = asyncio.Event()
        self._urgent = asyncio.Event()
        self._times = 0

    def request(self) -> None:
        """Ask to stop; a second time it is urgent."""
        self._times += 1
        self._loop.call_soon_threadsafe((self._requested if self._times == 1 else self._urgent).set)

    @property
    def requested(self) -> bool:
        """Whether somebody wants the worker to stop."""
        return self._requested.is_set()

    @property
    def urgent(self) -> bool:
        """Whether it is to stop at once."""
        return self._urgent.is_set()

    def check(self) -> None:
        """A place where an attempt may end without harm.

        Raises:
            Drained: somebody wants the worker to stop.
        """
        if self.requested:
            raise Drained("按要求停下，这笔办件留在队列中")

    async def pause(self, seconds: float) -> bool:
        """Wait so long at most; true as soon as somebody wants to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._requested.wait(), seconds)
        return self.requested

    async def until_requested(self) -> None:
        """Wait until somebody wants to stop."""
        await self._requested.wait()

    async def until_urgent(self) -> None:
        """Wait until somebody wants to stop at once."""
        await self._urgent.wait()
