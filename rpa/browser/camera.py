"""Pictures of a page, at the least cost.

A JPEG with an explicit clip: without one Chromium's capture fails now and then, and PNG costs four
times as much. A picture is started when its step has ended and finishes beside whatever only *looks*
at the page; the next thing that *changes* the page waits for it (:meth:`Camera.done`).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.script import script

_TALLEST = 12_000  # pixels; a longer page is cut there
_MEASURE = script("dom", "measure", main="measure")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture with what an auditor asks of it."""

    jpeg: bytes
    address: str
    title: str


class Camera:
    """Takes pictures of one page, one at a time."""

    def __init__(self, page: Page, cdp: CDPSession, *, width: int, height: int, quality: int) -> None:
        self._page = page
        self._cdp = cdp
        self._width = width
        self._height = height
        self._quality = quality
        self._stretched = False
        self._pending: asyncio.Task[bool] | None = None

    def start(self, keep: Callable[[Shot | None], None]) -> None:
        """Begin a picture; ``keep`` gets it, or None where the page is gone.

        Await :meth:`done` first when another may be under way.
        """
        self._pending = asyncio.create_task(self._take(keep), name="picture")

    async def done(self) -> bool:
        """Wait until the picture under way is taken; True when the viewport was changed for it."""
        if self._pending is None:
            return False
        pending, self._pending = self._pending, None
        return await pending

    async def shoot(self) -> Shot | None:
        """Take a picture now; None where the page cannot be pictured (closed, crashed)."""
        await self.done()
        return await self._attempt()

    async def _take(self, keep: Callable[[Shot | None], None]) -> bool:
        self._stretched = False
        keep(await self._attempt())
        return self._stretched

    async def _attempt(self) -> Shot | None:
        try:
            return await self._capture()
        except PlaywrightError:
            return None

    async def _capture(self) -> Shot:
        # The capture stands in the browser's line before anything later can change the page; the
        # address and the heights are asked for beside it. Only a page that scrolls is taken again.
        jpeg, about = await asyncio.gather(self._jpeg(self._height), self._page.evaluate(_MEASURE))
        if about["height"] > self._height:
            jpeg = await self._tall(min(about["height"], _TALLEST))
        return Shot(jpeg, about["address"], about["title"])

    async def _tall(self, height: int) -> bytes:
        self._stretched = True
        size = {"width": self._width, "mobile": False, "deviceScaleFactor": 1}
        await self._cdp.send("Emulation.setDeviceMetricsOverride", {**size, "height": height})
        try:
            return await self._jpeg(height)
        finally:
            await self._cdp.send("Emulation.setDeviceMetricsOverride", {**size, "height": self._height})

    async def _jpeg(self, height: int) -> bytes:
        return base64.b64decode((await self._send("jpeg", 0, 0, self._width, height))["data"])

    async def clip_png(self, x: float, y: float, width: float, height: float) -> bytes:
        """A part of the viewport as PNG, for a person to read (a captcha)."""
        await self.done()
        return base64.b64decode((await self._send("png", x, y, width, height))["data"])

    async def _send(self, kind: str, x: float, y: float, width: float, height: float) -> dict[str, Any]:
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
        options: dict[str, Any] = {"format": kind, "clip": clip, "optimizeForSpeed": True}
        if kind == "jpeg":
            options["quality"] = self._quality
        answer: dict[str, Any] = await self._cdp.send("Page.captureScreenshot", options)
        return answer
