"""Round trips to the page: running the scripts in ``js/`` where they belong, and trusted mouse input."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, ElementHandle, Frame, JSHandle, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.labels.errors import Answer
from rpa.browser.labels.keyboard import Keyboard
from rpa.browser.labels.listeners import KeyListeners
from rpa.browser.script import script
from rpa.browser.timeouts import within_time
from rpa.browser.translate import moved_on

FILES = (
    "dom",
    "names",
    "controls",
    "find",
    "wait",
    "click",
    "widgets",
    "pickers",
    "popups",
    "calendar",
    "models",
    "typing",
    "fill",
    "read",
    "tables",
    "tick",
    "private",
    "measure",
    "library",
)

_SLICE = 0.5
"""Seconds that a script waits inside the page before the page's frames are looked at again."""

_PATIENCE = 4
"""Slices after which it is no longer a page in motion: two controls of one name, a value not taken."""

_CALL = "(library, [main, job]) => library[main](job)"

Job = Mapping[str, Any]


class Patience:
    """How long an answer that says ``wait`` may be asked for again."""

    def __init__(self, timeout: float) -> None:
        self._clock = asyncio.get_running_loop()
        self._deadline = self._clock.time() + timeout
        self._seen: Counter[tuple[str, int]] = Counter()

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._deadline - self._clock.time())

    def over(self, answer: Answer) -> bool:
        """Whether ``answer`` is the last word."""
        key = (answer["wait"], answer.get("index", 0))
        self._seen[key] += 1
        tired = self._seen[key] >= _PATIENCE
        if answer["wait"] == "replaced":  # the new page has not been looked at yet
            return tired and self.left == 0
        tired = tired and answer["wait"] in ("ambiguous", "settling")
        return bool(answer.get("final")) or tired or self.left == 0


def _foreign(frame: Frame) -> bool:
    parent = frame.parent_frame
    if parent is None or frame.is_detached():
        return False
    own, above = urlsplit(frame.url), urlsplit(parent.url)
    if own.scheme in ("", "about"):  # a blank or srcdoc frame belongs to its parent
        return False
    return (own.scheme, own.netloc) != (above.scheme, above.netloc)


class PageScripts:
    """Runs the scripts in a page's frames and clicks where they say.

    Args:
        page: the page, with all its frames.
        cdp: a CDP session of that page.
        seconds: so long a page may be busy with itself: a portal's script may wait for its server's answer
            and let the page stand still meanwhile.

    What asks the page raises ``Unavailable`` where it does not answer.
    """

    def __init__(self, page: Page, cdp: CDPSession, *, seconds: float = 60.0) -> None:
        self._page = page
        self._cdp = cdp
        self._seconds = seconds
        self.keyboard = Keyboard(page, cdp)
        self.key_listeners = KeyListeners(cdp)
        self._libraries: dict[Frame, JSHandle] = {}
        page.on("framenavigated", self._forget)
        page.on("framedetached", self._forget)

    @property
    def roots(self) -> list[Frame]:
        """The main frame and every frame that its parent's scripts cannot look into."""
        return [self._page.main_frame, *(frame for frame in self._page.frames if _foreign(frame))]

    async def run(self, frame: Frame, main: str, job: Job, seconds: float) -> Answer | None:
        """One script once, waiting in the page a slice at most; None when the frame was replaced."""
        waiting = {**job, "milliseconds": min(seconds, _SLICE) * 1000}
        try:
            async with within_time(self._seconds):
                answer: Answer = await (await self._library(frame)).evaluate(_CALL, [main, waiting])
        except PlaywrightError as error:
            self._forget(frame)
            if moved_on(error):
                return None
            raise
        return answer

    async def _library(self, frame: Frame) -> JSHandle:
        """The scripts in a frame's document, sent once. Held from here: the page has no global of ours."""
        known = self._libraries.get(frame)
        if known is None:
            known = self._libraries[frame] = await frame.evaluate_handle(script(*FILES, main="library"))
        return known

    def _forget(self, frame: Frame) -> None:
        self._libraries.pop(frame, None)

    async def find(self, main: str, job: Job, patience: Patience) -> tuple[Frame, Answer]:
        """Ask every root until exactly one has an answer, or until it is over.

        Only for scripts that look and do not act.
        """
        while True:
            frames = self.roots
            asked = [
                (frame, await self.run(frame, main, job, patience.left / len(frames))) for frame in frames
            ]
            answers = [(frame, answer) for frame, answer in asked if answer is not None]
            frame, answer = _one(answers) if answers else (self._page.main_frame, {"wait": "replaced"})
            if "wait" not in answer or patience.over(answer):
                return frame, answer

    async def element(self, frame: Frame, main: str, job: Job, seconds: float) -> ElementHandle | None:
        """The element that a script returns."""
        waiting = {**job, "milliseconds": seconds * 1000}
        async with within_time(self._seconds):
            handle = await (await self._library(frame)).evaluate_handle(_CALL, [main, waiting])
        return handle.as_element()

    async def to_viewport(self, frame: Frame, point: Mapping[str, float]) -> Answer:
        """A point of a root's viewport as ``{"point": …}`` of the page's, or ``{"wait": …}``."""
        answer: Answer = {"point": point}
        async with within_time(self._seconds):
            while frame.parent_frame is not None and "point" in answer:
                element = await frame.frame_element()
                frame = _root_of(frame.parent_frame)
                owner = await element.owner_frame() or frame
                job = {"frame": element, "point": answer["point"]}
                answer = await (await self._library(owner)).evaluate(_CALL, ["throughFrame", job])
        return answer

    async def click_at(self, point: Mapping[str, float]) -> None:
        """Click as a mouse does. The three events go out together; the browser keeps their order."""
        at = {"x": point["x"], "y": point["y"]}
        button = {**at, "button": "left", "clickCount": 1}
        events = (
            {"type": "mouseMoved", **at},
            {"type": "mousePressed", "buttons": 1, **button},
            {"type": "mouseReleased", **button},
        )
        async with within_time(self._seconds):
            await asyncio.gather(*(self._cdp.send("Input.dispatchMouseEvent", event) for event in events))


def _root_of(frame: Frame) -> Frame:
    while frame.parent_frame is not None and not _foreign(frame):
        frame = frame.parent_frame
    return frame


def _one(answers: list[tuple[Frame, Answer]]) -> tuple[Frame, Answer]:
    """The only frame with data; with several, an ambiguity; with none, the most telling wait."""
    settled = [(frame, answer) for frame, answer in answers if "wait" not in answer]
    if len(settled) == 1:
        return settled[0]
    if settled:
        places = [f"框架 {urlsplit(frame.url).netloc}" for frame, _ in settled]
        return settled[0][0], {"wait": "ambiguous", "places": places}
    return next((one for one in answers if one[1]["wait"] != "missing"), answers[0])
