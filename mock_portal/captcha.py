"""The picture captcha: four characters with noise."""

from __future__ import annotations

import random
import secrets

from mock_portal import png

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
LENGTH = 4
_WIDTH, _HEIGHT, _DOT = 104, 38, 4
_PAPER = (238, 243, 250)
_INKS = ((28, 63, 148), (166, 40, 40), (22, 110, 70), (110, 50, 130))


def new_text() -> str:
    """Four characters that a person can tell apart."""
    return "".join(secrets.choice(tuple(_GLYPHS)) for _ in range(LENGTH))


def draw(text: str) -> bytes:
    """A PNG (104 × 38) of the text; characters without a glyph leave a gap."""
    rows = [bytearray(bytes(_PAPER) * _WIDTH) for _ in range(_HEIGHT)]
    dice = random.Random(secrets.token_bytes(8))  # noqa: S311 - decoration
    for index, character in enumerate(text):
        _draw_glyph(rows, character, 6 + index * 25 + dice.randint(-2, 2), dice.randint(2, 8), dice)
    for _ in range(70):
        _dot(rows, dice.randrange(_WIDTH), dice.randrange(_HEIGHT), dice.choice(_INKS))
    start, end = dice.randrange(8, 30), dice.randrange(8, 30)
    for x in range(_WIDTH):
        _dot(rows, x, start + (end - start) * x // _WIDTH, _INKS[1])
    return png.encode(rows)


def _draw_glyph(rows: list[bytearray], character: str, left: int, top: int, dice: random.Random) -> None:
    ink = dice.choice(_INKS)
    for line, bits in enumerate(_GLYPHS.get(character, ())):
        for column in range(5):
            if bits & (16 >> column):
                for offset in range(_DOT * _DOT):
                    x = left + column * _DOT + offset % _DOT
                    _dot(rows, x, top + line * _DOT + offset // _DOT, ink)


def _dot(rows: list[bytearray], x: int, y: int, ink: tuple[int, int, int]) -> None:
    if 0 <= x < _WIDTH and 0 <= y < _HEIGHT:
        rows[y][3 * x : 3 * x + 3] = bytes(ink)
