"""The commit's own request leaves once, whatever happens on the wire.

Chromium by itself sends a POST again when a server closes a kept-alive connection without answering
(one click was seen to make two or three commits). While a commit is under way, its POST is therefore
taken out of the browser's hands and sent over a fresh connection with no retry; the page then gets
the portal's normal answer, or a normal network failure. Only for that moment is anything intercepted:
routing every request would cost a tenth of a filing.

The browser does not hand out what is inside a form's files: a commit must be a request without any, and
files go up before it, in requests of their own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import APIRequestContext, BrowserContext, Request, Route
from playwright.async_api import Error as PlaywrightError

_EVERYTHING = "**/*"
_HOP_HEADERS = frozenset({"connection", "content-length", "host", "cookie"})


@dataclass
class Sent:
    """What left during a commit."""

    posts: list[str] = field(default_factory=list)
    """Paths of the requests sent, without their query."""
    lost: list[str] = field(default_factory=list)
    """Paths of those whose answer never came."""


@asynccontextmanager
async def single_send(
    context: BrowserContext, sender: APIRequestContext, *, seconds: float
) -> AsyncIterator[Sent]:
    """Send every POST of this context exactly once until the block ends.

    Args:
        context: the browser context in which the commit happens.
        sender: a request context with no proxy: the context's own would use its proxy, whose
            bypass rules the sender does not understand.
        seconds: how long the portal has to answer.
    """
    sent = Sent()

    async def handle(route: Route, request: Request) -> None:
        if request.method != "POST":
            await route.continue_()
            return
        await _send_once(route, request, context, sender, sent, seconds)

    await context.route(_EVERYTHING, handle)
    try:
        yield sent
    finally:
        await context.unroute(_EVERYTHING, handle)


async def _send_once(
    route: Route,
    request: Request,
    context: BrowserContext,
    sender: APIRequestContext,
    sent: Sent,
    seconds: float,
) -> None:
    path = request.url.split("?", 1)[0]
    sent.posts.append(path)
    headers = {name: value for name, value in request.headers.items() if name not in _HOP_HEADERS}
    cookies = await context.cookies(request.url)
    headers["cookie"] = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
    try:
        answer = await sender.fetch(
            request.url,
            method=request.method,
            headers=headers,
            data=request.post_data_buffer or b"",
            max_retries=0,
            max_redirects=0,
            fail_on_status_code=False,
            timeout=seconds * 1000,
        )
    except PlaywrightError:
        # Not a word of the error is kept: it quotes the request with its values.
        sent.lost.append(path)
        await route.abort("connectionreset")
        return
    await route.fulfill(response=answer)
