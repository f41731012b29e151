"""Round trips to the page: running the scripts in ``js/`` where they belong, and trusted mouse input."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, ElementHandle, Frame, JSHandle, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.frames import root_of, roots_of
from rpa.browser.labels.errors import Answer
from rpa.browser.labels.keyboard import Keyboard
from rpa.browser.labels.listeners import KeyListeners
from rpa.browser.script import script
from rpa.browser.timeouts import within_time
from rpa.browser.translate import moved_on

FILES = (
    "dom",
    "geometry",
    "grid",
    "names",
    "controls",
    "find",
    "wait",
    "press",
    "click",
    "picture",
    "widgets",
    "pickers",
    "popups",
    "calendar",
    "models",
    "typing",
    "fill",
    "facts",
    "read",
    "tables",
    "pager",
    "loading",
    "lists",
    "tick",
    "inventory",
    "offers",
    "private",
    "measure",
    "library",
)

_SLICE = 0.5
"""Seconds that a script waits inside the page before the page's frames are looked at again."""

_SHORT = 0.1
"""The same where there are several roots: what one has must not wait for what another one lacks."""

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
    def roots(self) -> Sequence[Frame]:
        """The main frame and every frame that its parent's scripts cannot look into."""
        return roots_of(self._page)

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
            answers = await self._ask(main, job, min(patience.left, _SLICE))
            frame, answer = _one(answers) if answers else (self._page.main_frame, {"wait": "replaced"})
            if "wait" not in answer or patience.over(answer):
                return frame, answer

    async def _ask(self, main: str, job: Job, seconds: float) -> list[tuple[Frame, Answer]]:
        """What every root answers; for so long it is waited until one has what is asked for."""
        clock = asyncio.get_running_loop()
        end = clock.time() + seconds
        while True:
            frames = self.roots
            alone = len(frames) == 1
            asked = [(frame, await self.run(frame, main, job, seconds if alone else 0)) for frame in frames]
            answers = [(frame, answer) for frame, answer in asked if answer is not None]
            told = any("wait" not in answer or answer.get("final") for _, answer in answers)
            if alone or told or clock.time() >= end:
                return answers
            await asyncio.gather(*(self.run(frame, main, job, _SHORT) for frame in frames))

    async def element(self, frame: Frame, main: str, job: Job, seconds: float) -> ElementHandle | None:
        """The element that a script returns."""
        waiting = {**job, "milliseconds": seconds * 1000}
        async with within_time(self._seconds):
            handle = await (await self._library(frame)).evaluate_handle(_CALL, [main, waiting])
        return handle.as_element()

    async def to_viewport(self, frame: Frame, box: Mapping[str, float]) -> Answer:
        """A rectangle of a root's viewport as ``{"box": …}`` of the page's, or ``{"wait": …}``."""
        answer: Answer = {"box": box}
        async with within_time(self._seconds):
            while frame.parent_frame is not None and "box" in answer:
                frame, answer = await self._outside(frame, "throughFrame", {"box": answer["box"]})
        return answer

    async def private_places(self, frame: Frame, job: Job) -> str | None:
        """Where a root shows personal data, in the page's viewport; None where nobody can tell."""
        answer = await self.run(frame, "privateOrNone", job, 0)
        while frame.parent_frame is not None and answer and answer["places"]:
            frame, answer = await self._outside(frame, "carried", answer)
        return answer["places"] if answer else None

    async def _outside(self, frame: Frame, main: str, job: Job) -> tuple[Frame, Answer]:
        """What a script says of a frame, asked in the root that the frame stands in; with that root."""
        element = await frame.frame_element()
        root = root_of(frame.parent_frame or frame)
        owner = await element.owner_frame() or root
        answer: Answer = await (await self._library(owner)).evaluate(_CALL, [main, {**job, "frame": element}])
        return root, answer

    async def click(self, frame: Frame, point: Mapping[str, float]) -> Answer:
        """Click as a mouse does on what the last script of this root aimed at, and on nothing else.

        Args:
            frame: the root.
            point: in its viewport, as the script told it.

        Returns:
            ``{"hit": True}``; ``{"wait": …}`` where something else is there: that was not clicked either.
        """
        answer = await self.to_viewport(frame, {"x": point["x"], "y": point["y"], "width": 0, "height": 0})
        if "wait" in answer:
            return answer
        at = {"x": answer["box"]["x"], "y": answer["box"]["y"]}
        async with within_time(self._seconds):
            await self._mouse("mouseMoved", at)
            there = await self.run(frame, "pointed", {}, 0)
            if there is None or "wait" in there:
                return there or {"wait": "replaced"}
            button = {**at, "button": "left", "clickCount": 1}
            pressed, *_ = await asyncio.gather(
                self.run(frame, "pressed", {}, 0),  # answered by the press, before what it sets going
                self._mouse("mousePressed", {**button, "buttons": 1}),
                self._mouse("mouseReleased", button),
            )
        return pressed or {"hit": True}

    async def press_at(self, point: Mapping[str, float]) -> None:
        """Click as a mouse does at a point of the page's viewport, whatever is there."""
        button = {**point, "button": "left", "clickCount": 1}
        async with within_time(self._seconds):
            await asyncio.gather(
                self._mouse("mouseMoved", point),
                self._mouse("mousePressed", {**button, "buttons": 1}),
                self._mouse("mouseReleased", button),
            )

    async def _mouse(self, kind: str, event: Job) -> None:
        await self._cdp.send("Input.dispatchMouseEvent", {"type": kind, **event})


def _one(answers: list[tuple[Frame, Answer]]) -> tuple[Frame, Answer]:
    """The only frame with data; with several, an ambiguity; with none, the most telling wait."""
    settled = [(frame, answer) for frame, answer in answers if "wait" not in answer]
    if len(settled) == 1:
        return settled[0]
    if settled:
        places = [f"框架 {urlsplit(frame.url).netloc}" for frame, _ in settled]
        return settled[0][0], {"wait": "ambiguous", "places": places}
    return next((one for one in answers if one[1]["wait"] != "missing"), answers[0])
