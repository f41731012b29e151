"""The one place for masking and for what must never be written down.

Secrets (passwords, captcha texts, SMS codes) are made known when they are first met, and what a row says
of persons while its filing is worked on; the log and :func:`redact` then hide them wherever they appear.
Personal data with a recognisable shape (ID numbers, phones, long account numbers, e-mail addresses) is
masked even when nobody made it known.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from rpa.filing import Outcome

PASSING = 600.0
"""Seconds after which nobody can use a captcha's text or an SMS code any more."""

_HIDDEN = "〔已隐去〕"
_SHORTEST_SECRET = 4
"""Shorter values would blank out half of every text. No portal takes a shorter password, and captchas and
SMS codes have four characters or more."""
_SHORTEST_NAME = 2
_SHORTEST_NUMBER = 5
_USUAL_NUMBER = 11
_FOREVER = float("inf")

_GAP = r"[ \u00a0\u3000-]"
_BEGINS = r"(?:(?<![\dA-Za-z])|(?<=\\[nrt])|(?<=%[\dA-Fa-f]{2})|(?<=\\x[\da-f]{2})|(?<=\\u[\da-f]{4}))"
"""Not inside a hash or a code; but right behind an escape, as in the ``repr`` of a text with line ends."""
_ENDS = r"(?![\dA-Za-z])"
_SHAPES = (
    r"\d{17}[XxＸｘ]",  # 居民身份证; one that ends in a digit is long enough anyway
    r"\d{12,}",  # bank account, old ID number, +86 and a mobile
    rf"\d{{6}}{_GAP}\d{{8}}{_GAP}\d{{3}}[\dXxＸｘ]",
    # In groups, as bank cards are printed; two dates beside each other are no account.
    rf"(?!(?:19|20)\d{{6}}{_GAP}(?:19|20)\d{{6}}{_ENDS})"
    rf"(?=(?:{_GAP}?\d){{15}})\d{{3,32}}(?:{_GAP}\d{{3,32}}){{1,10}}(?:{_GAP}\d{{1,2}})?",
    rf"(?:(?:\+|00|００)?(?:86|８６){_GAP}?)?[1１][3-9３-９]\d{_GAP}?\d{{4}}{_GAP}?\d{{4}}",  # mobile
    rf"[(（]?[0０][1-9１-９]\d{{1,2}}[)）]?{_GAP}?[2-9２-９]\d{{2,3}}{_GAP}?\d{{4}}",  # 0371-63123456
)
_NUMBERS = re.compile(rf"(?=[\d+(（]){_BEGINS}(?:{'|'.join(_SHAPES)}){_ENDS}")
_MANY_DIGITS = re.compile(r"\d(?:\D{0,2}\d){9}")
"""What every shape above has; most texts have not, and are done with."""
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}(@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,})"
)

_ID_NUMBER = re.compile(
    rf"(?=[1-8１-８]){_BEGINS}\d{{6}}{_GAP}?\d{{4}}{_GAP}?\d{{4}}{_GAP}?\d{{3}}[\dXxＸｘ]{_ENDS}"
)
_PLAIN = str.maketrans("０１２３４５６７８９ｘＸx", "0123456789XXX", " -\u00a0\u3000")
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_OLDEST = 1900
_YOUNGEST = 14
"""Years of age. Where an ID number has the day of birth, a receipt number may have the day of receipt."""


class Box(NamedTuple):
    """Where a picture shows personal data, in the picture's own pixels."""

    x: int
    y: int
    width: int
    height: int
    what: str
    """Whose or which, in Chinese, such as 银行账号: never the value."""


# --- what is known


class Secrets:
    """The secrets that are hidden now."""

    def __init__(self) -> None:
        self.lasting: set[str] = set()
        """Those that no sealed file may hold."""
        self._until: dict[str, float] = {}
        self._ordered: tuple[str, ...] = ()
        self._stale_at = _FOREVER

    def add(self, value: str, seconds: float) -> None:
        """Hide a value for so long; never for less than was said before."""
        until = time.monotonic() + seconds
        if until > self._until.get(value, 0.0):
            self._until[value] = until
            self._stale_at = 0.0

    def forget(self, value: str) -> None:
        """Hide a value no longer, and let sealed files hold it; one that was not hidden is no error."""
        self.lasting.discard(value)
        self._until.pop(value, None)
        self._stale_at = 0.0

    def looks(self) -> tuple[str, ...]:
        """All of them in all their looks, the longest first."""
        now = time.monotonic()
        if now >= self._stale_at:
            self._until = {value: until for value, until in [*self._until.items()] if until > now}
            looks = {""}.union(*map(looks_of, self._until)) - {""}
            self._stale_at = min([*self._until.values()], default=_FOREVER)
            self._ordered = tuple(sorted(looks, key=len, reverse=True))
        return self._ordered


_secrets = Secrets()
_private: ContextVar[Mapping[str, re.Pattern[str]] | None] = ContextVar("private", default=None)


def register_secret(value: str) -> str:
    """Redact a secret everywhere from now on, and let no evidence that holds it be sealed.

    Returns it unchanged.
    """
    if len(value) >= _SHORTEST_SECRET:
        _secrets.lasting.add(value)
    return hide(value)


