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

JsonObject = Mapping[str, Any]
Reading = Callable[[Request], Response]
Changing = Callable[[Request, JsonObject], JsonObject | Response]
"""Takes the posted object, returns the object (or the whole response) to answer with; runs in a thread."""


def page_endpoint(handler: Reading) -> Reading:
    """A page that says in its own place why it cannot be shown."""

    @wraps(handler)
    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except UserError as error:
            return not_found(request, str(error))

    return answer


def not_found(request: Request, words: str) -> Response:
    """A page that says, with status 404, what there is not."""
    return page(request, "missing.html.j2", 404, words=words)


def change_endpoint(handler: Changing) -> Callable[[Request], Awaitable[Response]]:
    """A change with a JSON object as its body; a body of another kind is refused."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            posted = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            posted = None
        if not isinstance(posted, dict):
            return JSONResponse({"error": "请求的内容不对"}, 400)
        result = await run_in_threadpool(handler, request, posted)
        return result if isinstance(result, Response) else JSONResponse(result)

    return answer


def words_of(posted: JsonObject, name: str) -> str:
    """A text that was posted, without outer spaces; empty where there is none."""
    value = posted.get(name, "")
    return value.strip() if isinstance(value, str) else ""
