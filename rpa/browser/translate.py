"""Browser errors become ours, at one place.

Playwright's messages quote the values that were typed, so not a word of them is kept but the
browser's own network code (``net::ERR_…``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from rpa.errors import Unavailable

_NETWORK_CODE = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_MOVED_ON = (
    "Execution context was destroyed",
    "Frame was detached",
    "Frame has been detached",
    "JSHandle is disposed",
    "JSHandles can be evaluated only in the context they were created",
    "Cannot find context with specified id",
    "Inspected target navigated or closed",
    "navigating and changing the content",
)
"""Playwright's words, and Chromium's that it passes on, for one thing: the page, or a frame, was replaced."""


def moved_on(error: PlaywrightError) -> bool:
    """Whether a script stopped only because its page or frame gave way to the next document."""
    return any(sign in error.message for sign in _MOVED_ON)


@contextmanager
def translated() -> Iterator[None]:
    """Turn every browser error inside the block into one of ours.

    Raises:
        Unavailable: the browser or the network failed; the attempt may start over.
    """
    try:
        yield
    except PlaywrightTimeout:
        raise Unavailable("平台没有在规定时间内响应") from None
    except PlaywrightError as error:
        raise Unavailable(_what(error.message)) from None


def _what(message: str) -> str:
    if code := _NETWORK_CODE.search(message):
        return f"打不开平台页面（{code.group(1)}）"
    if "closed" in message or "crashed" in message:
        return "浏览器窗口已关闭或崩溃"
    return "浏览器操作失败"
