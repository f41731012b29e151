"""Calls that fail inside a page: the page often says nothing about them, or nothing true."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Page, Request, Response

from rpa.errors import Maintenance, SessionExpired, Stop, Unavailable
from rpa.settings.addresses import origin_of

_CALLS = ("xhr", "fetch")
_UNAUTHORISED = 401
_SERVER_ERROR = 500
_CLOSED = 503
"""Service Unavailable: "temporary overload or scheduled maintenance" (RFC 9110, 15.6.4)."""


@dataclass(frozen=True, slots=True)
class FailedCall:
    """A call that a page made and that was not answered as it should be."""

    status: int
    """HTTP, 401 or 5xx; 0: there was no answer."""
    path: str
    """Without its query."""


class Calls:
    """Remembers the failed calls of one page.

    Args:
        page: the page, with all its frames.
        origins: the portal's; nobody else's calls count.
        told: is told when one has failed.
    """

    def __init__(self, page: Page, origins: Collection[str], told: Callable[[], None]) -> None:
        self.failed: list[FailedCall] = []
        """Since :meth:`forget`, oldest first."""
        self._told = told
        self._origins = origins
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)

    def forget(self) -> None:
        """Begin anew: the next act's calls count."""
        self.failed.clear()

    def stop(self) -> Stop | None:
        """What the failed calls mean where nothing came of an act; None: none failed."""
        if not self.failed:
            return None
        if any(call.status == _UNAUTHORISED for call in self.failed):
            return SessionExpired("登录已失效：平台不再接受页面的请求（HTTP 401）")
        call = self.failed[0]
        answer = f"HTTP {call.status}" if call.status else "没有答复"
        kind = Maintenance if call.status == _CLOSED else Unavailable
        return kind(f"页面向平台的请求失败（{answer}：{call.path}）")

    def _on_response(self, response: Response) -> None:
        if response.status == _UNAUTHORISED or response.status >= _SERVER_ERROR:
            self._note(response.request, response.status)

    def _on_failed(self, request: Request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # a page takes back its own calls
            self._note(request, 0)

    def _note(self, request: Request, status: int) -> None:
        if request.resource_type in _CALLS and origin_of(request.url) in self._origins:
            self.failed.append(FailedCall(status, urlsplit(request.url).path))
            self._told()
