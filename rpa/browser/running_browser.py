"""What all sessions of a process share: a running browser, the proxy beside it, a sender for commits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import APIRequestContext, Browser
from playwright.async_api import Error as PlaywrightError

from rpa.browser.guard import RefusingProxy
from rpa.settings.settings import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Playwright


@dataclass(frozen=True, slots=True)
class RunningBrowser:
    """A browser, what keeps its requests inside the portals' origins, and what sends a commit.

    The sender stands where the browser stands: a commit must not reach the portal from another machine.
    """

    chromium: Browser
    proxy: RefusingProxy
    sender: APIRequestContext
    settings: BrowserSettings


@asynccontextmanager
async def running_browser(
    settings: BrowserSettings, playwright: Playwright, chromium: Browser
) -> AsyncIterator[RunningBrowser]:
    """Put proxy and sender beside a launched browser, until the block ends."""
    remote = bool(settings.ws_endpoint)
    sending = _remote_sender(chromium) if remote else _sender(playwright)
    async with sending as sender, RefusingProxy(remote=remote).listening() as proxy:
        yield RunningBrowser(chromium, proxy, sender, settings)


@asynccontextmanager
async def _sender(playwright: Playwright) -> AsyncIterator[APIRequestContext]:
    sender = await playwright.request.new_context()
    try:
        yield sender
    finally:
        await sender.dispose()


@asynccontextmanager
async def _remote_sender(chromium: Browser) -> AsyncIterator[APIRequestContext]:
    """The sender of a context that nobody uses: it has no proxy, and sends from the browser's machine."""
    context = await chromium.new_context()
    try:
        yield context.request
    finally:
        with suppress(PlaywrightError):  # gone already, with its browser
            await context.close()
