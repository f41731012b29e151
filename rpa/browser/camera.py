"""Pictures of a page, at the least cost.

A JPEG with an explicit clip: without one Chromium's capture fails now and then, and PNG costs four
times as much. A picture is started when its step has ended and finishes beside whatever only *looks*
at the page; the next thing that *changes* the page waits for it (:meth:`Camera.done`).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.labels.page_scripts import PageScripts
from rpa.browser.private import PersonalData, boxes_in, places_of
from rpa.browser.timeouts import within_time
from rpa.errors import Unavailable
from rpa.privacy.masks import Box
from rpa.settings.addresses import origin_of
from rpa.settings.settings import BrowserSettings

_TALLEST = 12_000
"""Pixels of one picture: Chromium draws nothing below 16,384. What is taller is pictured in several."""
_MOST = 5
"""So many pictures of one page; more would be a list without end."""
_TRIES = 3
"""So often a picture is taken again because its page gave way to another one meanwhile."""
_ARRIVAL_SECONDS = 1.0
"""So long the other page is waited for, where the browser says only that there is none."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One picture with what an auditor asks of it."""

    jpeg: bytes
    address: str
    title: str
    private: tuple[Box, ...] = ()
    """Where it shows personal data."""
    further: tuple[PagePicture, ...] = ()
    """Where the page is taller than one picture: those of what stands below, each with a screen of the one
    before at its head."""
    left: int = 0
    """Pixels below that are in none of them."""


@dataclass(frozen=True, slots=True)
class _PageFacts:
    """What a page tells of itself."""

    address: str
    title: str
    x: int
    """How far it is scrolled to the right and down: a picture is asked for by its place in the document."""
    y: int
    height: int
    """The viewport's that shows all that scrolls."""
    places: Sequence[Box] | None
    """Where it shows personal data; None where it cannot be told."""

    def with_places(self, other: _PageFacts | None) -> _PageFacts:
        """With what another look found besides."""
        if other is None or self.places is None or other.places is None:
            return replace(self, places=None)
        return replace(self, places=[*self.places, *other.places])


