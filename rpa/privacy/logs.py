"""Whatever is logged goes through one sink that redacts it: our own lines and other libraries'.

Warnings and the last words of a crash, too, may quote a value, and are redacted.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from rpa.privacy.masks import redact

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

    from loguru import Record

_NAME = "rpa"


def configure_logging(stream: TextIO | None = None, *, level: str = "INFO") -> None:
    """Send every line, other libraries' too, redacted and without variables' values to one stream.

    Args:
        stream: where the lines go; standard error by default, so that ``--json`` keeps standard output.
        level: loguru's name of the lowest level that is written.
    """
    _write_to(stream or sys.stderr, level)
    _take_in()


def _write_to(stream: TextIO, level: str) -> None:
    """Let loguru write there alone, from this level on: redacted, and without variables' values."""
    from loguru import logger  # a crash needs none of it

    def write(line: str) -> None:
        stream.write(redact(line))
        stream.flush()

    logger.remove()
    logger.add(write, level=level, format=_line, colorize=False, backtrace=False, diagnose=False)


def _line(record: Record) -> str:
    return "{time:HH:mm:ss} {level:<7} {message}\n{exception}"


class _ToLoguru(logging.Handler):
    """A library's lines as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        from loguru import logger

        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit the line: a library's mistake
            message = str(record.msg)
        level = record.levelname if record.levelname in _LEVELS else record.levelno
        logger.opt(exception=record.exc_info).log(level, "{}：{}", record.name, message)


_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})


def _take_in() -> None:
    """Let other libraries' logs and warnings go through loguru; may be repeated."""
    root = logging.getLogger()
    if not any(one.name == _NAME for one in root.handlers):
        handler = _ToLoguru()
        handler.name = _NAME
        root.addHandler(handler)
    warnings.showwarning = _warn


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    from loguru import logger

    logger.warning("{}：{}（{}:{}）", category.__name__, message, filename, lineno)


def guard_crashes() -> None:
    """Redact the traceback of whatever nobody caught, in every thread."""
    sys.excepthook = _crashed
    threading.excepthook = _crashed_thread
    sys.unraisablehook = _unraisable


def _crashed(kind: type[BaseException], error: BaseException | None, place: TracebackType | None) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, place))))
    sys.stderr.flush()


def _crashed_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_type is not SystemExit:
        _crashed(told.exc_type, told.exc_value, told.exc_traceback)


def _unraisable(told: UnraisableHookArgs) -> None:
    _crashed(told.exc_type, told.exc_value, told.exc_traceback)
