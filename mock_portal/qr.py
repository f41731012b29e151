"""The QR code that a phone scans."""

from __future__ import annotations

from io import BytesIO

import segno

_VERSION = 2
"""25 × 25 modules whatever the text, so that the picture on the page keeps its size."""
_DOT = 6


def draw(text: str) -> bytes:
    """A PNG (198 × 198) of a QR code that says ``text``: up to 32 bytes always fit.

    Raises:
        ValueError: it is too long.
    """
    picture = BytesIO()
    segno.make_qr(text, version=_VERSION).save(picture, kind="png", scale=_DOT, dark="#101010")
    return picture.getvalue()