class Camera:
    """Takes pictures of one page, one at a time.

    Args:
        page: the page, with all its frames.
        cdp: a CDP session of that page.
        scripts: runs the scripts in the page.
        settings: size of the viewport, quality of the pictures.
        origins: the portal's: what is known of a filing is told to no other page.
        personal: what is looked for beside each picture, to be hidden in shared copies of it.
    """

    def __init__(
        self,
        page: Page,
        cdp: CDPSession,
        scripts: PageScripts,
        *,
        settings: BrowserSettings,
        origins: Collection[str],
        personal: PersonalData,
    ) -> None:
        self._page = page
        self._cdp = cdp
        self._scripts = scripts
        self._width = settings.width
        self._height = settings.height
        self._quality = settings.jpeg_quality
        self._origins = origins
        self._personal = personal
        self._stretched = False
        self._pending: asyncio.Task[bool] | None = None
        self._documents = 0
        """How many have come, in any frame: a picture and what was said about it must be of the same ones."""
        self._replaced = asyncio.Event()
        """The page itself gave way to another one."""
        page.on("framenavigated", self._on_navigated)

    def start(self, deliver: Callable[[PagePicture | None], None]) -> None:
        """Begin a picture; ``deliver`` gets it, or None where the page is gone.

        Await :meth:`done` first when another may be under way.
        """
        self._pending = asyncio.create_task(self._take_beside(deliver), name="picture")

    async def done(self) -> bool:
        """Wait until the picture under way is taken; True when the viewport was changed for it."""
        if self._pending is None:
            return False
        pending, self._pending = self._pending, None
        return await pending

    async def take(self) -> PagePicture | None:
        """Take a picture now; None where the page cannot be pictured (closed, crashed, stuck)."""
        await self.done()
        return await self._taken()

    async def _take_beside(self, deliver: Callable[[PagePicture | None], None]) -> bool:
        self._stretched = False
        deliver(await self._taken())
        return self._stretched

    async def _taken(self) -> PagePicture | None:
        picture: PagePicture | None = None
        for _ in range(_TRIES):
            picture, before = None, self._documents
            try:
                async with within_time():
                    picture = await self._of_one_document(self._capture())
            except Unavailable:  # it would answer the next time no sooner
                return None
            except PlaywrightError:  # replaced in the middle, or gone for good
                pass
            if picture and self._documents == before:
                return picture
            if self._page.is_closed():
                return None
            with suppress(TimeoutError):
                if picture is None:
                    await asyncio.wait_for(self._replaced.wait(), _ARRIVAL_SECONDS)
        return picture and replace(picture, private=boxes_in(None, self._width, self._height))

    async def _of_one_document(self, capture: Coroutine[Any, Any, PagePicture | None]) -> PagePicture | None:
        """A picture; None as soon as its page gives way to another: Chromium might wait for the other's."""
        self._replaced.clear()
        taking = asyncio.create_task(capture, name="capture")
        leaving = asyncio.create_task(self._replaced.wait(), name="page replaced")
        try:
            await asyncio.wait({taking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return taking.result() if taking.done() else None
        finally:
            taking.cancel()
            leaving.cancel()
            await asyncio.gather(taking, leaving, return_exceptions=True)

    def _on_navigated(self, frame: Frame) -> None:
        self._documents += 1
        if frame.parent_frame is None:
            self._replaced.set()

    async def _capture(self) -> PagePicture | None:
        # The capture stands in the browser's line before anything later can change the page; what is asked
        # about the page is asked beside it. Only a page that scrolls is taken again.
        jpeg, about = await asyncio.gather(self._jpeg(self._height), self._about())
        if about is None:
            return None
        if about.height > self._height:
            return await self._tall(about.height)
        return await self._picture(jpeg, about, self._height)

    async def _tall(self, height: int) -> PagePicture | None:
        """A page that scrolls, its viewport made as tall as the page."""
        self._stretched = True
        try:
            first = await self._stretch(min(height, _TALLEST))
            return await self._with_further(first, height) if first and height > _TALLEST else first
        finally:
            async with within_time():
                await self._set_height(self._height)

    async def _with_further(self, first: PagePicture, height: int) -> PagePicture | None:
        """What one picture has no room for: page by page, scrolled, each with a screen of the one before."""
        further: list[PagePicture] = []
        shown = _TALLEST
        while shown < height and len(further) < _MOST - 1:
            tall = min(_TALLEST, height - shown + self._height)
            picture = await self._stretch(tall, offset=shown - self._height)
            if picture is None:
                return None
            further.append(picture)
            shown += tall - self._height
        await self._scroll(0)
        return replace(first, further=tuple(further), left=height - shown)

    async def _stretch(self, height: int, *, offset: int = 0) -> PagePicture | None:
        """A picture of so tall a viewport, scrolled so far."""
        await self._set_height(height)
        if offset:
            await self._scroll(offset)
        jpeg, about = await asyncio.gather(self._jpeg(height), self._about())
        return await self._picture(jpeg, about, height) if about else None

    async def _scroll(self, offset: int) -> None:
        for frame in self._scripts.roots:
            await self._scripts.run(frame, "scrollPages", {"offset": offset}, 0)

    async def _set_height(self, height: int) -> None:
        size = {"width": self._width, "mobile": False, "deviceScaleFactor": 1}
        await self._cdp.send("Emulation.setDeviceMetricsOverride", {**size, "height": height})

    async def _picture(self, jpeg: bytes, about: _PageFacts, height: int) -> PagePicture:
        if about.x or about.y:  # an empty picture: the corner of the document is not drawn
            jpeg = await self._jpeg(height, about.x, about.y)
        # A slow page may have drawn more between the first look and the capture: it is looked at again.
        both = about.with_places(await self._about())
        return PagePicture(jpeg, about.address, about.title, boxes_in(both.places, self._width, height))

    async def _about(self) -> _PageFacts | None:
        """What the page tells, frames of the portal's other origins included; None when it is gone."""
        main, *others = self._scripts.roots
        found = await self._scripts.run(main, "pictured", self._job(main), 0)
        if found is None:
            return None
        about = _PageFacts(**{**found, "places": places_of(found["places"])})
        for frame in others:
            if self._is_own(frame):
                about = about.with_places(replace(about, places=await self._places_in(frame)))
        return about

    async def _places_in(self, frame: Frame) -> Sequence[Box] | None:
        """What shows in a frame that its parent's scripts cannot look into; None where nobody can tell."""
        return places_of(await self._scripts.private_places(frame, self._job(frame)))

    def _job(self, frame: Frame) -> Mapping[str, Any]:
        return self._personal.wanted(trusted=self._is_own(frame))

    def _is_own(self, frame: Frame) -> bool:
        """Whether a document is the portal's; an empty one is written by whoever opened it."""
        return frame.url.startswith("about:") or origin_of(frame.url) in self._origins

    async def _jpeg(self, height: int, x: int = 0, y: int = 0) -> bytes:
        return base64.b64decode((await self._send("jpeg", x, y, self._width, height))["data"])

    async def clip_png(self, x: float, y: float, width: float, height: float) -> bytes:
        """A part of the viewport as PNG, for a person to read (a captcha).

        Raises:
            Unavailable: the page does not answer.
        """
        await self.done()
        async with within_time():
            shown = (await self._cdp.send("Page.getLayoutMetrics"))["cssVisualViewport"]
            at = (x + shown["pageX"], y + shown["pageY"])
            return base64.b64decode((await self._send("png", *at, width, height))["data"])

    async def _send(self, kind: str, x: float, y: float, width: float, height: float) -> dict[str, Any]:
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
        options: dict[str, Any] = {"format": kind, "clip": clip, "optimizeForSpeed": True}
        if kind == "jpeg":
            options["quality"] = self._quality
        answer: dict[str, Any] = await self._cdp.send("Page.captureScreenshot", options)
        return answer
