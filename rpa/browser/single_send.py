"""What changes something at the portal leaves once, whatever its method and whatever happens on the wire.

Chromium by itself sends a request again when a server closes a kept-alive connection without answering:
a POST, a PUT, a PATCH, a DELETE alike (one click was seen to make two commits, and up to seven requests).
While the guard stands, every request but a GET, HEAD or OPTIONS to the portal's origins is therefore taken
out of the browser's hands and sent over a connection of its own with no retry; the page then gets the
portal's normal answer, cookies and redirects included, or a normal network failure. Only for that time is
anything intercepted: routing every request would cost a tenth of a filing.

- The headers are the browser's own for this very request, cookies among them (so ``SameSite`` and
  ``credentials`` hold, and a header such as ``X-XSRF-TOKEN`` is there). What the network stack adds after
  the point of interception, the fetch metadata (https://www.w3.org/TR/fetch-metadata/), is added here.
- A redirect that turns into a GET is the browser's; one that keeps method and body (307, 308; 301 and 302
  but after a POST: https://fetch.spec.whatwg.org/#http-redirect-fetch) is followed here, since the browser
  would send it unguarded.
- In Chromium a ``keepalive`` fetch may never end once it is intercepted (seen where it is redirected, and
  sometimes where it is not), though its answer has come: the page then waits for nothing, and what became
  of the request is known here all the same.
- Chromium hands out the bytes of a body but for files of the disk inside a multipart body; those of files
  that were given from memory, as :meth:`rpa.browser.session.Session.upload` gives them, it does hand out.
  A body with a named file and no bytes is refused before anything leaves: nobody can tell what it holds.
- A request that found no connection, or a certificate that is not trusted, has not left.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import APIRequestContext, APIResponse, BrowserContext, Request, Route
from playwright.async_api import Error as PlaywrightError

from rpa.browser.fetch_metadata import fetch_metadata
from rpa.browser.quiet import SAFE
from rpa.browser.sent import Sent, SentRequest
from rpa.settings.addresses import origin_of

_EVERYTHING = "**/*"
_HOP_HEADERS = frozenset({"connection", "content-length", "host"})
_MOST_REDIRECTS = 5
_LAST_SECONDS = 2.0
"""So long the browser may take to be given an answer, or told that there is none."""
_FILE_WITHOUT_BYTES = re.compile(
    rb'filename="[^"]+"\r\n(?:Content-Type:[^\r\n]*\r\n)?\r\n\r\n--', re.IGNORECASE
)
_NEVER_LEFT = {
    "ECONNREFUSED": "连不上平台",
    "ENOTFOUND": "平台的域名无法解析",
    "EAI_AGAIN": "平台的域名无法解析",
    "certificate": "平台的证书不受信任",
}
"""How the driver says that there was no connection yet on which a request could leave."""


@dataclass
class _Sender:
    """Sends what the browser would have sent. Playwright keeps a note at it: neither frozen nor slotted."""

    requests: APIRequestContext
    origins: Collection[str]
    seconds: float
    sent: Sent = field(default_factory=Sent)
    _under_way: set[asyncio.Task[Any]] = field(default_factory=set)

    async def ended(self) -> None:
        """Wait until every request that was taken over has its answer, or will get none."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def handle(self, route: Route, request: Request) -> None:
        """Take over a request that may change something; leave the others to the browser."""
        if (task := asyncio.current_task()) is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        with suppress(PlaywrightError):  # the page, or the whole browser, has gone meanwhile
            if request.method in SAFE or origin_of(request.url) not in self.origins:
                await route.continue_()
            elif _lacks_bytes(request):
                self._note(request, request.url).refuse("请求中的文件读不出来")
                await route.abort("accessdenied")
            else:
                await self._send(route, request)

    async def _send(self, route: Route, request: Request) -> None:
        address, cookies = request.url, list[str]()
        for _ in range(_MOST_REDIRECTS):
            note = self._note(request, address)
            try:
                answer = await self._send_once(request, address)
            except PlaywrightError as error:
                note.lose(_never_left(error))
                await route.abort("connectionreset")
                return
            note.answer(answer.status)
            cookies += [one["value"] for one in answer.headers_array if one["name"].lower() == "set-cookie"]
            onward = urljoin(address, answer.headers.get("location", ""))
            if not _keeps_method(request, answer) or origin_of(onward) not in self.origins:
                break
            address = onward
        headers = answer.headers | ({"set-cookie": "\n".join(cookies)} if cookies else {})
        await route.fulfill(response=answer, headers=headers)

    async def _send_once(self, request: Request, address: str) -> APIResponse:
        own = {name: value for name, value in request.headers.items() if name not in _HOP_HEADERS}
        # Named even when empty: the sender has a jar of its own, which other sessions fill.
        headers = {"cookie": ""} | fetch_metadata(request) | own | {"connection": "close"}
        return await self.requests.fetch(
            address,
            method=request.method,
            headers=headers,
            data=request.post_data_buffer,
            max_retries=0,
            max_redirects=0,
            fail_on_status_code=False,
            timeout=self.seconds * 1000,
        )

    def _note(self, request: Request, address: str) -> SentRequest:
        note = SentRequest(request.method, re.split("[?#]", address, maxsplit=1)[0])
        self.sent.requests.append(note)
        return note


@asynccontextmanager
async def single_send(
    context: BrowserContext, sender: APIRequestContext, *, origins: Collection[str], seconds: float
) -> AsyncIterator[Sent]:
    """Send every request of this context that may change something exactly once until the block ends.

    Args:
        context: the browser context in which something is changed.
        sender: a request context with no proxy: the context's own would use its proxy, whose
            bypass rules the sender does not understand.
        origins: the portal's; what a page sends elsewhere stays with the browser, and its proxy.
        seconds: how long the portal has to answer.

    Raises:
        PortalChanged: a request was refused because it holds files whose bytes nobody gives.
    """
    sending = _Sender(sender, origins, seconds)
    await context.route(_EVERYTHING, sending.handle)
    ends_at_once = False
    try:
        yield sending.sent
    except asyncio.CancelledError:  # nobody waits any more: the guard stands until the browser has gone
        ends_at_once = True
        raise
    finally:
        if not ends_at_once:
            await _take_down(context, sending)
            sending.sent.require_readable()


async def _take_down(context: BrowserContext, sending: _Sender) -> None:
    """A request that is still under way when its route goes is sent once more by the browser: not before."""
    with suppress(TimeoutError):
        async with asyncio.timeout(sending.seconds + _LAST_SECONDS):
            await sending.ended()
    with suppress(PlaywrightError):  # the context is gone: so are its routes
        await context.unroute(_EVERYTHING, sending.handle)


def _lacks_bytes(request: Request) -> bool:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return False
    return _FILE_WITHOUT_BYTES.search(request.post_data_buffer or b"") is not None


def _keeps_method(request: Request, answer: APIResponse) -> bool:
    if not answer.headers.get("location"):
        return False
    return answer.status in (307, 308) or (answer.status in (301, 302) and request.method != "POST")


def _never_left(error: PlaywrightError) -> str:
    """Why nothing can have left; empty where it may have. The rest of the error quotes what was sent."""
    said = error.message.partition("\n")[0]
    return next((why for sign, why in _NEVER_LEFT.items() if sign in said), "")
