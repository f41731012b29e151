"""The mock's own clock: captchas, sessions and reviews age by it, never by waiting."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from threading import Lock

CHINA = timezone(timedelta(hours=8), "CST")
"""The portals' time, UTC+8 all year; a fixed offset needs no zone database."""


class Clock:
    """Follows the machine's clock until it is set; from then on it stands still until it is moved.

    Args:
        at: start standing still at this moment (aware; taken as UTC+8 when naive).
    """

    def __init__(self, at: datetime | None = None) -> None:
        self._lock = Lock()
        self._start = at
        self._offset = timedelta()
        self._fixed: datetime | None = None
        self.reset()

    def now(self) -> datetime:
        """The present moment, in UTC+8."""
        with self._lock:
            return self._fixed or datetime.now(CHINA) + self._offset

    def set(self, moment: datetime) -> None:
        """Stand still at a moment (aware; taken as UTC+8 when naive)."""
        with self._lock:
            self._fixed = in_china(moment)

    def advance(self, by: timedelta) -> datetime:
        """Move on (or back) and return the new present."""
        with self._lock:
            if self._fixed:
                self._fixed += by
            else:
                self._offset += by
        return self.now()

    def reset(self) -> None:
        """Return to the moment, or to the machine's clock, that it started with."""
        with self._lock:
            self._offset = timedelta()
            self._fixed = in_china(self._start) if self._start else None


def in_china(moment: datetime) -> datetime:
    """A moment in the portals' time; taken as UTC+8 when naive."""
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
