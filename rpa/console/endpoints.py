"""How pages and changes answer, whatever comes of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rpa.console.context import page
from rpa.errors import UserError

Reading = Callable[[Request], Response]
Changing = Callable[[Request, Mapping[str, Any]], Mapping[str, Any] | Response]
"""Takes what was posted, tells what came of it (or answers by itself); runs in a thread."""


def reading(handler: Reading) -> Reading:
    """A page that says in its own place why it cannot be shown."""

    @wraps(handler)
    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except UserError as error:
            return missing(request, str(error))

    return answer


def missing(request: Request, words: str) -> Response:
    """There is no such thing, and why."""
    return page(request, "missing.html.j2", 404, words=words)


def changing(handler: Changing) -> Callable[[Request], Awaitable[Response]]:
    """A change with a JSON object as its body; a body of another kind is refused."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            posted = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            posted = None
        if not isinstance(posted, dict):
            return JSONResponse({"error": "请求的内容不对"}, 400)
        told = await run_in_threadpool(handler, request, posted)
        return told if isinstance(told, Response) else JSONResponse(told)

    return answer


def words_of(posted: Mapping[str, Any], name: str) -> str:
    """A text that was posted, without outer spaces; empty where there is none."""
    value = posted.get(name, "")
    return value.strip() if isinstance(value, str) else ""
