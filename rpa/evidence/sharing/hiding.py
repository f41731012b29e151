"""Hides known values in a text, however they are written there.

A value is found with spaces or dashes inside, in full width and in either case, and noticed where it stands
quoted, escaped or encoded. What is to stay readable (the employer's own name, its code, the receipt number)
is kept even where it holds such a value: a firm may bear its contact's name.
"""

from __future__ import annotations

import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from rpa.privacy.masks import mask_name, redact

HIDDEN = "〔已隐去〕"
_SHORT = 6
"""Shorter ASCII values count only as words of their own: ``abcd`` is no part of ``abcdef``."""
_DEEP = 3
"""So many encodings may lie one in another."""
_DIGEST = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
_URL_SAFE = str.maketrans("-_", "+/")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){4,}")
_ESCAPE = re.compile(r"\\[ux]([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})")
PERSONS = frozenset({"who", "operator", "handler", "worker"})
"""Facts of audit lines that name a person or a person's machine."""
_EXACT = frozenset({"code", "unit_number", "serial", "edition", "file", "left_out"})
"""Facts that may look like an account and are none."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something that must not be seen."""

    text: str
    what: str
    """Of which kind, in Chinese."""
    masked: str
    """What stands in its place."""


class _Folds(dict[int, str]):
    """Character → how it is compared; nothing for blanks and dashes."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = "".join(
            one
            for one in folded
            if unicodedata.category(one)[0] not in "ZC" and unicodedata.category(one) != "Pd"
        )
        return self[code]


_FOLDS = _Folds()


class Hiding:
    """Hides some values.

    Args:
        hidden: the values; those too short to be told from other texts are not looked for.
        shown: what stays readable.
    """

    def __init__(self, hidden: Iterable[Value], shown: Iterable[str]) -> None:
        self._values: dict[str, Value | None] = {
            flat: one for one in hidden if _long_enough(flat := one.text.translate(_FOLDS))
        }
        self._values |= {flat: None for one in shown if len(flat := one.translate(_FOLDS)) > 1}
        sizes: dict[str, set[int]] = {}
        for flat in self._values:
            sizes.setdefault(flat[:2], set()).add(len(flat))
        self._sizes = {start: sorted(found, reverse=True) for start, found in sizes.items()}

    def text(self, text: str) -> str:
        """A text with the values masked, and with whatever looks like personal data masked too."""
        return self._masked(text, redact)

    def exact(self, text: str) -> str:
        """A text with the values masked; what only looks like personal data stays."""
        return self._masked(text, str)

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """An audit line's facts, masked."""
        return {name: self._fact(name, value) for name, value in facts.items()}

    def found(self, text: str) -> dict[str, str]:
        """What of the values stands in a text, in whatever encoding: value (as compared) → what it is."""
        return {
            flat: value.what
            for look in _looks(text, _DEEP)
            for _, _, flat in self._hits(look)
            if (value := self._values[flat])
        }

    def _fact(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self._key(key): self._fact(str(key), one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._fact(name, one) for one in value]
        if isinstance(value, str):
            return self._word(name, value)
        if isinstance(value, int | float) and self.found(str(value)):
            return HIDDEN
        return value

    def _key(self, key: Any) -> str:
        """Names of our own are left alone; anything else may be data."""
        return str(key) if str(key).isascii() and str(key).isidentifier() else self.text(str(key))

    def _word(self, name: str, value: str) -> str:
        if name in PERSONS:
            return mask_name(value)
        if _DIGEST.fullmatch(value):
            return value
        return self.exact(value) if name in _EXACT else self.text(value)

    def _masked(self, text: str, rest: Any) -> str:
        pieces, end = [], 0
        for begin, behind, flat in self._hits(text):
            value = self._values[flat]
            pieces += [rest(text[end:begin]), value.masked if value else text[begin:behind]]
            end = behind
        masked = "".join([*pieces, rest(text[end:])])
        return HIDDEN if self.found(masked) else masked

    def _hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where values stand, the longest first: begin and end in the text, value as compared."""
        flat = text.translate(_FOLDS)
        places: list[int] = []
        at = 0
        while at < len(flat) - 1:
            value = self._value_at(flat, at)
            if value:
                places = places or _places(text)
                begin, end = places[at], places[at + len(value) - 1] + 1
                if not _part_of_word(text, begin, end, value):
                    yield begin, end, value
                    at += len(value)
                    continue
            at += 1

    def _value_at(self, flat: str, at: int) -> str:
        for size in self._sizes.get(flat[at : at + 2], ()):
            if (value := flat[at : at + size]) in self._values:
                return value
        return ""


def _long_enough(flat: str) -> bool:
    """Two characters make a name; of digits it takes four to be somebody's."""
    return len(flat) > (3 if flat.isascii() and not flat.isalpha() else 1)


def _places(text: str) -> list[int]:
    """For each character as compared: where in the text it comes from."""
    return [place for place, one in enumerate(text) for _ in _FOLDS[ord(one)]]


def _part_of_word(text: str, begin: int, end: int, flat: str) -> bool:
    """Whether a short ASCII value is but a piece of a longer word or number there."""
    if len(flat) >= _SHORT or not flat.isascii():
        return False
    around = text[max(begin - 1, 0) : begin] + text[end : end + 1]
    return any(one.isascii() and one.isalnum() for one in around)


def _looks(text: str, deep: int) -> Iterator[str]:
    """A text, and what it says once it is decoded in one of the usual ways."""
    plain = _DIGEST.sub("|", text)
    yield plain
    if deep:
        for decoded in {*_decoded(plain)} - {plain, ""}:
            yield from _looks(decoded, deep - 1)


def _decoded(text: str) -> Iterator[str]:
    if "%" in text or "+" in text:
        yield from (unquote_plus(text, encoding, errors="replace") for encoding in ("utf-8", "gbk"))
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    pieces = [bytes.fromhex(found) for found in _HEX.findall(text)]
    pieces += [_unbase64(found[begin:]) for found in _BASE64.findall(text) for begin in range(4)]
    yield "|".join(filter(None, (piece.decode(errors="ignore") for piece in pieces)))


def _unbase64(token: str) -> bytes:
    whole = token[:-1] if len(token) % 4 == 1 else token
    return b64decode(whole.translate(_URL_SAFE) + "=" * (-len(whole) % 4))
