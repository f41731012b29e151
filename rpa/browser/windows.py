"""The windows of one browser context: one is in front, and whatever is done is done there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Page

from rpa.browser.camera import Camera, Shot
from rpa.browser.labels import Labels
from rpa.browser.page import Front
from rpa.browser.pictures import Pictures
from rpa.browser.private import Personal
from rpa.browser.robot import Robot
from rpa.browser.waiter import Lookout
from rpa.errors import Unavailable
from rpa.settings.settings import PortalSettings

BLANK = "about:blank"


@dataclass
class Windows:
    """A browser context at one portal, and its page in front."""

    context: BrowserContext
    front: Front
    portal: PortalSettings
    robot: Robot
    personal: Personal
    """What the pictures of all its windows show of persons."""
    signed_in: bool = False
    """Whether the portal let somebody in here: for an earlier filing of the same login, or by a state
    that was kept. The flow says so when its login succeeded."""
    home: str = ""
    """Where the flow found the home of whoever is signed in, to come back to; empty: not known."""
    _behind: list[Front] = field(default_factory=list)
    """What stands behind the window in front, the first page first."""

    @property
    def page(self) -> Page:
        """The page in front."""
        return self.front.page

    @property
    def lookout(self) -> Lookout:
        """Watches the page in front."""
        return self.front.lookout

    @property
    def labels(self) -> Labels:
        """The controls of the page in front."""
        return self.front.labels

    @property
    def camera(self) -> Camera:
        """Pictures the page in front."""
        return self.front.camera

    @property
    def pictures(self) -> Pictures:
        """The pictures on the page in front."""
        return self.front.pictures

    # --- windows that the page opens

    async def leave_windows(self) -> None:
        """Close every window that was opened; the first page is in front again."""
        while self._behind:
            await self._leave()

    async def in_new_window(self, act: Callable[[], Awaitable[None]]) -> Shot | None:
        """Do what opens a window, picture the window, close it."""
        async with self.page.expect_popup() as opening:
            await act()
        await self.enter_window(await opening.value)
        try:
            await self.page.wait_for_load_state("load")
            return await self.camera.shoot()
        finally:
            await self._leave()

    async def enter_window(self, window: Page) -> None:
        """Have a window that opened in front, doing whatever the first page does.

        Raises:
            Unavailable: it failed to load before anybody watched it.
        """
        front = await self._stand_before(window)
        self._behind.append(self.front)
        self.front = front
        if window.url.startswith("chrome-error:"):
            raise Unavailable("打不开平台新开的窗口")

    async def _leave(self) -> None:
        await self.camera.done()
        window, self.front = self.front, self._behind.pop()
        await window.close()

    async def _stand_before(self, page: Page) -> Front:
        front = await Front.of(page, self.portal, self.robot.settings, self.personal)
        front.lookout.interruptions = self.lookout.interruptions
        return front

    # --- starting over

    async def fresh_start(self) -> None:
        """Leave what an earlier filing of this login left behind: its windows, dialogs, half-filled forms.

        Whoever is signed in stays so.
        """
        await self.leave_windows()
        await self.camera.done()
        self.lookout.start_anew()
        await self.page.goto(BLANK)

    async def forget_login(self) -> None:
        """Close the page, clear the browser's cache, cookies and storage, and open an empty page.

        Nobody is signed in then.
        """
        await self.leave_windows()
        await self.camera.done()
        old, self.front = self.front, await self._stand_before(await self.context.new_page())
        await old.close()
        await self.context.clear_cookies()
        await self.front.cdp.send("Network.clearBrowserCache")
        for origin in sorted(self.portal.origins):
            await self.front.cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.signed_in, self.home = False, ""

    async def show(self) -> None:
        """Bring the window to the top of a person's screen."""
        await self.page.bring_to_front()