def hide(value: str, *, seconds: float = _FOREVER) -> str:
    """Redact a value like a secret, though it is no reason to refuse a file; returns it unchanged.

    Args:
        value: a login's account, which the agency's own workbook may hold; a captcha's text.
        seconds: how long. Kept for good, a captcha such as ``2026`` would blank out every date.
    """
    if len(value) >= _SHORTEST_SECRET:
        _secrets.add(value, seconds)
    return value


def forget_secret(value: str) -> None:
    """Redact it no more: a captcha is worthless once it was used."""
    _secrets.forget(value)


def known_secrets() -> frozenset[str]:
    """Every secret registered in this process that no sealed file may hold."""
    return frozenset(_secrets.lasting)


@contextmanager
def hiding(values: Iterable[str]) -> Iterator[None]:
    """Mask what a row says of persons while the block lasts, in this task and in what it starts.

    Args:
        values: names, phones, accounts; single characters and numbers of four digits are left alone.
    """
    found = {value: pattern for value in values if (pattern := _as_private(value))}
    before = _private.set({**(_private.get() or {}), **found})
    try:
        yield
    finally:
        _private.reset(before)


def _as_private(value: str) -> re.Pattern[str] | None:
    """Finds a value in any look; the digits of a number are often written in groups."""
    digits = value.translate(_PLAIN)
    if digits.isdecimal():
        spelled = f"{_GAP}?".join(digits)
        return re.compile(rf"(?<!\d){spelled}(?!\d)") if len(digits) >= _SHORTEST_NUMBER else None
    if len(value) < _SHORTEST_NAME:
        return None
    return re.compile("|".join(map(re.escape, sorted(looks_of(value), key=len, reverse=True))))


def looks_of(value: str) -> frozenset[str]:
    """A value as it stands in plain text, in a ``repr``, in JSON, in HTML, in an address and in a sent form.

    Nothing here writes base64, so that is not among them.
    """
    in_json = {json.dumps(value, ensure_ascii=plain)[1:-1] for plain in (True, False)}
    in_xml = {escape(value), escape(value, quote=False)}
    in_html = escape(value).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")  # as Jinja writes it
    sent = {quote(value, safe=safe, errors="replace") for safe in ("", "/", "!'()*", "/:@!$&()*+,;=?")}
    as_form = quote_plus(value, errors="replace")
    browsers = quote_plus(value, safe="*", errors="replace").replace("~", "%7E")
    return frozenset({value, repr(value)[1:-1], *in_xml, in_html, *in_json, *sent, as_form, browsers})


# --- masking


def mask(value: str, *, head: int = 3, tail: int = 4) -> str:
    """A value with its middle hidden, e.g. ``138****5678``; short values are hidden whole."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def mask_account(value: str) -> str:
    """An account of any length so that its owner knows it again; more than half of it stays hidden."""
    shown = min(3, len(value) // 5)
    return mask(value, head=shown, tail=shown)


def mask_number(value: str) -> str:
    """A phone or an account: of a short one, too, less than half is shown."""
    return mask(value) if len(value) >= _USUAL_NUMBER else mask_account(value)


def mask_name(name: str) -> str:
    """A person's name with all but its first character hidden, e.g. ``张*``."""
    return mask(name, head=1, tail=0)


def id_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where whole 居民身份证 numbers stand (begin, end): region, day of birth and check digit are right.

    Neither credit codes nor receipt numbers nor hashes are taken for one.
    """
    for found in _ID_NUMBER.finditer(text):
        if _is_id_number(found.group().translate(_PLAIN)):
            yield found.span()


def _is_id_number(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return (
        _REGION.match(number) is not None
        and _OLDEST <= born.year <= date.today().year - _YOUNGEST
        and "10X98765432"[total % 11] == number[17]
    )


def redact(text: str, extra: Iterable[str] = (), *, keep: Collection[str] = ()) -> str:
    """A text without secrets, and with personal data masked.

    Args:
        text: any text.
        extra: further secrets.
        keep: what looks like an account and must stay readable, such as a receipt number.
    """
    for secret in (*sorted(filter(None, extra), key=len, reverse=True), *_secrets.looks()):
        text = text.replace(secret, _HIDDEN)
    for value, pattern in (_private.get() or {}).items():
        hidden = mask_number(value) if value.translate(_PLAIN).isdecimal() else mask_name(value)
        text = pattern.sub(hidden, text)
    if _MANY_DIGITS.search(text):
        text = _NUMBERS.sub(lambda one: one.group() if one.group() in keep else mask(one.group()), text)
    return _ADDRESS.sub(r"\1***\2", text) if "@" in text else text


def redact_outcome(outcome: Outcome) -> Outcome:
    """How a filing ended, in words that may be kept: the portal's own may name a person or an account.

    Its receipt number stays, though it looks like an account.
    """
    record = outcome.record
    keep = (record.serial,) if record else ()
    if record:
        shown = {one.name: redact(getattr(record, one.name), keep=keep) for one in fields(record)}
        record = replace(record, **shown)
    explanation, advice = (redact(words, keep=keep) for words in (outcome.explanation, outcome.advice))
    return replace(outcome, explanation=explanation, advice=advice, record=record)
