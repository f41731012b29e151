"""A page that has stopped answering: its own script never ends, or its renderer hangs.

Playwright sets no limit to most of what it asks a page, and would wait for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rpa.errors import Unavailable

ANSWER_SECONDS = 20.0
"""So long a page that nobody asked for anything of the portal may keep us waiting."""


@asynccontextmanager
async def within_time(seconds: float | None = None) -> AsyncIterator[None]:
    """Wait for a page's answers inside the block, but no longer than this.

    Args:
        seconds: by default ``ANSWER_SECONDS``.

    Raises:
        Unavailable: they did not come; nobody knows what the page still does.
    """
    try:
        async with asyncio.timeout(seconds or ANSWER_SECONDS):
            yield
    except TimeoutError:
        raise Unavailable("页面卡住了，没有反应") from None
