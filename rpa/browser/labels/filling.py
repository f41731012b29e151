"""Filling a form in the page's order: made ready and read in the page, set by trusted keys and clicks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from playwright.async_api import Frame

from rpa.browser.labels.errors import Answer, error_for
from rpa.browser.labels.page_scripts import PageScripts, Patience
from rpa.browser.labels.spots import ControlContent, Match, Spot, compare

_STEPS = 80
"""What one form's drawn widgets may take: a picker far from its date needs a click for each month or year."""

_STEPS_EACH = 4
"""What any control may take besides."""

_UNALTERED = ("readonly", "disabled", "settling")
"""The page does not let the value in: what it holds instead is reported, not raised."""


@dataclass
class Filling:
    """One form on its way: which control is next, and the last step that was taken for it."""

    scripts: PageScripts
    spots: Sequence[Spot]
    values: Sequence[str | bool]
    origins: frozenset[str]
    patience: Patience
    index: int = 0
    last: str | None = None
    quiet: bool | None = None
    """Whether nobody in the page listens to keys: text is inserted from inside then. None: to be asked."""
    steps: int = 0

    async def run(self) -> dict[str, ControlContent]:
        """Fill everything, then say what each control holds."""
        while self.index < len(self.spots):
            frame, stop = await self._next_part()
            if self.quiet is None:
                self.quiet = len(self.scripts.roots) == 1 and not await self.scripts.key_listeners.any()
            job = {**self._job(), "start": self.index, "stop": stop, "last": self.last, "quiet": self.quiet}
            answer = await self.scripts.run(frame, "work", job, self.patience.left)
            held = answer.get("held") if answer is not None and stop == len(self.spots) else None
            if held is not None and not any("wait" in one for one in held):
                return self._contents(held)
            await self._take_up(frame, answer, stop)
        return self._contents(await self._read_back())

    def _job(self) -> dict[str, Any]:
        pairs = zip(self.spots, self.values, strict=True)
        return {
            "spots": [{**asdict(spot), "value": value} for spot, value in pairs],
            "origins": sorted(self.origins),
        }

    async def _next_part(self) -> tuple[Frame, int]:
        """The frame to work in, and how far: to the end when all controls can only be there."""
        frames = self.scripts.roots
        if len(frames) == 1:
            return frames[0], len(self.spots)
        spot = self.spots[self.index]
        job = {"spot": self._job()["spots"][self.index]}
        frame, answer = await self.scripts.find("census", job, self.patience)
        if "wait" in answer:
            raise error_for(spot, answer)
        return frame, self.index + 1

    async def _take_up(self, frame: Frame, answer: Answer | None, stop: int) -> None:
        if answer is None:  # the page was replaced, and what was filled in with it
            self.index, self.last, self.quiet = 0, None, None
        elif "held" in answer:
            self.index, self.last = stop, None
        elif "step" in answer and self.steps < _STEPS + _STEPS_EACH * len(self.spots):
            self.steps += 1
            await self._take(frame, answer["step"], answer["index"])
        else:
            self._wait({"wait": "settling", **answer})

    async def _take(self, frame: Frame, step: Answer, index: int) -> None:
        """What the page was made ready for: keys, or a click."""
        if "text" in step:
            await self.scripts.keyboard.type(step["text"], each=step["each"])
        elif "press" in step:
            await self.scripts.keyboard.press(step["press"])
        elif "x" in step:
            clicked = await self.scripts.click(frame, step)
            if "wait" in clicked:
                self._wait({**clicked, "index": index})
                return
        self.index, self.last = index, step["name"]

    def _wait(self, answer: Answer) -> None:
        """Ask again for what is not ready yet; at the end keep what the page keeps, or raise."""
        if answer["index"] != self.index:
            self.index, self.last = answer["index"], None
        if not self.patience.over(answer):
            return
        if answer["wait"] not in _UNALTERED:
            raise error_for(self.spots[self.index], answer)
        self.index, self.last = self.index + 1, None

    async def _read_back(self) -> list[Answer]:
        """What each control holds, from whichever frame has it."""
        found = [await self.scripts.run(frame, "holding", self._job(), 0) for frame in self.scripts.roots]
        columns = zip(*(answer["held"] for answer in found if answer is not None), strict=True)
        return [next((held for held in column if "wait" not in held), column[0]) for column in columns]

    def _contents(self, found: Sequence[Answer]) -> dict[str, ControlContent]:
        triples = zip(self.spots, self.values, found, strict=True)
        return {spot.label: content_of(spot, answer, asked=value) for spot, value, answer in triples}


def content_of(spot: Spot, answer: Answer, *, asked: str | bool | None = None) -> ControlContent:
    """What a control holds, compared with what was asked for (None: only read).

    Raises:
        PortalChanged: the control is gone.
    """
    if "wait" in answer:
        raise error_for(spot, answer)
    return ControlContent(spot.label, answer["text"], answer["value"], _match(answer, asked=asked))


def _match(answer: Answer, *, asked: str | bool | None) -> Match:
    if asked is None:
        return Match.SAME
    if "same" in answer:  # a password: the page does not say what it holds
        return Match.SAME if answer["same"] else Match.CHANGED
    if isinstance(asked, bool):
        return Match.SAME if answer["value"] == str(asked).lower() else Match.CHANGED
    shown = Match.SAME if asked == answer["value"] else compare(asked, answer["text"])
    behind = answer.get("model", asked)  # what the page will send, where that can be known
    return max(shown, compare(asked, behind), key=list(Match).index)
