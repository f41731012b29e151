"""The one place for masking and for what must never be written down.

Secrets (captcha texts, SMS codes, passwords) are registered when they are first known; the log sink
and :func:`redact` then replace them wherever they appear. Personal data with a recognisable shape
(ID numbers, mobiles, long account numbers) is masked by pattern even when nobody registered it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from loguru import Record as LogRecord

_HIDDEN = "〔已隐去〕"
_SHORTEST_SECRET = 4
"""Shorter values would blank out half of every text; captchas have four characters or more."""

_PATTERNS = (
    re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])"),  # 居民身份证
    re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"),  # mobile
    re.compile(r"(?<![0-9A-Za-z])\d{12,32}(?![0-9A-Za-z])"),  # bank account
)

_secrets: dict[str, frozenset[str]] = {}
"""Every secret → how it looks in a text, quoted or not."""


def register_secret(value: str) -> str:
    """Remember a secret so that it is redacted everywhere from now on; returns it unchanged."""
    if len(value) >= _SHORTEST_SECRET:
        _secrets[value] = _looks(value)
    return value


def forget_secret(value: str) -> None:
    """A captcha is worthless once it was used; kept, a ``2026`` would blank out every date."""
    _secrets.pop(value, None)


def known_secrets() -> frozenset[str]:
    """Every secret registered in this process."""
    return frozenset(_secrets)


def _looks(value: str) -> frozenset[str]:
    """A value as it stands in plain text, in a ``repr``, in JSON, in an address and in a sent form."""
    in_json = {json.dumps(value, ensure_ascii=plain)[1:-1] for plain in (True, False)}
    sent = {quote(value, safe="", errors="replace"), quote_plus(value, errors="replace")}
    return frozenset({value, repr(value)[1:-1], *in_json, *sent})


def mask(value: str, *, head: int = 3, tail: int = 4) -> str:
    """A value with its middle hidden, e.g. ``138****5678``; short values are hidden whole."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def mask_account(value: str) -> str:
    """An account of any length so that its owner knows it again; more than half of it stays hidden."""
    shown = min(3, len(value) // 5)
    return mask(value, head=shown, tail=shown)


def redact(text: str, extra: Iterable[str] = ()) -> str:
    """A text without registered secrets, without ``extra`` values, and with personal data masked."""
    looks = {*extra}.union(*_secrets.values()) - {""}
    for secret in sorted(looks, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: mask(found.group()), text)
    return text


def configure_logging(stream: TextIO | None = None, *, level: str = "INFO") -> None:
    """Send loguru's lines, redacted and without variable values in tracebacks, to one stream.

    Args:
        stream: where the lines go; standard error by default, so that ``--json`` keeps standard output.
        level: loguru's name of the lowest level that is written.
    """
    from loguru import logger  # noqa: PLC0415 - the fast commands never log

    logger.remove()
    logger.add(
        _redacting(stream or sys.stderr),
        level=level,
        format=_line,
        colorize=False,
        backtrace=False,
        diagnose=False,
    )


def _line(record: LogRecord) -> str:
    return "{time:HH:mm:ss} {level:<7} {message}\n{exception}"


def _redacting(stream: TextIO) -> Callable[[str], None]:
    def write(line: str) -> None:
        stream.write(redact(line))
        stream.flush()

    return write
