"""One browser context with one page in front, kept inside one portal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playwright.async_api import APIRequestContext, Browser, BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera, Shot
from rpa.browser.guard import Gate
from rpa.browser.labels import Labels
from rpa.browser.labels.spots import Held, Row, Spot
from rpa.browser.lookout import Lookout, Seen, Sign
from rpa.browser.pictures import Pictures
from rpa.browser.single_send import Sent, single_send
from rpa.errors import PortalChanged, Unavailable
from rpa.settings import BrowserSettings, PortalSettings

if TYPE_CHECKING:
    from playwright.async_api import Playwright

_STILL = {"playbackRate": 10_000}  # CSS animations end at once: no picture catches a dialog half faded
_LOOK_UP_SECONDS = 2.5
"""So long a control is waited for before the page is searched for the portal's own words."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Robot:
    """What all sessions of one run share: one browser, its gate, and a sender for commits.

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


@dataclass
class Session:
    """One browser context at one portal. Flows reach it through screens only."""

    context: BrowserContext
    page: Page
    lookout: Lookout
    labels: Labels
    camera: Camera
    pictures: Pictures
    portal: PortalSettings
    robot: Robot

    @classmethod
    @asynccontextmanager
    async def open(cls, robot: Robot, portal: PortalSettings) -> AsyncIterator[Session]:
        """A fresh context (no cookie of anybody else), closed at the end."""
        settings = robot.settings
        context = await robot.browser.new_context(
            viewport={"width": settings.width, "height": settings.height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            reduced_motion="reduce",
            proxy=robot.gate.proxy(portal.origins),
        )
        try:
            context.set_default_timeout(portal.step_seconds * 1000)
            page = await context.new_page()
            cdp = await context.new_cdp_session(page)
            await _keep_still(cdp)
            camera = Camera(
                page, cdp, width=settings.width, height=settings.height, quality=settings.jpeg_quality
            )
            labels = Labels(page, cdp, origins=portal.origins, settle=camera.done)
            pictures = Pictures(page, cdp, labels, camera)
            yield cls(context, page, Lookout(page, portal), labels, camera, pictures, portal, robot)
        finally:
            with suppress(PlaywrightError):  # gone already, with its browser
                await context.close()

    # --- going and waiting

    @property
    def address(self) -> str:
        """Where the page is now, to come back to."""
        return self.page.url

    async def go(self, address: str) -> None:
        """Go to an address of the portal; whatever is waited for next says whether it arrived.

        Raises:
            ForeignOrigin: it led away from the portal.
            Unavailable: nobody answered.
        """
        await self._ready()
        try:
            await self.page.goto(address, wait_until="commit")
        except PlaywrightError:
            if self.lookout.trouble:
                raise self.lookout.trouble from None
            raise

    async def see(self, *signs: Sign, otherwise: Sign | None = None, seconds: float | None = None) -> Seen:
        """Wait for whichever sign or interruption shows first; see :meth:`Lookout.see`."""
        return await self.lookout.see(*signs, otherwise=otherwise, seconds=seconds)

    async def mark(self) -> None:
        """Remember this moment: a fresh sign is one that came after it."""
        await self.lookout.mark()

    # --- acting: what changes the page waits for the picture under way

    async def click(self, spot: Spot | str) -> None:
        """Click what a person reads as ``spot``, as soon as it can be clicked."""
        await self._act(lambda seconds: self.labels.click(spot, timeout=seconds))

    async def click_in(self, row: Row, label: str) -> None:
        """Click a control inside a table's row."""
        await self._act(lambda seconds: self.labels.click_in(row, label, timeout=seconds))

    async def fill(self, values: Mapping[Spot | str, str | bool]) -> Mapping[str, Held]:
        """Fill a form and return what the page holds afterwards.

        A control that is greyed out (a box under a countdown) is waited for as long as a step may take.
        """
        await self._ready()
        try:
            return await self.labels.fill(values, timeout=self.portal.step_seconds)
        except (PortalChanged, Unavailable):
            await self.lookout.check_interruptions()
            raise

    async def tick(self, row: Row) -> None:
        """Mark a table's row by its check box or radio button."""
        await self._act(lambda seconds: self.labels.tick(row, timeout=seconds))

    async def read(self, spots: Sequence[Spot | str]) -> Mapping[str, Held]:
        """What controls and read-only texts hold."""
        return await self.labels.read(spots, timeout=self.portal.step_seconds)

    async def rows(self, headers: Sequence[str]) -> Sequence[Row]:
        """The rows of the table with these column headers."""
        return await self.labels.rows(headers, timeout=self.portal.step_seconds)

    async def has(self, spot: Spot) -> bool:
        """Whether a control is there now."""
        return await self.labels.box(spot) is not None

    async def require(self, spot: Spot) -> None:
        """Wait until a control is there, without touching it.

        Raises:
            PortalChanged: it is not, or two are.
        """
        if await self.labels.box(spot, timeout=self.portal.step_seconds) is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”")

    async def picture_of(self, spot: Spot) -> bytes:
        """A picture for a person to read."""
        return await self.pictures.read(spot, seconds=self.portal.step_seconds)

    async def renew(self, spot: Spot) -> None:
        """Click a picture to get another one, and wait until it is there."""
        await self.pictures.renew(spot, lambda: self.click(spot), seconds=self.portal.step_seconds)

    async def upload(self, spot: Spot | str, paths: Sequence[Path]) -> None:
        """Give files to a file control."""
        await self.camera.done()
        await self._act(lambda seconds: self.labels.upload(spot, paths, timeout=seconds))

    async def _ready(self) -> None:
        await self.camera.done()
        self.lookout.forget()

    async def _act(self, act: Callable[[float], Awaitable[T]]) -> T:
        """Act on a control; while it does not come, look what the portal says instead.

        A picture under way is waited for by the labels, right before the click.

        Raises:
            Stop: the portal's interruption, else what ``act`` raised when the time was up.
        """
        self.lookout.forget()
        clock = asyncio.get_running_loop()
        end = clock.time() + self.portal.step_seconds
        while True:
            left = end - clock.time()
            try:
                return await act(min(left, _LOOK_UP_SECONDS))
            except (PortalChanged, Unavailable):
                await self.lookout.check_interruptions()
                if left <= _LOOK_UP_SECONDS:
                    raise

    # --- windows, pictures, the commit

    async def in_new_window(self, act: Callable[[], Awaitable[None]]) -> Shot | None:
        """Do what opens a window, picture the window, close it."""
        async with self.page.expect_popup() as opening:
            await act()
        window = await opening.value
        try:
            await window.wait_for_load_state("load")
            cdp = await self.context.new_cdp_session(window)
            settings = self.robot.settings
            return await Camera(
                window, cdp, width=settings.width, height=settings.height, quality=settings.jpeg_quality
            ).shoot()
        finally:
            await window.close()

    @asynccontextmanager
    async def single_send(self) -> AsyncIterator[Sent]:
        """See :func:`rpa.browser.single_send.single_send`.

        Where the portal's settings switch it off, requests leave as the browser sends them, uncounted.
        """
        if not self.portal.single_send:
            yield Sent()
            return
        async with single_send(self.context, self.robot.sender, seconds=self.portal.save_seconds) as sent:
            yield sent


async def _keep_still(cdp: CDPSession) -> None:
    await asyncio.gather(cdp.send("Animation.enable"), cdp.send("Animation.setPlaybackRate", _STILL))
