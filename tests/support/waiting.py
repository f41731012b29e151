"""Waiting for what a thread, a process, a browser or a clock brings about, none of which tells when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LONGEST_SECONDS = 100.0
"""A machine that is busy with other tests as well is slow; what happens at all happens long before."""
_LOOK_SECONDS = 0.02


def until(look: Callable[[], T | None]) -> T:
    """What a look finds, as soon as it finds something; fails where nothing comes of it."""
    end = time.monotonic() + _LONGEST_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(_LOOK_SECONDS)
    return found


async def until_async(look: Callable[[], T | None]) -> T:
    """The same, while this event loop goes on with its work."""
    end = time.monotonic() + _LONGEST_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(_LOOK_SECONDS)
    return found
