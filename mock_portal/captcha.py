"""The picture captcha: four characters or a small sum, with noise."""

from __future__ import annotations

import random
import secrets
from io import BytesIO

from PIL import Image, ImageDraw

_GLYPHS = {  # 5 × 7 dots, one number per line, the leftmost dot is 16; no 5, it looks like an S
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    "A": (14, 17, 17, 17, 31, 17, 17),
    "C": (14, 17, 16, 16, 16, 17, 14),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "F": (31, 16, 16, 30, 16, 16, 16),
    "H": (17, 17, 17, 31, 17, 17, 17),
    "K": (17, 18, 20, 24, 20, 18, 17),
    "P": (30, 17, 17, 30, 16, 16, 16),
    "R": (30, 17, 17, 30, 20, 18, 17),
    "T": (31, 4, 4, 4, 4, 4, 4),
    "X": (17, 17, 10, 4, 10, 17, 17),
    "Y": (17, 17, 10, 4, 4, 4, 4),
}
_SIGNS = {  # of sums alone: what a person could take for something else in a text
    "0": (14, 17, 17, 17, 17, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "+": (0, 4, 4, 31, 4, 4, 0),
    "-": (0, 0, 0, 31, 0, 0, 0),
    "×": (0, 17, 10, 4, 10, 17, 0),
    "=": (0, 0, 31, 0, 31, 0, 0),
    "?": (14, 17, 1, 2, 4, 0, 4),
}
LENGTH = 4
_WIDTH, _HEIGHT, _DOT = 104, 38, 4
_PAPER = (238, 243, 250)
_INKS = ((28, 63, 148), (166, 40, 40), (22, 110, 70), (110, 50, 130))


def new_text() -> str:
    """Four characters that a person can tell apart."""
    return "".join(secrets.choice(tuple(_GLYPHS)) for _ in range(LENGTH))


def new_sum() -> tuple[str, str]:
    """A small sum, as it is drawn, and its result; never less than nothing."""
    first, second = sorted((secrets.randbelow(10), secrets.randbelow(10)), reverse=True)
    sign, result = secrets.choice((("+", first + second), ("-", first - second), ("×", first * second)))
    return f"{first}{sign}{second}=?", str(result)


def draw(text: str) -> bytes:
    """A PNG (104 × 38, wider for more than four characters); characters without a glyph leave a gap."""
    width = max(_WIDTH, 4 + 25 * len(text))
    picture = Image.new("RGB", (width, _HEIGHT), _PAPER)
    dice = random.Random(secrets.token_bytes(8))  # noqa: S311 - decoration
    for index, character in enumerate(text):
        place = (6 + index * 25 + dice.randint(-2, 2), dice.randint(2, 8))
        picture.paste(dice.choice(_INKS), place, _glyph(character))
    pen = ImageDraw.Draw(picture)
    for _ in range(70):
        pen.point((dice.randrange(width), dice.randrange(_HEIGHT)), dice.choice(_INKS))
    start, end = dice.randrange(8, 30), dice.randrange(8, 30)
    pen.line((0, start, width, end), _INKS[1])
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _glyph(character: str) -> Image.Image:
    """A mask of the character as large as it is drawn."""
    lines = (_GLYPHS | _SIGNS).get(character, (0,) * 7)
    dots = Image.frombytes("1", (5, 7), bytes(line << 3 for line in lines))  # a line begins at the high bit
    return dots.resize((5 * _DOT, 7 * _DOT))
