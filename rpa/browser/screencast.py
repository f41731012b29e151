"""Small pictures of a page at work, for somebody who looks on: one when asked, nothing in between.

A screencast that goes on would keep encoding: the browser sends three frames ahead, drops what changes
then, and never tells of the last change. So each picture is a screencast of one frame. Unlike the
camera's it is what the screen shows anyway, so nothing waits for it and nothing on the page moves.
"""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from rpa.browser.page import PortalPage

_START = {"format": "jpeg", "quality": 40, "maxWidth": 480, "maxHeight": 300}
_SECONDS = 1.0
"""A page that shows nothing for so long (hidden, hung, closing) is not waited for."""


async def glance(front: PortalPage) -> bytes | None:
    """What a page shows now, as a JPEG of at most 480 × 300; none where it shows nothing or is gone.

    One at a time.
    """
    frame: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_frame(event: dict[str, Any]) -> None:
        if not frame.done():
            frame.set_result(event["data"])

    front.cdp.on("Page.screencastFrame", on_frame)
    try:
        with suppress(PlaywrightError, TimeoutError):
            await front.cdp.send("Page.startScreencast", _START)
            return base64.b64decode(await asyncio.wait_for(frame, _SECONDS))
        return None
    finally:
        front.cdp.remove_listener("Page.screencastFrame", on_frame)
        with suppress(PlaywrightError):
            await front.cdp.send("Page.stopScreencast")
