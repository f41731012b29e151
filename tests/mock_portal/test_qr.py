"""The QR code: what a phone would read, worked out from its modules by the standard's own rules."""

from __future__ import annotations

import pytest

from mock_portal import qr

TEXT = "MOCK-0123456789ABCDEF"


def test_the_text_can_be_read_back() -> None:
    words = _codewords(qr.modules(TEXT))
    bits = "".join(f"{word:08b}" for word in words[:34])
    assert bits[:4] == "0100"  # bytes
    length = int(bits[4:12], 2)
    read = bytes(int(bits[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8))
    assert read.decode() == TEXT


def test_the_code_words_check() -> None:
    """All ten syndromes of a code without damage are zero."""
    words = _codewords(qr.modules(TEXT))
    for power in range(10):
        syndrome = 0
        for word in words:
            syndrome = _times(syndrome, _power(power)) ^ word
        assert syndrome == 0


def test_every_module_is_drawn() -> None:
    found = qr.modules(TEXT)
    assert len(found) == 25 * 25
    assert qr.draw(TEXT).startswith(b"\x89PNG\r\n\x1a\n")
    assert all(found[at, at] is (at % 6 in (0, 2, 3, 4)) for at in range(7))


def test_what_does_not_fit_is_refused() -> None:
    qr.draw("x" * 32)
    with pytest.raises(ValueError, match="33"):
        qr.draw("x" * 33)


def _codewords(found: dict[tuple[int, int], bool]) -> list[int]:
    """Data and correction, read upwards and downwards through pairs of columns, without the mask."""
    fixed = _function_modules()
    bits = ""
    column, upwards = 24, True
    while column > 0:
        column -= column == 6
        for row in range(24, -1, -1) if upwards else range(25):
            for at in (column, column - 1):
                if (row, at) not in fixed:
                    bits += str(int(found[row, at] ^ ((row + at) % 2 == 0)))
        column, upwards = column - 2, not upwards
    assert len(bits) == 44 * 8 + 7
    return [int(bits[at : at + 8], 2) for at in range(0, 44 * 8, 8)]


def _function_modules() -> set[tuple[int, int]]:
    corners = {
        (row, column)
        for row in range(25)
        for column in range(25)
        if (row < 9 and (column < 9 or column > 16)) or (row > 16 and column < 9)
    }
    alignment = {(row, column) for row in range(16, 21) for column in range(16, 21)}
    timing = {(6, at) for at in range(25)} | {(at, 6) for at in range(25)}
    return corners | alignment | timing


def _times(one: int, other: int) -> int:
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11D << (bit - 8)
    return product


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value
