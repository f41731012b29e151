"""Whether a page still waits for data: the requests that it made since it was last acted on."""

from __future__ import annotations

import asyncio

from playwright.async_api import Frame, Page, Request

_DATA = ("xhr", "fetch", "document")
"""A list in a frame may be asked for by the frame's own navigation: until then it shows the rows before."""


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""


class Quiet:
    """Listens to what a page fetches by script or by navigating, as the browser tells it.

    Pages' own spinners are no counters.

    Only what began after the last act counts: a request that was under way before (a long poll) says
    nothing about what the act brings.

    Args:
        page: the page, with all its frames.
    """

    def __init__(self, page: Page) -> None:
        self.begun = 0
        """So many requests began since the page is watched."""
        self.changes = 0
        """So many of all its requests may change something at the portal (RFC 9110, 9.2.1)."""
        self.acts = 0
        """So many times the page was acted on."""
        self.new_document = False
        """Whether the page is another one since the last act."""
        self.moved = False
        """Whether the page or a frame in it is."""
        self._page = page
        self._under_way: set[Request] = set()
        self._news = asyncio.Event()
        page.on("request", self._on_begun)
        page.on("requestfinished", self._on_ended)
        page.on("requestfailed", self._on_ended)
        page.on("framenavigated", self._on_navigated)

    @property
    def now(self) -> bool:
        """Whether nothing is under way that the last act began."""
        return not self._under_way

    def mark(self) -> None:
        """What is under way now has nothing to do with the act that comes."""
        self._under_way.clear()
        self.acts += 1
        self.new_document = self.moved = False

    async def wait(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when it still is when the time is up."""
        clock = asyncio.get_running_loop()
        end = clock.time() + seconds
        while not self.now:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), end - clock.time())
            except TimeoutError:
                return self.now
        return True

    def _on_begun(self, request: Request) -> None:
        if request.method not in SAFE:
            self.changes += 1
        if request.resource_type in _DATA:
            self.begun += 1
            self._under_way.add(request)

    def _on_ended(self, request: Request) -> None:
        if request in self._under_way:
            self._under_way.discard(request)
            self._news.set()

    def _on_navigated(self, frame: Frame) -> None:
        self.moved = True
        if frame == self._page.main_frame:  # what the document before asked for comes to nobody
            self._under_way.clear()
            self.new_document = True
            self._news.set()
