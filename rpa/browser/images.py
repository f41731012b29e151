"""Pictures that a person has to read (captchas, QR codes): as the portal sent them, else as they show."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_to_bytes

from playwright.async_api import CDPSession, ElementHandle, Frame
from playwright.async_api import Error as PlaywrightError

from rpa.browser.camera import Camera
from rpa.browser.labels.errors import Answer, error_for
from rpa.browser.labels.page_scripts import PageScripts, Patience
from rpa.browser.labels.spots import Spot
from rpa.browser.shown_image import ShownImage, media_type
from rpa.browser.timeouts import within_time
from rpa.errors import PortalChanged, Unavailable
from rpa.settings.portal import PortalSettings

_MOMENT = 2.0
"""Seconds in which a portal that renews a picture by itself has begun to; three times as long as the last one
took to come is added, so that a slow portal has more."""
_WILL_NOT_COME = ("spent", "broken")


class Images:
    """The pictures on one page.

    The bytes are taken from the browser's own copy: asking the portal again would make another captcha.

    Args:
        cdp: a CDP session of the page.
        scripts: runs the scripts in the page.
        camera: of the page: what changes the page waits for its picture.
        portal: the names that its pictures go by, and how long one may take to come.
    """

    def __init__(self, cdp: CDPSession, scripts: PageScripts, camera: Camera, portal: PortalSettings) -> None:
        self._cdp = cdp
        self._scripts = scripts
        self._camera = camera
        self._portal = portal
        self._seconds = portal.step_seconds
        self._took = 0.0
        """Seconds that the last picture took to come."""
        self._seen: dict[str, datetime] = {}
        """State → when it was first seen: what is drawn by a script has no request to be dated by."""

    async def read(self, spot: Spot, *, unlike: str = "") -> ShownImage | None:
        """The picture at a spot, once it has arrived; None where a code is sent by SMS in its place.

        Args:
            spot: the picture, or the field beside which it stands.
            unlike: the state of one that is of no use any more: another one is waited for, and had by a click
                where none comes by itself.

        Raises:
            PortalChanged: there is none, or several could be meant.
            Unavailable: it never comes, or the page does not answer.
        """
        frame, answer = await self._settled(spot, unlike, self._moment)
        if answer.get("wait") in _WILL_NOT_COME:
            return await self._renewed(spot, unlike)
        if "wait" in answer:
            frame, answer = await self._settled(spot, unlike, self._seconds)
        return await self._taken(spot, frame, answer)

    async def renew(self, spot: Spot) -> ShownImage:
        """Have the page show another picture: by what says so beside it, by itself, or by an icon.

        Raises:
            PortalChanged: there is none.
            Unavailable: none of these brings another one.
        """
        _, answer = await self._settled(spot, "", 0)
        return await self._renewed(spot, answer.get("state", ""))

    async def shows(self, spot: Spot, image: ShownImage) -> bool:
        """Whether the page still shows this picture."""
        _, answer = await self._settled(spot, "", 0)
        return bool(answer.get("state") == image.state)

    async def asks_for_sum(self, spot: Spot) -> bool:
        """Whether a captcha's field, or its picture, says that a sum is to be worked out."""
        return any(
            [
                await self._scripts.run(frame, "asksForSum", self._job(spot), 0)
                for frame in self._scripts.roots
            ]
        )

    async def send_code(self, spot: Spot) -> None:
        """Click the button beside a field that has a code sent by SMS.

        Raises:
            PortalChanged: there is none.
            Unavailable: it cannot be clicked, as in its countdown.
        """
        sender = await self._element(spot, "codeSenderElement")
        if sender is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”旁边发送短信的按钮")
        if not await self._clicked(sender):
            raise Unavailable(f"“{spot.label}”旁边发送短信的按钮一直不可用")

    @property
    def _moment(self) -> float:
        return min(self._seconds, _MOMENT + 3 * self._took)

    async def _settled(self, spot: Spot, unlike: str, seconds: float) -> tuple[Frame, Answer]:
        return await self._scripts.find("settledPicture", self._job(spot, unlike=unlike), Patience(seconds))

    async def _renewed(self, spot: Spot, unlike: str) -> ShownImage:
        index, frame, answer = 0, None, None
        while means := await self._element(spot, "renewer", index=index):
            index += 1
            if await self._clicked(means):
                frame, answer = await self._settled(spot, unlike, self._moment)
                if answer.get("wait") == "arriving":
                    frame, answer = await self._settled(spot, unlike, self._seconds)
                if "wait" not in answer and (image := await self._taken(spot, frame, answer)):
                    return image
        if answer is None:
            raise PortalChanged(f"页面上找不到可以更换“{spot.label}”图片的地方")
        raise Unavailable(f"“{spot.label}”的图片没有换成新的")

    async def _clicked(self, element: ElementHandle) -> bool:
        """Click an element as a person does; False where it cannot be, or has gone."""
        await self._camera.done()
        try:
            await element.click(timeout=self._moment * 1000)
        except PlaywrightError:
            return False
        return True

    async def _element(self, spot: Spot, main: str, **more: int) -> ElementHandle | None:
        for frame in self._scripts.roots:
            if found := await self._scripts.element(frame, main, self._job(spot, **more), 0):
                return found
        return None

    async def _taken(self, spot: Spot, frame: Frame, answer: Answer) -> ShownImage | None:
        if answer.get("sends"):
            return None
        if "wait" in answer:
            raise error_for(spot, answer)
        self._took = answer["took"]
        data = await self._original(answer["source"], answer["document"]) if answer["source"] else b""
        if not media_type(data):
            data = await self._pictured(spot, frame)
        asked = datetime.now(UTC) - timedelta(seconds=answer["age"] or 0)
        taken_at = min(asked, self._seen.setdefault(answer["state"], asked))
        return ShownImage(data, media_type(data), taken_at, state=answer["state"])

    def _job(self, spot: Spot, **more: object) -> Mapping[str, Any]:
        return {"spot": asdict(spot.also(self._portal.label(spot.label))), **more}

    async def _original(self, source: str, document: str) -> bytes:
        """The bytes of a picture by its address; none where the browser has not kept them."""
        if source.startswith("data:"):
            head, _, content = source.partition(",")
            return base64.b64decode(unquote_to_bytes(content)) if head.endswith(";base64") else b""
        with suppress(PlaywrightError):  # drawn from a blob, or no longer kept: the screen has it
            async with within_time():
                await self._cdp.send("Page.enable")
                tree = await self._cdp.send("Page.getFrameTree")
                for frame in _frames(tree["frameTree"]):
                    if frame["url"] == document.partition("#")[0]:
                        asked = {"frameId": frame["id"], "url": source}
                        return _content(await self._cdp.send("Page.getResourceContent", asked))
        return b""

    async def _pictured(self, spot: Spot, frame: Frame) -> bytes:
        """PNG of a picture's own box."""
        element = await self._scripts.element(frame, "pictureElement", self._job(spot), 0)
        await self._camera.done()
        async with within_time():
            if element:
                await element.scroll_into_view_if_needed()
            box = await element.bounding_box() if element else None
        if box is None:
            raise Unavailable(f"“{spot.label}”的图片在读取时消失了")
        return await self._camera.clip_png(**box)


def _content(kept: Mapping[str, Any]) -> bytes:
    content: str = kept["content"]
    return base64.b64decode(content) if kept["base64Encoded"] else content.encode()


def _frames(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _frames(child)
