"""Hearing one page: whatever it says, from its first document on, in every frame of its own site.

``js/listen.js`` runs in a world of its own in each document and tells of what it says the moment that
it says it; so a toast is heard that is gone before anybody looks.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from rpa.browser.script import script
from rpa.browser.speech.occasion import HEARD_ANYWHERE
from rpa.browser.speech.utterance import Shape, Tone, Utterance, drawn, native
from rpa.settings.portal import PortalSettings

_IN_THE_PAGE = (Shape.INLINE, Shape.BANNER)
_WORLD = "speech"
_BINDING = "tell"
_LISTEN = f"({script('dom', 'speech', 'listen', main='listen')})()"

Press = Callable[[Mapping[str, float]], Awaitable[None]]


@dataclass
class Listener:
    """Who is told of everything that is said in any window of a session."""

    on_said: Callable[[Utterance], None] | None = None


class Ear:
    """Hears one page.

    Args:
        cdp: a CDP session of the page.
        portal: for its words.
        press: a trusted click at a point of the page's viewport.
        listener: is told of everything at once.
    """

    def __init__(self, cdp: CDPSession, portal: PortalSettings, press: Press, listener: Listener) -> None:
        self.says_yes = False
        """Whether a native question that comes now is meant to be answered with yes."""
        self.on_news: Callable[[], None] = lambda: None
        self.version = 0
        """Counts what was heard and what went away."""
        self._cdp = cdp
        self._portal = portal
        self._press = press
        self._listener = listener
        self._log: list[Utterance] = []
        self._since = 0
        self._standing: dict[tuple[int, int], Utterance] = {}
        self._news = asyncio.Event()
        self._left: set[str] = set()
        """Texts in the page that was left last."""

    async def listen(self) -> None:
        """Begin: in the documents that are there, and in all that come."""
        cdp = self._cdp
        cdp.on("Runtime.bindingCalled", self._on_told)
        cdp.on("Runtime.executionContextDestroyed", lambda gone: self._on_gone(gone["executionContextId"]))
        cdp.on("Runtime.executionContextsCleared", lambda _: self._on_gone(None))
        source = {"source": _LISTEN, "worldName": _WORLD, "runImmediately": True}
        await asyncio.gather(
            cdp.send("Page.enable"),
            cdp.send("Runtime.enable"),
            cdp.send("Runtime.addBinding", {"name": _BINDING, "executionContextName": _WORLD}),
            cdp.send("Page.addScriptToEvaluateOnNewDocument", source),
        )

    # --- what was heard

    @property
    def moment(self) -> int:
        """Now, for :meth:`since`."""
        return len(self._log)

    def since(self, moment: int) -> tuple[Utterance, ...]:
        """What was said since then, oldest first."""
        return tuple(self._log[moment:])

    def forget_earlier(self) -> None:
        """The next act begins: what was said before says nothing about it."""
        self._since = self.moment

    @property
    def said(self) -> tuple[Utterance, ...]:
        """What was said since the last act."""
        return self.since(self._since)

    @property
    def standing(self) -> tuple[Utterance, ...]:
        """What stands there now, in the page or above it."""
        return tuple(self._standing.values())

    def stands(self, said: Utterance) -> bool:
        """Whether it still does."""
        return said.key in self._standing

    def stopping(self) -> Utterance | None:
        """What says why nothing goes on, whatever is waited for: above the page, now or since the act."""
        heard = {one.key: one for one in (*self.standing, *self.said)}
        telling = (one for one in heard.values() if one.floats and one.telling)
        return next((one for one in telling if one.tone in HEARD_ANYWHERE), None)

    async def news(self, version: int) -> None:
        """Wait until something is said, or goes away, after this :attr:`version` of what is known."""
        while self.version == version:
            self._news.clear()
            await self._news.wait()

    def hear_native(self, kind: str, message: str) -> Utterance:
        """A dialog of the browser's own."""
        said = native(kind, message, self.moment + 1, self._portal)
        self._heard(said)
        self.wake()
        return said

    # --- answering

    async def press(self, said: Utterance, captions: Sequence[str]) -> bool:
        """Click the button of a message that has one of these captions, the first of them that there is.

        Returns:
            False when there is none, or it cannot be clicked: greyed out, covered, gone.
        """
        document, number = said.key
        wanted = json.dumps([caption.lower() for caption in captions], ensure_ascii=False)
        call = {"expression": f"speech.button({number}, {wanted})", "contextId": document}
        try:
            found = await self._cdp.send("Runtime.evaluate", call)
            node = found["result"].get("objectId")
            if node is None:
                return False
            quads = (await self._cdp.send("DOM.getContentQuads", {"objectId": node}))["quads"]
        except PlaywrightError:
            return False  # its document is gone
        if not quads:
            return False
        await self._press({"x": sum(quads[0][::2]) / 4, "y": sum(quads[0][1::2]) / 4})
        return True

    async def gone(self, said: Utterance, seconds: float) -> bool:
        """Whether a message goes away within so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.stands(said):
                    await self.news(self.version)
        return not self.stands(said)

    # --- what the browser tells

    def _on_told(self, event: Mapping[str, Any]) -> None:
        if event["name"] != _BINDING:
            return
        document = event["executionContextId"]
        here = [drawn(one, document, self._portal) for one in json.loads(event["payload"])]
        before = self._standing
        self._standing = {key: one for key, one in before.items() if key[0] != document}
        self._standing |= {one.key: one for one in here}
        for one in here:
            if one.key not in before:
                self._heard(one)
        self._log[:] = [self._standing.get(one.key, one) for one in self._log]
        self.wake()

    def _on_gone(self, document: int | None) -> None:
        gone = [one for key, one in self._standing.items() if document in (None, key[0])]
        self._left = {one.words for one in gone if one.shape in _IN_THE_PAGE} or self._left
        self._standing = {key: one for key, one in self._standing.items() if document not in (None, key[0])}
        self.wake()

    def _heard(self, said: Utterance) -> None:
        if said.tone is Tone.PROGRESS or self._stood_before(said):
            return
        self._log.append(said)
        if self._listener.on_said and said.certainty > 0:
            self._listener.on_said(said)

    def _stood_before(self, said: Utterance) -> bool:
        """Whether the page before this one had the same text: a part of it, and no answer to its sending.

        A captcha that is wrong once more is said in the same words.
        """
        again = said.tone in (Tone.CAPTCHA, Tone.CREDENTIALS)
        return said.shape in _IN_THE_PAGE and said.words in self._left and not again

    def wake(self) -> None:
        """Tell whoever waits that there is news."""
        self.version += 1
        self._news.set()
        self.on_news()
