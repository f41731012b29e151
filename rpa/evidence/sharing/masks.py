"""Paints over what a picture shows of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from rpa.privacy.masks import Box

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the last two are not part of it."""

_BLOCK, _COLOUR_BLOCK = 8, 16
"""A JPEG smears light and colour over blocks of so many pixels, so whole blocks are painted over."""
_MARGIN = 2
"""So far colour is smeared once more when a picture is shown."""
_GREY: dict[str, Any] = {"YCbCr": (96, 128, 128), "L": 96}
_AS_STORED = tuple(_GREY)
_QUALITY = 90


class UnmaskableError(ValueError):
    """A picture in which nothing can be hidden; the reason is Chinese."""


def boxes_in(facts: Mapping[str, Any]) -> tuple[Box, ...]:
    """The boxes that a line about a picture tells.

    Raises:
        UnmaskableError: it tells none, since nobody looked for them, or tells what is no box.
    """
    if "private" not in facts:
        raise UnmaskableError("截图时没有记下含个人信息的区域")
    try:
        return tuple(_box(*one) for one in facts["private"])
    except (TypeError, ValueError) as error:
        raise UnmaskableError("记下的区域无法识别") from error


def painted(jpeg: bytes, boxes: Sequence[Box]) -> bytes:
    """A picture with some boxes painted over, encoded anew and without anything else that a file can carry.

    Raises:
        UnmaskableError: it is no picture that can be read whole.
    """
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            picture.draft("YCbCr", None)  # as it is stored, without a detour by RGB
            picture.load()
            return _encoded(picture, boxes)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnmaskableError("图片已损坏，无法遮盖") from error


def _encoded(picture: Image.Image, boxes: Sequence[Box]) -> bytes:
    picture.info.clear()  # comments, profiles and places are kept in here
    # "keep": encoded as it was, so what is not painted over stays as good as it was.
    quality: Any = "keep" if picture.mode in _AS_STORED else _QUALITY
    shown = picture if picture.mode in _AS_STORED else picture.convert("RGB").convert("YCbCr")
    for box in boxes:
        _hide(shown, box)
    file = BytesIO()
    shown.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _hide(picture: Image.Image, box: Box) -> None:
    """Paint over the light of a box's blocks, and take the colour from theirs, which reach further."""
    if picture.mode == "YCbCr":
        around = _clipped(picture, _grown(_blocks(_grown(_area(box)), _COLOUR_BLOCK)))
        light, *_ = picture.crop(around).split()
        plain = Image.new("L", light.size, 128)
        picture.paste(Image.merge("YCbCr", (light, plain, plain)), around)
    picture.paste(_GREY[picture.mode], _clipped(picture, _blocks(_grown(_area(box)), _BLOCK)))


def _area(box: Box) -> Area:
    return (box.x, box.y, box.x + box.width, box.y + box.height)


def _grown(area: Area) -> Area:
    return (area[0] - _MARGIN, area[1] - _MARGIN, area[2] + _MARGIN, area[3] + _MARGIN)


def _blocks(area: Area, size: int) -> Area:
    """The whole blocks that an area touches."""
    left, top, right, bottom = area
    return (left // size * size, top // size * size, -(-right // size) * size, -(-bottom // size) * size)


def _clipped(picture: Image.Image, area: Area) -> Area:
    width, height = picture.size
    left, top, right, bottom = area
    return (
        min(max(left, 0), width),
        min(max(top, 0), height),
        min(max(right, 0), width),
        min(max(bottom, 0), height),
    )


def _box(x: int, y: int, width: int, height: int, what: str) -> Box:
    if width < 0 or height < 0:
        raise ValueError("a box has a size")
    return Box(int(x), int(y), int(width), int(height), str(what))
