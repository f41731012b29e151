"""One browser context with one page in front, kept inside one portal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import APIRequestContext, Browser, BrowserContext, CDPSession, Dialog, Page, Request
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera, Shot
from rpa.browser.guard import Gate, require_allowed
from rpa.browser.labels import Labels
from rpa.browser.labels.spots import Held, Row, Spot
from rpa.browser.pictures import Pictures
from rpa.browser.script import script
from rpa.browser.single_send import Sent, single_send
from rpa.browser.translate import moved_on
from rpa.errors import ForeignOrigin, PortalChanged, Stop, Unavailable
from rpa.settings import BrowserSettings, PortalSettings

if TYPE_CHECKING:
    from playwright.async_api import Playwright

_WAIT = script("dom", "signs", main="waitForSign")
_MOMENT = script("dom", "signs", main="moment")
_STILL = {"playbackRate": 10_000}  # CSS animations end at once: no picture catches a dialog half faded
_HTTP_ERROR = -1


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a person reads on a page, and that tells where the page stands."""

    text: str
    fresh: bool = False
    """Only in a document, or after an answer, that is newer than :meth:`Session.mark`."""
    exact: bool = False
    """The whole text, not a part of it."""
    dialog: bool = False
    """Only in something that floats above the page."""
    gone: bool = False
    """The text no longer shows."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """A sign that stops a filing wherever it shows up."""

    sign: Sign
    stop: Callable[[str], Stop]
    """Makes the error from the portal's own words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The sign that showed."""

    sign: Sign
    words: str
    """The innermost text around it."""
    around: str
    """The text of the dialog that it stands in, else ``words``."""


@dataclass(frozen=True, slots=True)
class Robot:
    """What all sessions of one run share: one browser, its gate, and a sender for commits."""

    browser: Browser
    gate: Gate
    sender: APIRequestContext
    settings: BrowserSettings


@asynccontextmanager
async def robot(settings: BrowserSettings, playwright: Playwright, browser: Browser) -> AsyncIterator[Robot]:
    """Put gate and sender beside a launched browser."""
    gate = Gate()
    sender = await playwright.request.new_context()
    try:
        async with gate.listening():
            yield Robot(browser, gate, sender, settings)
    finally:
        await sender.dispose()


