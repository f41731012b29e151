"""What a cell's value means: text, year, date, yes or no, however a person typed it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from rpa.identifiers import beyond_excel, normalise, visible

Value = str | int | float | bool | date | datetime | time | timedelta
"""What python-calamine gives; an empty cell is an empty text."""

_YES = frozenset(
    {
        "是",
        "Y",
        "YES",
        "TRUE",
        "1",
        "√",
        "✓",
        "✔",
        "对",
        "有",
        "同意",
        "已同意",
        "确认",
        "已确认",
        "已阅读",
        "已阅",
    }
)
_NO = frozenset(
    {"否", "N", "NO", "FALSE", "0", "×", "X", "✗", "✕", "不是", "非", "无", "不", "没有", "未确认", "不同意"}
)
_DATE = re.compile(
    r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"
)
_SERIALS = range(20_000, 80_000)
"""Excel's day numbers from 1954 to 2119; other numbers are no dates."""
_EPOCH = date(1899, 12, 30)
_YEARS = range(2000, 2100)


def shown(value: Value) -> str:
    """A value as text, near to what Excel shows: ``2024.0`` is ``2024``, a date is ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        exact = value.is_integer() and not beyond_excel(value)
        return str(int(value)) if exact else repr(value).upper()
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def text_of(value: Value) -> str:
    """A value as a person reads it, without invisible characters and outer spaces."""
    return visible(shown(value))


def year_of(value: Value) -> int | None:
    """The year that a cell means (``2024``, ``2024年``, ``２０２４年度``, a date), or None."""
    if isinstance(value, date):
        return value.year if value.year in _YEARS else None
    match = re.fullmatch(r"(\d{4})(年|年度)?", normalise(shown(value)))
    return int(match.group(1)) if match and int(match.group(1)) in _YEARS else None


def date_of(value: Value) -> date | None:
    """The day that a cell means, or None. Of a period (``2024-01-01至2024-12-31``) it is the last day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.sub(r"\s+(?=\d{1,2}:\d{2})", "T", unicodedata.normalize("NFKC", shown(value)))
    text = normalise(text)
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _EPOCH + timedelta(days=int(float(text)))
    matches = list(_DATE.finditer(text))
    if not matches:
        return None
    year, month, day = (int(part) for part in matches[-1].groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def yes_or_no(value: Value) -> bool | None:
    """Whether a cell says 是 or 否 in one of the usual ways, or None."""
    text = normalise(shown(value))
    if text in _YES:
        return True
    return False if text in _NO else None
