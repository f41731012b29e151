"""A page in front of us, with what sees, uses and pictures it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self

from playwright.async_api import CDPSession, Page

from rpa.browser.camera import Camera
from rpa.browser.labels import Labels
from rpa.browser.labels.trips import Trips
from rpa.browser.lookout import Lookout
from rpa.browser.pictures import Pictures
from rpa.browser.private import Personal
from rpa.settings import BrowserSettings, PortalSettings

_STILL = {"playbackRate": 10_000}  # CSS animations end at once: no picture catches a dialog half faded


@dataclass(frozen=True, slots=True)
class Front:
    """One page: the first of a session, or a window that it opened."""

    page: Page
    cdp: CDPSession
    lookout: Lookout
    labels: Labels
    camera: Camera
    pictures: Pictures

    @classmethod
    async def of(
        cls, page: Page, portal: PortalSettings, settings: BrowserSettings, personal: Personal
    ) -> Self:
        """Stand before a page."""
        lookout = Lookout(page, portal)
        cdp = await page.context.new_cdp_session(page)
        await asyncio.gather(cdp.send("Animation.enable"), cdp.send("Animation.setPlaybackRate", _STILL))
        trips = Trips(page, cdp)
        camera = Camera(page, cdp, trips, settings=settings, origins=portal.origins, personal=personal)
        labels = Labels(page, cdp, origins=portal.origins, settle=camera.done, trips=trips)
        return cls(page, cdp, lookout, labels, camera, Pictures(page, cdp, labels, camera))
