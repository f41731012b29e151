"""Tells open pages that something has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.console.context import console_of
from rpa.console.feed.change_feed import ChangeFeed

_PING_SECONDS = 15
_SEND_SECONDS = 5
"""A page that takes nothing for so long is gone."""


async def _changes(request: Request) -> Response:
    """Server-sent events: a number at once, another one at each change."""
    events = _events(console_of(request).change_feed)
    return EventSourceResponse(events, ping=_PING_SECONDS, send_timeout=_SEND_SECONDS)


async def _events(feed: ChangeFeed) -> AsyncIterator[dict[str, str]]:
    async for number in feed.changes():
        yield {"data": str(number)}


ROUTES = [Route("/changes", _changes)]
