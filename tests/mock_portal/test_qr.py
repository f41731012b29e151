"""The QR code, read as a phone reads it."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from mock_portal import qr

SIDE = 25 + 2 * 4
"""Modules with the quiet zone around them."""


@pytest.mark.parametrize("text", ["MOCK-0123456789ABCDEF", "https://example.test/1", "x" * 32])
def test_the_text_can_be_read_back(text: str) -> None:
    read = zxingcpp.read_barcode(_picture(text))
    assert read is not None
    assert read.format == zxingcpp.BarcodeFormat.QRCode
    assert read.text == text


def test_every_module_is_drawn() -> None:
    assert qr.draw("MOCK").startswith(b"\x89PNG\r\n\x1a\n")
    picture = _picture("MOCK")
    assert picture.size == (6 * SIDE, 6 * SIDE)
    assert {colour for _, colour in picture.getcolors() or ()} == {(16, 16, 16), (255, 255, 255)}
    corner = [picture.getpixel((6 * at + 3, 6 * at + 3)) == (16, 16, 16) for at in range(4 + 7)]
    assert corner == [False] * 4 + [at % 6 in (0, 2, 3, 4) for at in range(7)]


def test_what_does_not_fit_is_refused() -> None:
    qr.draw("x" * 32)
    with pytest.raises(ValueError, match="does not fit"):
        qr.draw("x" * 33)


def _picture(text: str) -> Image.Image:
    return Image.open(BytesIO(qr.draw(text))).convert("RGB")
