"""A page of a portal, with what sees, uses and pictures it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera
from rpa.browser.images import Images
from rpa.browser.labels import Labels
from rpa.browser.labels.page_scripts import PageScripts
from rpa.browser.private import PersonalData
from rpa.browser.speech.ear import Ear, Listener
from rpa.browser.timeouts import within_time
from rpa.browser.waiter import Waiter
from rpa.settings.portal import PortalSettings
from rpa.settings.settings import BrowserSettings

_STILL = {"playbackRate": 10_000}  # CSS animations end at once: no picture catches a dialog half faded

_CLOSING_SECONDS = 1.0
"""So long a page may take to close before it is asked again."""
_CLOSINGS = 5


@dataclass(frozen=True, slots=True)
class PortalPage:
    """The first page of a session, or a window that it opened."""

    page: Page
    cdp: CDPSession
    waiter: Waiter
    labels: Labels
    camera: Camera
    images: Images
    ear: Ear

    @classmethod
    async def attach(
        cls,
        page: Page,
        portal: PortalSettings,
        settings: BrowserSettings,
        personal: PersonalData,
        listener: Listener,
    ) -> Self:
        """Have a page heard, watched, its animations ended at once, its controls and pictures within reach.

        Raises:
            Unavailable: it does not answer.
        """
        async with within_time():
            cdp = await page.context.new_cdp_session(page)
            await asyncio.gather(cdp.send("Animation.enable"), cdp.send("Animation.setPlaybackRate", _STILL))
        scripts = PageScripts(page, cdp, seconds=portal.save_seconds)
        ear = Ear(cdp, portal, scripts.press_at, listener)
        waiter = Waiter(page, portal, ear)
        async with within_time():
            await ear.listen()
        camera = Camera(page, cdp, scripts, settings=settings, origins=portal.origins, personal=personal)
        labels = Labels(page, scripts, origins=portal.origins, settle=camera.done)
        images = Images(cdp, scripts, camera, portal)
        return cls(page, cdp, waiter, labels, camera, images, ear)

    async def close(self) -> None:
        """Close the page, whatever it is doing; one that is closed already stays so.

        Chromium agrees to close a page and forgets it where a navigation commits in the same moment
        (crbug.com/536385539), and Playwright would wait for ever: a page is asked until it is gone.
        A page that stays all the same is closed with its session.
        """
        closing = asyncio.create_task(self.page.close(), name="close page")
        try:
            for _ in range(_CLOSINGS):
                if (await asyncio.wait({closing}, timeout=_CLOSING_SECONDS))[0]:
                    break
                with suppress(PlaywrightError):  # gone by now
                    await self.cdp.send("Page.close")
        finally:
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)
