"""When a portal may be worked at: opening hours as ``configs/*.toml`` write them, in China's time.

One entry is ``days from-to``: ``1-5 08:00-20:00`` (1 is Monday), ``6,7 09:00-12:00``, or no days for every
day: ``06:00-23:30``. A range may pass midnight (``22:00-02:00``) and then belongs to the day on which it
begins. Several entries add up; none at all means always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from rpa.filing import CHINA

_DAY = 24 * 60
_WEEK = 7 * _DAY
_DAYS = r"[1-7](?:-[1-7])?"
_ENTRY = re.compile(
    rf"(?:(?P<days>{_DAYS}(?:,{_DAYS})*)\s+)?(?P<opens>\d\d?:\d\d)\s*-\s*(?P<closes>\d\d?:\d\d)", re.ASCII
)
_FORM = "请写成 1-5 08:00-20:00（周一至周五）、6,7 09:00-12:00（周六和周日）或 06:00-23:30（每天）"

Span = tuple[int, int]
"""Begin and end in minutes since Monday 00:00; the end is not part of it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of a week. Build them with :meth:`parse`."""

    spans: tuple[Span, ...] = ()
    """In order, apart from one another; empty: always open."""

    @classmethod
    def parse(cls, texts: Sequence[str]) -> Self:
        """Opening hours from their entries.

        Raises:
            ValueError: an entry cannot be read; the message (Chinese) shows the form.
        """
        return cls(_united(span for text in texts for span in _spans(text)))

    def open_at(self, moment: datetime) -> bool:
        """Whether filings may begin at a moment (aware)."""
        minute = (moment - _monday(moment)) // timedelta(minutes=1)
        return not self.spans or any(begin <= minute < end for begin, end in self.spans)

    def next_opening(self, moment: datetime) -> datetime:
        """The first moment from ``moment`` (aware) on at which filings may begin: itself when open."""
        if self.open_at(moment):
            return moment
        monday = _monday(moment)
        begins = [monday + timedelta(minutes=begin) for begin, _ in self.spans]
        return next((begin for begin in begins if begin > moment), begins[0] + timedelta(weeks=1))


def opening_hours(text: str) -> str:
    """Check one entry and return it; for settings.

    Raises:
        ValueError: it cannot be read; the message (Chinese) shows the form.
    """
    Hours.parse([text])
    return text


def _monday(moment: datetime) -> datetime:
    """Monday 00:00 of the week of a moment."""
    local = moment.astimezone(CHINA)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=local.weekday())


def _spans(text: str) -> Iterator[Span]:
    """The spans of one entry; what passes the week's end goes on at its beginning."""
    entry = _ENTRY.fullmatch(text.strip())
    if entry is None:
        raise ValueError(f"看不懂这个开放时间。{_FORM}")
    opens, closes = _minute(entry["opens"]), _minute(entry["closes"])
    if opens == _DAY:
        raise ValueError(f"开放时间不能从 24:00 开始，请写 00:00。{_FORM}")
    if opens == closes:
        raise ValueError(f"开放时间的起止不能相同，全天请写 00:00-24:00。{_FORM}")
    length = closes - opens if closes > opens else closes + _DAY - opens
    for day in _days(entry["days"] or "1-7"):
        begin = (day - 1) * _DAY + opens
        end = begin + length
        yield begin, min(end, _WEEK)
        if end > _WEEK:
            yield 0, end - _WEEK


def _minute(text: str) -> int:
    """``HH:MM`` as a minute of the day; ``24:00`` is its end."""
    hour, minute = map(int, text.split(":"))
    if minute > 59 or hour * 60 + minute > _DAY:  # noqa: PLR2004 - a clock's own numbers
        raise ValueError(f"开放时间中有不存在的时刻。{_FORM}")
    return hour * 60 + minute


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if int(last or first) < int(first):
            raise ValueError(f"开放时间的星期请从小到大写。{_FORM}")
        yield from range(int(first), int(last or first) + 1)


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same hours, in order, with no two spans touching."""
    united: list[Span] = []
    for begin, end in sorted(spans):
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((begin, end))
    return tuple(united)
