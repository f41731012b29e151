"""Images that a person has to read (captchas): as the portal sent them, else as the screen shows them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera
from rpa.browser.labels import Labels
from rpa.browser.labels.spots import Rectangle, Spot
from rpa.browser.script import script
from rpa.browser.timeouts import within_time
from rpa.errors import PortalChanged

_AT = script("dom", "geometry", "picture", main="pictureAt")
_RENEWED = script("dom", "geometry", "picture", main="pictureRenewed")


class Images:
    """The images on one page.

    The bytes are taken from the browser's own copy: asking the portal again would make another captcha.
    """

    def __init__(self, page: Page, cdp: CDPSession, labels: Labels, camera: Camera) -> None:
        self._page = page
        self._cdp = cdp
        self._labels = labels
        self._camera = camera

    async def read(self, spot: Spot, *, seconds: float) -> bytes:
        """The image at a spot.

        Raises:
            PortalChanged: there is none.
            Unavailable: the page does not answer.
        """
        box = await self._box(spot, seconds)
        async with within_time():
            found = await self._page.evaluate(_AT, _middle(box))
            if found["source"]:
                with suppress(PlaywrightError):  # drawn from a blob, or no longer kept: the screen has it
                    return await self._original(found["source"], found["document"])
        return await self._camera.clip_png(box.x, box.y, box.width, box.height)

    async def renew(self, spot: Spot, click: Callable[[], Awaitable[None]], *, seconds: float) -> None:
        """Do what makes the page show another image and wait until it does.

        Raises:
            PortalChanged: there is no image, or none comes.
        """
        box = await self._box(spot, seconds)
        loaded = asyncio.create_task(self._page.evaluate(_RENEWED, _middle(box)), name="image renewed")
        try:
            await click()
            async with asyncio.timeout(seconds):
                await loaded
        except TimeoutError:
            raise PortalChanged(f"点击“{spot.label}”图片后没有出现新图片") from None
        finally:
            loaded.cancel()

    async def _box(self, spot: Spot, seconds: float) -> Rectangle:
        box = await self._labels.box(spot, timeout=seconds)
        if box is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”的图片")
        return box

    async def _original(self, source: str, document: str) -> bytes:
        await self._cdp.send("Page.enable")
        tree = await self._cdp.send("Page.getFrameTree")
        frame = next(
            frame["id"] for frame in _frames(tree["frameTree"]) if frame["url"] == document.partition("#")[0]
        )
        kept = await self._cdp.send("Page.getResourceContent", {"frameId": frame, "url": source})
        content: str = kept["content"]
        return base64.b64decode(content) if kept["base64Encoded"] else content.encode()


def _middle(box: Rectangle) -> dict[str, float]:
    return {"x": box.x + box.width / 2, "y": box.y + box.height / 2}


def _frames(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _frames(child)