@dataclass
class Session:
    """One browser context at one portal. Flows reach it through screens only.

    ``interruptions`` are the portal's, checked while waiting for anything.
    """

    context: BrowserContext
    page: Page
    labels: Labels
    camera: Camera
    pictures: Pictures
    portal: PortalSettings
    robot: Robot
    interruptions: Sequence[Interruption] = ()
    accepted_confirms: Collection[str] = ()
    """Words of native ``confirm`` questions that the step under way means to answer with yes."""
    dialogs: list[str] = field(default_factory=list)
    """Texts of the native dialogs seen, oldest first."""
    _alarm: asyncio.Future[Stop] | None = None
    _moment: float = 0.0

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
            labels = Labels(page, cdp, origins=portal.origins)
            pictures = Pictures(page, cdp, labels, camera)
            session = cls(context, page, labels, camera, pictures, portal, robot)
            page.on("dialog", session._on_dialog)
            page.on("requestfailed", session._on_failed)
            page.on("crash", session._on_crash)
            yield session
        finally:
            with suppress(PlaywrightError):  # gone already, with its browser
                await context.close()

    # --- going and waiting

    @property
    def address(self) -> str:
        """Where the page is now, to come back to."""
        return self.page.url

    async def go(self, address: str) -> None:
        """Go to an address of the portal; whatever is waited for next says whether it arrived."""
        await self._ready()
        await self.page.goto(address, wait_until="commit")

    async def mark(self) -> None:
        """Remember this moment: a fresh sign is one that came after it."""
        self._moment = await self._evaluate(_MOMENT, None)

    # --- acting: what changes the page waits for the picture under way

    async def click(self, spot: Spot | str) -> None:
        """Click what a person reads as ``spot``."""
        await self._ready()
        await self.labels.click(spot, timeout=self.portal.step_seconds)

    async def click_in(self, row: Row, label: str) -> None:
        """Click a control inside a table's row."""
        await self._ready()
        await self.labels.click_in(row, label, timeout=self.portal.step_seconds)

    async def fill(self, values: Mapping[Spot | str, str | bool]) -> Mapping[str, Held]:
        """Fill a form and return what the page holds afterwards."""
        await self._ready()
        return await self.labels.fill(values, timeout=self.portal.step_seconds)

    async def tick(self, row: Row) -> None:
        """Mark a table's row by its check box or radio button."""
        await self._ready()
        await self.labels.tick(row, timeout=self.portal.step_seconds)

    async def read(self, spots: Sequence[Spot | str]) -> Mapping[str, Held]:
        """What controls and read-only texts hold."""
        return await self.labels.read(spots, timeout=self.portal.step_seconds)

    async def rows(self, headers: Sequence[str]) -> Sequence[Row]:
        """The rows of the table with these column headers."""
        return await self.labels.rows(headers, timeout=self.portal.step_seconds)

    async def picture_of(self, spot: Spot) -> bytes:
        """A picture for a person to read."""
        return await self.pictures.read(spot, seconds=self.portal.step_seconds)

    async def renew(self, spot: Spot) -> None:
        """Click a picture to get another one, and wait until it is there."""
        await self.pictures.renew(spot, lambda: self.click(spot), seconds=self.portal.step_seconds)

    async def upload(self, spot: Spot | str, paths: Sequence[Path]) -> None:
        """Give files to a file control."""
        await self._ready()
        await self.labels.upload(spot, paths, timeout=self.portal.step_seconds)

    async def _ready(self) -> None:
        await self.camera.done()
        self._alarm = None

    async def see(self, *signs: Sign, otherwise: Sign | None = None, seconds: float | None = None) -> Seen:
        """Wait for whichever sign or interruption shows first.

        Args:
            signs: what is hoped for; of several that show together the first counts.
            otherwise: what counts only where neither a sign nor an interruption shows: a dialog
                whose words nobody foresaw.
            seconds: how long; by default the portal's ``step_seconds``.

        Raises:
            Stop: an interruption showed, or the portal failed.
            PortalChanged: nothing showed in time; the message names what was waited for.
        """
        seconds = seconds or self.portal.step_seconds
        stops = [interruption.sign for interruption in self.interruptions]
        others = [otherwise] if otherwise else []
        everything = [*signs, *stops, *others]
        found = await self._first(everything, seconds)
        if found is None:
            raise await self._nothing(signs, seconds)
        index = found["id"]
        if index == _HTTP_ERROR:
            raise Unavailable(f"平台返回服务器错误（HTTP {found['words']}）")
        if 0 <= index - len(signs) < len(stops):
            raise self.interruptions[index - len(signs)].stop(found["words"])
        return Seen(everything[index], found["words"], found["around"])

    async def _first(self, signs: Sequence[Sign], seconds: float) -> dict[str, Any] | None:
        wanted = {
            "signs": [{"id": n, **asdict(sign)} for n, sign in enumerate(signs)],
            "after": self._moment,
            "timeout": seconds * 1000,
        }
        alarm = self._listen()
        look = asyncio.create_task(self._evaluate(_WAIT, wanted), name="see")
        try:
            # The page's own clock starts again with every document; this one does not.
            await asyncio.wait({look, alarm}, timeout=seconds + 1, return_when=asyncio.FIRST_COMPLETED)
            found: dict[str, Any] | None = look.result() if look.done() else None
        finally:
            look.cancel()
        if found is None and alarm.done():
            raise alarm.result()
        return found

    async def _evaluate(self, function: str, argument: object) -> Any:
        """Run a page script; a page that moves on meanwhile is asked again on its next document."""
        while True:
            try:
                return await self.page.evaluate(function, argument)
            except PlaywrightError as error:
                if not moved_on(error):
                    raise

    async def _nothing(self, signs: Sequence[Sign], seconds: float) -> Stop:
        wanted = "、".join(f"“{sign.text}”" for sign in signs)
        try:
            require_allowed(self.page.url, self.portal.origins)
        except ForeignOrigin as foreign:
            return foreign
        return PortalChanged(f"等了 {seconds:.0f} 秒，页面上没有出现{wanted}")

    # --- what the browser tells by itself

    def _listen(self) -> asyncio.Future[Stop]:
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().create_future()
        return self._alarm

    def _raise_alarm(self, stop: Stop) -> None:
        alarm = self._listen()
        if not alarm.done():
            alarm.set_result(stop)

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        expected = any(words in dialog.message for words in self.accepted_confirms)
        try:
            await (dialog.accept() if expected or dialog.type == "alert" else dialog.dismiss())
        except PlaywrightError:
            return  # the page went away with its dialog
        for interruption in self.interruptions:
            if interruption.sign.text in dialog.message:
                self._raise_alarm(interruption.stop(dialog.message))
                return

    def _on_failed(self, request: Request) -> None:
        document = request.resource_type == "document"
        if document and request.failure and "ERR_ABORTED" not in request.failure:
            code = request.failure.removeprefix("net::")
            self._raise_alarm(Unavailable(f"打不开平台页面（{code}）"))

    def _on_crash(self, _: Page) -> None:
        self._raise_alarm(Unavailable("浏览器页面崩溃"))

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
        """See :func:`rpa.browser.single_send.single_send`."""
        async with single_send(self.context, self.robot.sender, seconds=self.portal.save_seconds) as sent:
            yield sent


async def _keep_still(cdp: CDPSession) -> None:
    await asyncio.gather(cdp.send("Animation.enable"), cdp.send("Animation.setPlaybackRate", _STILL))
