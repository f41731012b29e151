"""The one place for masking and for what must never be written down.

Secrets (captcha texts, SMS codes, passwords) are registered when they are first known; the log sink
and :func:`redact` then replace them wherever they appear. Personal data with a recognisable shape
(ID numbers, mobiles, long account numbers) is masked by pattern even when nobody registered it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TextIO

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

_secrets: set[str] = set()


def register_secret(value: str) -> str:
    """Remember a secret so that it is redacted everywhere from now on; returns it unchanged."""
    if len(value) >= _SHORTEST_SECRET:
        _secrets.add(value)
    return value


def forget_secret(value: str) -> None:
    """A captcha is worthless once it was used; kept, a ``2026`` would blank out every date."""
    _secrets.discard(value)


def known_secrets() -> frozenset[str]:
    """Every secret registered in this process."""
    return frozenset(_secrets)


def mask(value: str, *, head: int = 3, tail: int = 4) -> str:
    """A value with its middle hidden, e.g. ``138****5678``; short values are hidden whole."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def redact(text: str, extra: Iterable[str] = ()) -> str:
    """A text without registered secrets, without ``extra`` values, and with personal data masked."""
    for secret in sorted({*_secrets, *extra} - {""}, key=len, reverse=True):
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
