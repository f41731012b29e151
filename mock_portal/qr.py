"""A QR code (version 2, level L, byte mode, mask 0), so that a phone reads what the mock drew."""

from __future__ import annotations

from collections.abc import Iterator

from mock_portal import png

_SIZE = 25
_DATA, _CORRECTION = 34, 10
_FORMAT = "111011111000100"
"""Level L and mask 0, with their own error correction, as the standard lists them."""
_QUIET, _DOT = 4, 6

Modules = dict[tuple[int, int], bool]
"""(row, column) → dark."""


def draw(text: str) -> bytes:
    """A PNG of a QR code that says ``text``: at most 32 bytes of ASCII.

    Raises:
        ValueError: it is longer.
    """
    dark = modules(text)
    rows = []
    for row in range(-_QUIET, _SIZE + _QUIET):
        line = b"".join(
            (b"\x10\x10\x10" if dark.get((row, column)) else b"\xff\xff\xff") * _DOT
            for column in range(-_QUIET, _SIZE + _QUIET)
        )
        rows += [line] * _DOT
    return png.encode(rows)


def modules(text: str) -> Modules:
    """The 25 × 25 modules of a text."""
    fixed = _patterns()
    bits = (bit for byte in _codewords(text) for bit in f"{byte:08b}")
    found = dict(fixed)
    for row, column in _path():
        if (row, column) not in fixed:
            bit = next(bits, "0") == "1"  # seven modules remain at the end
            found[row, column] = bit ^ ((row + column) % 2 == 0)
    return found


def _path() -> Iterator[tuple[int, int]]:
    """The order in which data fills the modules: pairs of columns from the right, up and down in turn."""
    upwards = True
    for right in (24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1):  # column 6 is a pattern
        rows = range(_SIZE - 1, -1, -1) if upwards else range(_SIZE)
        for row in rows:
            yield row, right
            yield row, right - 1
        upwards = not upwards


def _patterns() -> Modules:
    """What is the same in every code: finders, alignment, timing, format."""
    found: Modules = {}
    for at in range(_SIZE):
        found[6, at] = found[at, 6] = at % 2 == 0
    for centre in ((3, 3), (3, _SIZE - 4), (_SIZE - 4, 3)):
        found |= _square(*centre, reach=4, light=(2, 4))
    found |= _square(18, 18, reach=2, light=(1,))
    around = [*((8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)), *((r, 8) for r in (7, 5, 4, 3, 2, 1, 0))]
    beside = [*((_SIZE - 1 - n, 8) for n in range(7)), *((8, _SIZE - 8 + n) for n in range(8))]
    for places in (around, beside):
        found |= {place: bit == "1" for place, bit in zip(places, _FORMAT, strict=True)}
    found[_SIZE - 8, 8] = True
    return found


def _square(row: int, column: int, *, reach: int, light: tuple[int, ...]) -> Modules:
    """Rings around a module, as far as they are on the code; those in ``light`` are not dark."""
    return {
        (row + down, column + right): max(abs(down), abs(right)) not in light
        for down in range(-reach, reach + 1)
        for right in range(-reach, reach + 1)
        if 0 <= row + down < _SIZE and 0 <= column + right < _SIZE
    }


def _codewords(text: str) -> list[int]:
    content = text.encode("ascii")
    if len(content) > _DATA - 2:
        raise ValueError(f"too long for a QR code of this size: {len(content)} bytes")
    bits = "0100" + f"{len(content):08b}" + "".join(f"{byte:08b}" for byte in content) + "0000"
    data = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    data += [(236, 17)[n % 2] for n in range(_DATA - len(data))]
    return data + _correction(data)


def _correction(data: list[int]) -> list[int]:
    """The rest of dividing the data by the generator polynomial, over GF(256)."""
    generator = [1]
    root = 1
    for _ in range(_CORRECTION):
        shifted, times_root = [*generator, 0], [0, *(_times(each, root) for each in generator)]
        generator = [one ^ other for one, other in zip(shifted, times_root, strict=True)]
        root = _times(root, 2)
    rest = [*data, *([0] * _CORRECTION)]
    for at in range(len(data)):
        factor = rest[at]
        for offset, each in enumerate(generator):
            rest[at + offset] ^= _times(each, factor)
    return rest[len(data) :]


def _times(one: int, other: int) -> int:
    """The product of two elements of GF(256) as QR codes use it."""
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = (one << 1) ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product
