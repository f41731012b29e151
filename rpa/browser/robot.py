"""What all sessions of one run share: one browser, its gate, and a sender for commits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import APIRequestContext, Browser
from playwright.async_api import Error as PlaywrightError

from rpa.browser.guard import Gate
from rpa.settings.settings import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Playwright


@dataclass(frozen=True, slots=True)
class Robot:
    """A browser with its gate and a sender.

    The sender stands where the browser stands: a commit must not reach the portal from another machine.
    """

    browser: Browser
    gate: Gate
    sender: APIRequestContext
    settings: BrowserSettings


@asynccontextmanager
async def robot(settings: BrowserSettings, playwright: Playwright, browser: Browser) -> AsyncIterator[Robot]:
    """Put gate and sender beside a launched browser."""
    remote = bool(settings.ws_endpoint)
    sending = _remote_sender(browser) if remote else _sender(playwright)
    async with sending as sender, Gate(remote=remote).listening() as gate:
        yield Robot(browser, gate, sender, settings)


@asynccontextmanager
async def _sender(playwright: Playwright) -> AsyncIterator[APIRequestContext]:
    sender = await playwright.request.new_context()
    try:
        yield sender
    finally:
        await sender.dispose()


@asynccontextmanager
async def _remote_sender(browser: Browser) -> AsyncIterator[APIRequestContext]:
    """The sender of a context that nobody uses: it has no gate in front, and it works at the browser's."""
    context = await browser.new_context()
    try:
        yield context.request
    finally:
        with suppress(PlaywrightError):  # gone already, with its browser
            await context.close()
