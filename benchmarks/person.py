"""A simulated person at the real console: over HTTP, one card after the other, as the page does it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPResponse
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from benchmarks.portal import Portal
from rpa.console.access.middleware import CHANGE_HEADER

_TAB = "benchmark"
_SECONDS = 30.0

Card = Mapping[str, Any]
"""A request as the console shows it."""


@dataclass(frozen=True, slots=True)
class Sat:
    """How a person's time at the console went."""

    answers: int
    reading: float
    """Seconds in which a card was before them."""
    whole: float
    """Seconds from the first card to the last answer."""

    @property
    def busy(self) -> float:
        """The part of the time in which they had something to do, in per cent."""
        return 100 * self.reading / self.whole


class Person:
    """Takes the first card, needs so many seconds for it, answers, and has the next one at once.

    Args:
        link: opens the console.
        portal: tells what a captcha says: reading it is not what is measured.
        seconds: for a captcha.
    """

    def __init__(self, link: str, portal: Portal, seconds: float) -> None:
        self._portal = portal
        self._seconds = seconds
        address = urlsplit(link)
        self._origin = f"{address.scheme}://{address.netloc}"
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        self._opener.open(link, timeout=_SECONDS).close()
        self._turn = threading.Condition()
        self._cards: list[Card] = []
        self._over = False
        self._taken: set[str] = set()

    def sit(self) -> Sat:
        """Work until the console ends."""
        with self._open("/requests/events?tab=" + _TAB) as stream, ThreadPoolExecutor(1) as sending:
            reading = threading.Thread(target=self._listen, args=(stream,), name="the line")
            reading.start()
            sent: list[Future[None]] = []
            began = ended = 0.0
            while card := self._next():
                taken = time.monotonic()
                began = began or taken
                text = self._read(card)
                time.sleep(max(taken + self._seconds - time.monotonic(), 0.0))  # a person reads
                # The page shows the next card at once, and sends meanwhile.
                sent.append(sending.submit(self._answer, card, text))
                ended = time.monotonic()
            reading.join()
        for one in sent:
            one.result()
        return Sat(len(sent), len(sent) * self._seconds, ended - began)

    def _listen(self, stream: HTTPResponse) -> None:
        """What the console's stream says of the line, until it ends."""
        try:
            for line in stream:
                if line.startswith(b"data: {"):
                    with self._turn:
                        self._cards = json.loads(line.removeprefix(b"data: "))["requests"]
                        self._turn.notify_all()
        finally:
            with self._turn:
                self._over = True
                self._turn.notify_all()

    def _next(self) -> Card | None:
        with self._turn:
            self._turn.wait_for(lambda: self._over or self._first())
            card = self._first()
            if card:
                self._taken.add(card["id"])
            return card

    def _first(self) -> Card | None:
        return next((card for card in self._cards if card["id"] not in self._taken), None)

    def _read(self, card: Card) -> str:
        self._post(card, "hold", {})
        with self._open(card["picture"]) as answer:
            shown = sha256(answer.read()).hexdigest()
        return str(self._portal.call(f"captcha?sha256={quote(shown)}")["text"])

    def _answer(self, card: Card, text: str) -> None:
        self._post(card, "answer", {"text": text, "picture_id": card["picture_id"]})

    def _post(self, card: Card, what: str, said: Mapping[str, str]) -> None:
        body = json.dumps({**said, "holder": _TAB}).encode()
        headers = {"Content-Type": "application/json", "Origin": self._origin, CHANGE_HEADER: "1"}
        address = f"{self._origin}/requests/{card['id']}/{what}"
        self._opener.open(Request(address, body, headers), timeout=_SECONDS).close()

    def _open(self, path: str) -> HTTPResponse:
        found: HTTPResponse = self._opener.open(self._origin + path, timeout=_SECONDS)
        return found
