"""The captcha's picture and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from mock_portal import captcha
from mock_portal.clock import CHINA, Clock


def test_texts_differ_and_have_glyphs() -> None:
    texts = {captcha.new_text() for _ in range(50)}
    assert len(texts) > 40
    assert all(len(text) == captcha.LENGTH for text in texts)


def test_picture_is_a_png_with_ink() -> None:
    picture = captcha.draw("A7KX")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    shown = Image.open(BytesIO(picture))
    assert (shown.size, shown.mode) == ((104, 38), "RGB")
    assert sum(shown.convert("L").histogram()[:120]) > 900
    assert captcha.draw("A7KX") != picture


def test_a_sum_is_drawn_and_its_result_is_the_answer() -> None:
    signs = {"+": int.__add__, "-": int.__sub__, "×": int.__mul__}
    for shown, result in (captcha.new_sum() for _ in range(100)):
        first, sign, second, *rest = list(shown)
        assert (str(signs[sign](int(first), int(second))), rest) == (result, ["=", "?"])
        assert not result.startswith("-")
    assert Image.open(BytesIO(captcha.draw("9×8=?"))).size == (129, 38)


def test_clock_follows_the_machine_until_it_is_set() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=60)
    clock.advance(timedelta(days=2))
    assert clock.now() - datetime.now(UTC) > timedelta(days=1)
    clock.set(datetime(2024, 8, 1, 9, 0))
    assert clock.now() == datetime(2024, 8, 1, 9, 0, tzinfo=CHINA)
    assert clock.advance(timedelta(seconds=-1)) == datetime(2024, 8, 1, 8, 59, 59, tzinfo=CHINA)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=60)
