"""A picture that a person reads: what it is, and how long it is of use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


@dataclass(frozen=True, slots=True)
class ShownImage:
    """A picture as a portal shows it."""

    data: bytes = field(repr=False)
    type: str
    """Its media type: one of :data:`MEDIA_TYPES`."""
    taken_at: datetime
    """When the portal was asked for it (aware); where that is not known, when it was first seen."""
    usable_until: datetime | None = None
    """When an answer to it is no longer taken (aware); None: it is not known to age."""
    state: str = ""
    """Tells it from the pictures before and after it at its place."""


MEDIA_TYPES = frozenset({*_BEGINNINGS.values(), "image/webp"})
"""What every browser shows and no browser runs: an SVG may hold scripts, and is shown as PNG."""


def media_type(data: bytes) -> str:
    """What bytes are, whatever a portal calls them; empty where it is none of :data:`MEDIA_TYPES`."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), "")
