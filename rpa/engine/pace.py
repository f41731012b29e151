"""The polite pace: filings at one portal start not faster than configured."""

from __future__ import annotations

import asyncio


class Pace:
    """Lets one start through every so many seconds.

    Args:
        seconds: between two starts; 0 for no pace.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._gate = asyncio.Semaphore(1)

    async def turn(self) -> None:
        """Wait for a start of one's own."""
        await self._gate.acquire()
        asyncio.get_running_loop().call_later(self._seconds, self._gate.release)
