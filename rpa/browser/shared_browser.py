"""The one browser of a process: started when it is first needed, and again after it died."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress

from loguru import logger
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from rpa.browser.launch import launch
from rpa.browser.running_browser import RunningBrowser, running_browser
from rpa.settings.settings import BrowserSettings


class SharedBrowser:
    """Gives every attempt a living browser; close it at the end."""

    def __init__(self, settings: BrowserSettings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._running: RunningBrowser | None = None
        self._starting = asyncio.Lock()

    async def running(self) -> RunningBrowser:
        """The browser, started where none runs.

        Raises:
            UserError: none can be started.
        """
        async with self._starting:
            if self._running and not self._running.chromium.is_connected():
                logger.warning("浏览器意外退出，重新启动")
                await self.close()
            if self._running is None:
                self._running = await self._start()
            return self._running

    async def close(self) -> None:
        """End the browser, if there is one."""
        stack, self._stack, self._running = self._stack, AsyncExitStack(), None
        with suppress(PlaywrightError):  # gone already
            await stack.aclose()

    async def _start(self) -> RunningBrowser:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            browser = await launch(playwright, self._settings)
            stack.push_async_callback(browser.close)
            running = await stack.enter_async_context(running_browser(self._settings, playwright, browser))
            self._stack = stack.pop_all()
            return running
