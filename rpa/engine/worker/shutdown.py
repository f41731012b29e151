"""How a worker is asked to stop: once politely, twice at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rpa.errors import Drained


class Stopping:
    """Asked once, running steps end and the rest stays queued; asked again, everything ends now.

    Safe to be asked from a signal handler; to be made and waited for inside one event loop.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = asyncio.Event()
        self._insisted = asyncio.Event()
        self._times = 0

    def ask(self) -> None:
        """Ask to stop; a second time it is urgent."""
        self._times += 1
        self._loop.call_soon_threadsafe((self._asked if self._times == 1 else self._insisted).set)

    @property
    def asked(self) -> bool:
        """Whether somebody wants the worker to stop."""
        return self._asked.is_set()

    @property
    def insisted(self) -> bool:
        """Whether it is to stop at once."""
        return self._insisted.is_set()

    def check(self) -> None:
        """A place where an attempt may end without harm.

        Raises:
            Drained: somebody wants the worker to stop.
        """
        if self.asked:
            raise Drained("按要求停下，这笔办件留在队列中")

    async def pause(self, seconds: float) -> bool:
        """Wait so long at most; true as soon as somebody wants to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)
        return self.asked

    async def wish(self) -> None:
        """Wait until somebody wants to stop."""
        await self._asked.wait()

    async def insistence(self) -> None:
        """Wait until somebody wants to stop at once."""
        await self._insisted.wait()
