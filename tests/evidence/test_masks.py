"""What a picture shows of persons is gone from it, and the rest is as it was."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from rpa.evidence.sharing.masks import UnmaskableError, boxes_in, painted
from rpa.privacy.masks import Box

WHITE = (255, 255, 255)
ACCOUNT = Box(208, 104, 150, 18, "银行账号")
"""Measured a little too small: the value begins two pixels before it."""
PHONE = Box(380, 290, 200, 40, "联系电话")
"""Reaches over the picture's edge."""


def page(account: str = "6222021234567890", phone: str = "13837700001", **saved: Any) -> bytes:
    """A page of 400 × 300 pixels with two values."""
    picture = Image.new("RGB", (400, 300), WHITE)
    brush = ImageDraw.Draw(picture)
    for row in range(20, 300, 40):
        brush.text((20, row), "Label:", fill=(20, 40, 160))
        brush.line((0, row + 30, 400, row + 30), fill=(200, 30, 30))
    brush.text((ACCOUNT.x - 2, ACCOUNT.y), account, fill=(230, 20, 40))
    brush.text((PHONE.x, PHONE.y), phone, fill=(0, 0, 0))
    file = BytesIO()
    picture.save(file, "JPEG", **({"quality": 80} | saved))
    return file.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg)).convert("RGB")


def inside(picture: Image.Image, box: Box) -> Image.Image:
    right, bottom = min(box.x + box.width, picture.width), min(box.y + box.height, picture.height)
    return picture.crop((box.x, box.y, right, bottom))


def spread(picture: Image.Image) -> int:
    """How far the lightest and the darkest value of a picture's colours lie apart."""
    return max(high - low for low, high in picture.getextrema())  # type: ignore[misc]


@pytest.mark.parametrize("saved", [{}, {"subsampling": 0}, {"progressive": True}, {"quality": 95}])
def test_what_is_painted_over_says_nothing(saved: dict[str, Any]) -> None:
    boxes = [ACCOUNT, PHONE]
    hidden = opened(painted(page(**saved), boxes))
    assert spread(inside(opened(page(**saved)), ACCOUNT)) > 200
    for box in boxes:
        assert spread(inside(hidden, box)) <= 8
    # Two pages that differ in these values alone are the same page afterwards, to the last byte.
    other = page("4888888888888888", "88888888888", **saved)
    assert painted(other, boxes) == painted(page(**saved), boxes)


def test_everything_else_stays() -> None:
    before, after = opened(page()), opened(painted(page(), [ACCOUNT, PHONE]))
    assert after.size == before.size
    for box in (ACCOUNT, PHONE):
        around = (box.x - 36, box.y - 36, box.x + box.width + 36, box.y + box.height + 36)
        for picture in (before, after):
            picture.paste(WHITE, around)
    difference = ImageStat.Stat(ImageChops.difference(before, after))
    assert max(difference.mean) < 0.2
    assert max(difference.rms) < 1.2


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "张三的电脑"
    saved = page(exif=exif.tobytes(), comment="13837700001", icc_profile=b"profile of 13837700001")
    assert b"13837700001" in saved
    after = painted(saved + b"behind the picture 13837700001", [])
    assert b"13837700001" not in after
    assert not {"exif", "comment", "icc_profile"} & set(Image.open(BytesIO(after)).info)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_kinds_of_pictures(mode: str) -> None:
    file = BytesIO()
    opened(page()).convert(mode).save(file, "JPEG")
    assert spread(inside(opened(painted(file.getvalue(), [ACCOUNT])), ACCOUNT)) <= 8


@pytest.mark.parametrize(
    "broken", [b"", b"\xff\xd8\xff\xe0 no picture \xff\xd9", page()[:2000], b"<svg/>"], ids=len
)
def test_what_is_no_picture_is_refused(broken: bytes) -> None:
    with pytest.raises(UnmaskableError, match="图片已损坏"):
        painted(broken, [ACCOUNT])


def test_boxes_of_a_line() -> None:
    assert boxes_in({"private": [list(ACCOUNT)]}) == (ACCOUNT,)
    assert boxes_in({"private": []}) == ()
    with pytest.raises(UnmaskableError, match="没有记下"):
        boxes_in({"file": "01_登录.jpg"})


@pytest.mark.parametrize("told", [None, 7, [[1, 2, 3]], [["a", 1, 2, 3, ""]], [[1, 2, -3, 4, ""]], ["abcde"]])
def test_what_is_no_box_is_refused(told: Sequence[object]) -> None:
    with pytest.raises(UnmaskableError, match="无法识别"):
        boxes_in({"private": told})
