"""The windows of one browser context: one is in front, and whatever is done is done there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.page import PortalPage
from rpa.browser.printouts import NO_PRINTER, Printed, PrintWatch
from rpa.browser.translate import translated
from rpa.errors import PortalChanged, Unavailable

T = TypeVar("T")


@dataclass
class Windows:
    """The first page of a browser context, and the windows that it opened."""

    context: BrowserContext
    front: PortalPage
    """What is seen and used now."""
    _prepare: Callable[[Page], Awaitable[PortalPage]]
    _behind: list[PortalPage] = field(default_factory=list)
    """What stands behind the window in front, the first page first."""

    @classmethod
    async def open(cls, context: BrowserContext, prepare: Callable[[Page], Awaitable[PortalPage]]) -> Self:
        """Open a context's first page; ``prepare`` has it, and whatever it opens, watched and pictured."""
        await context.add_init_script(NO_PRINTER)
        return cls(context, await prepare(await context.new_page()), prepare)

    async def follow(
        self, act: Callable[[], Awaitable[None]], look: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        """Do what leads on, and look where it has led: on this page, or in a window that opens for it.

        Such a window is in front from then on, until :meth:`leave`.
        """
        opened: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        opener = self.front.page

        def on_popup(window: Page) -> None:
            if not opened.done():
                opened.set_result(window)

        opener.on("popup", on_popup)
        try:
            await act()
            here = asyncio.create_task(look(), name="look here")
            try:
                either: set[asyncio.Future[Any]] = {here, opened}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if not opened.done():
                    return await here
            finally:
                here.cancel()
                await asyncio.gather(here, return_exceptions=True)
        finally:
            opener.remove_listener("popup", on_popup)
        await self.enter(opened.result())
        return await look()

    async def print_out(self, act: Callable[[], Awaitable[None]], *, seconds: float) -> Printed:
        """Do what prints, and take what comes of it; no dialog opens, and no window stays.

        Args:
            act: such as a click.
            seconds: how long a file or a window may take to come.
        """
        await self.front.camera.done()
        watch = PrintWatch(self.context, self.front.page)
        try:
            with translated():
                await watch.watch(act, seconds)
                pdfs = await watch.pdfs()
                pictures = () if pdfs else await watch.pictures(self.front, self._prepared)
            return Printed(pdfs, pictures, "" if pdfs or pictures else watch.why_nothing)
        except (PortalChanged, Unavailable) as stop:
            return Printed(missing=stop.message)
        finally:
            for window in watch.windows:
                with suppress(PlaywrightError):
                    await (await self._prepared(window)).close()

    async def enter(self, window: Page) -> None:
        """Have a window that opened in front, doing whatever the first page does.

        Raises:
            Unavailable: it failed to load before anybody watched it.
        """
        front = await self._prepared(window)
        self._behind.append(self.front)
        self.front = front
        if window.url.startswith("chrome-error:"):
            raise Unavailable("打不开平台新开的窗口")

    async def leave(self) -> None:
        """Close every window that was opened; the first page is in front again."""
        while self._behind:
            await self._leave_one()

    async def start_over(self, origins: Collection[str]) -> None:
        """Have an empty page alone, and no cache, no cookies, and nothing that these origins stored."""
        await self.leave()
        await self.front.camera.done()
        old, self.front = self.front, await self._prepared(await self.context.new_page())
        await old.close()
        await self.context.clear_cookies()
        await self.front.cdp.send("Network.clearBrowserCache")
        for origin in sorted(origins):
            await self.front.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    async def show(self) -> None:
        """Bring the window in front to the top of a person's screen."""
        await self.front.page.bring_to_front()

    async def _leave_one(self) -> None:
        await self.front.camera.done()
        window, self.front = self.front, self._behind.pop()
        await window.close()

    async def _prepared(self, page: Page) -> PortalPage:
        front = await self._prepare(page)
        front.waiter.interruptions = self.front.waiter.interruptions
        return front
