"""The one browser of a process: started when it is first needed, and again after it died."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress

from loguru import logger
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from rpa.browser.launch import launch
from rpa.browser.session import Robot, robot
from rpa.settings.settings import BrowserSettings


class Machine:
    """Gives every attempt a living browser; close it at the end."""

    def __init__(self, settings: BrowserSettings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._robot: Robot | None = None
        self._starting = asyncio.Lock()

    async def robot(self) -> Robot:
        """The browser with its gate.

        Raises:
            UserError: none can be started.
        """
        async with self._starting:
            if self._robot and not self._robot.browser.is_connected():
                logger.warning("浏览器意外退出，重新启动")
                await self.close()
            if self._robot is None:
                self._robot = await self._start()
            return self._robot

    async def close(self) -> None:
        """End the browser, if there is one."""
        stack, self._stack, self._robot = self._stack, AsyncExitStack(), None
        with suppress(PlaywrightError):  # gone already
            await stack.aclose()

    async def _start(self) -> Robot:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            browser = await launch(playwright, self._settings)
            stack.push_async_callback(browser.close)
            started = await stack.enter_async_context(robot(self._settings, playwright, browser))
            self._stack = stack.pop_all()
            return started
