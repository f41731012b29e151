"""Who may use the console at all: a stranger, or a request of a foreign page, gets nothing.

Loopback alone protects nobody: any page that a browser on this machine opens can send requests to it.
So the name that was called, the page that calls, a header that only our own script sends, and a session
are checked before anything is done, the way Jupyter does it, and the first two on reading as well.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rpa.console.access.address import SAFE_HEADERS, ConsoleAddress
from rpa.console.access.sessions import ConsoleSessions

CHANGE_HEADER = "X-RPA-Console"
"""On every request that changes something: no foreign page can send it without being asked first."""

OPEN_PATHS = frozenset({"/open", "/login"})
"""What somebody without a session may see, beside the style sheet and scripts."""

_READING = frozenset({"GET", "HEAD"})
_OWN_SITE = frozenset({"same-origin", "none"})
_BODY_LIMIT = 64 * 1024
UPLOAD_PATH = "/uploads"
UPLOAD_LIMIT = 25 * 1024 * 1024
"""Bytes of a workbook that is dropped; 2,000 employers take 200 kB."""


class AccessMiddleware:
    """Lets a request through, or answers it itself.

    Args:
        app: the console.
        address: where it is served.
        sessions: of its visitors.
    """

    def __init__(self, app: ASGIApp, *, address: ConsoleAddress, sessions: ConsoleSessions) -> None:
        self._app = app
        self._address = address
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; there are no websockets here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        safely = self._safely(send)
        headers = Headers(scope=scope)
        if refusal := self._refusal(scope, headers):
            await refusal(scope, receive, safely)
            return
        await self._app(scope, _limited(scope, receive), safely)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host") not in self._address.hosts:
            return _no("没有这个地址", 421)
        if not self._from_here(scope["method"], headers):
            return _no("拒绝来自其他页面的请求")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _limit(scope):
            return _no("内容太大", 413)
        visitor = self._sessions.visitor(self._token(headers))
        scope.setdefault("state", {})["visitor"] = visitor
        if visitor or scope["path"] in OPEN_PATHS or scope["path"].startswith("/static/"):
            return None
        if scope["method"] in _READING and "text/html" in headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return _no("请先打开链接登录", 401)

    def _from_here(self, method: str, headers: Headers) -> bool:
        """Whether our own page, or nobody's, sends it."""
        if headers.get("sec-fetch-site", "none") not in _OWN_SITE:
            return False
        origin = headers.get("origin")
        if method in _READING:
            return origin is None or origin in self._address.origins
        return origin in self._address.origins and headers.get(CHANGE_HEADER) == "1"

    def _token(self, headers: Headers) -> str:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._address.cookie)
        except CookieError:
            return ""
        return cookie.value if cookie else ""

    def _safely(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        return with_headers


def _limit(scope: Scope) -> int:
    return UPLOAD_LIMIT if scope["path"] == UPLOAD_PATH else _BODY_LIMIT


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Cut a body that grows beyond what its header, or nobody, said: the application sees the sender gone."""
    left = _limit(scope)

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return counted


def _no(words: str, status: int = 403) -> Response:
    return PlainTextResponse(words, status)
