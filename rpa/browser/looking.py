"""Looking for signs: in a page, and in every frame that its scripts cannot look into."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from rpa.browser.frames import roots_of
from rpa.browser.script import script
from rpa.browser.translate import moved_on

_WAIT = script("dom", "signs", main="waitForSign")
_SLICE = 0.5
"""Seconds after which it is looked again which frames there are."""
_SHORT = 0.1
"""The same where there are several: what one shows must not wait for what another one does not."""

Shown = Mapping[str, Any]
"""A sign that showed, as ``js/signs.js`` tells it."""


async def first_shown(page: Page, wanted: Mapping[str, Any], seconds: float) -> Shown | None:
    """The first of some signs to show within so long; None: none did."""
    clock = asyncio.get_running_loop()
    end = clock.time() + seconds
    while True:
        left = max(0.0, end - clock.time())
        _, *frames = roots_of(page)
        job = {**wanted, "timeout": min(left, _SHORT if frames else _SLICE) * 1000}
        looks = [asyncio.create_task(_in_frame(frame, job), name="see in frame") for frame in frames]
        try:
            found = [await evaluate(page, _WAIT, job), *await asyncio.gather(*looks)]
        finally:
            for look in looks:
                look.cancel()
        if shown := _first(found, wanted["signs"]):
            return shown
        if left == 0:
            return None


async def evaluate(page: Page, function: str, argument: object) -> Any:
    """Run a page script; a page that moves on meanwhile is asked again on its next document."""
    while True:
        try:
            return await page.evaluate(function, argument)
        except PlaywrightError as error:
            if not moved_on(error):
                raise


async def _in_frame(frame: Frame, job: Mapping[str, Any]) -> Shown | None:
    """What shows in a frame of another origin; nothing where nobody sees the frame, or it moves on."""
    try:
        found: Shown | None = await frame.evaluate(_WAIT, job)
        seen = found and await (await frame.frame_element()).is_visible()
    except PlaywrightError as error:
        if not moved_on(error):
            raise
        return None
    return found if seen else None


def _first(found: Sequence[Shown | None], signs: Sequence[Mapping[str, Any]]) -> Shown | None:
    """The first sign of several looks; what is to be gone has to be so in every frame."""
    there = sorted((one for one in found if one), key=lambda one: int(one["id"]) % (len(signs) + 1))
    for one in there:
        gone = one["id"] >= 0 and signs[one["id"]]["gone"]
        if not gone or all(other and other["id"] == one["id"] for other in found):
            return one
    return None
