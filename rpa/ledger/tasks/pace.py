"""The pace: how many filings of a portal begin in a minute, whoever begins them.

Every task keeps when it last began. A task that is this worker's already, and waits for the pace, has
a moment to come: it counts from now on, so that no two take the same place.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from rpa.ledger.database.database import Database
from rpa.ledger.database.tables import tasks

_SPAN = timedelta(seconds=60)


class Pace:
    """When the next filing of a portal may begin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def starts_left(self, portal: str, per_minute: int) -> int:
        """How many filings of a portal may begin right now.

        Args:
            portal: its key.
            per_minute: so many may begin in any minute.
        """
        counted = self._lately(portal).limit(per_minute).subquery()
        with self._database.read() as connection:
            return per_minute - (connection.scalar(select(func.count()).select_from(counted)) or 0)

    def opening(self, connection: Connection, portal: str, per_minute: int | None) -> datetime | None:
        """When one more may begin; None: now.

        The caller waits for its turn (``starts``) before it locks anything, so that nobody else begins
        in between.
        """
        if per_minute is None:
            return None
        newest = self._lately(portal).order_by(tasks.c.begun_at.desc())
        begun: datetime | None = connection.scalar(newest.offset(per_minute - 1).limit(1))
        return begun and begun + _SPAN

    def _lately(self, portal: str) -> Select[Any]:
        since = self._database.at(-_SPAN.total_seconds())
        return select(tasks.c.begun_at).where(tasks.c.portal == portal, tasks.c.begun_at > since)
