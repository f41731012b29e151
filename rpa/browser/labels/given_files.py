"""How files are given to a page: from memory, so that a request that holds them can be sent once.

Chromium hands out the bytes of a request's body, but not those of a file of the disk in a multipart body
(see :mod:`rpa.browser.single_send`).
"""

from __future__ import annotations

from collections.abc import Sequence
from mimetypes import guess_type
from pathlib import Path

from playwright.async_api import FilePayload

_MOST_BYTES = 50 * 1024 * 1024
"""Playwright gives no more from memory (https://playwright.dev/python/docs/api/class-elementhandle)."""
_UNKNOWN = "application/octet-stream"


def given(paths: Sequence[Path]) -> list[FilePayload] | list[Path]:
    """What is handed to a file field for these files; their paths where they are too large for memory."""
    if sum(path.stat().st_size for path in paths) >= _MOST_BYTES:
        return list(paths)
    return [
        FilePayload(name=path.name, mimeType=guess_type(path.name)[0] or _UNKNOWN, buffer=path.read_bytes())
        for path in paths
    ]
