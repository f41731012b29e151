"""A portal's limits: how many filings begin in a minute and run at once, whoever works on them.

They are counted here alone. Every task keeps when it last began. A task that is this worker's already, and
waits for the pace, has a moment to come: it counts from now on, so that no two take the same place.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from rpa.ledger.data.tasks import PortalLimits
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import tasks
from rpa.ledger.tasks.tickets import select_running

_SPAN = timedelta(seconds=60)


class Pace(Part):
    """Whether and when the next filing of a portal may begin."""

    def starts_left(self, portal: str, per_minute: int) -> int:
        """How many filings of a portal may begin right now.

        Args:
            portal: its key.
            per_minute: so many may begin in any minute.
        """
        counted = self._lately(portal).limit(per_minute).subquery()
        with self._database.read() as connection:
            return per_minute - (connection.scalar(select(func.count()).select_from(counted)) or 0)

    def is_full(self, connection: Connection, task: Row[Any], worker: str, limits: PortalLimits) -> bool:
        """Whether besides a task as many filings of its portal run as may, over all workers or at this one.

        The caller waits for its turn as for :meth:`opening`.
        """
        others = select_running(task.portal, worker).where(tasks.c.id != task.id)
        everywhere, here = connection.execute(others).one()
        return bool(everywhere >= limits.at_once or here >= limits.here)

    def opening(self, connection: Connection, portal: str, per_minute: int) -> datetime | None:
        """When one more may begin; None: now.

        The caller waits for its turn (``starts``) before it locks anything, so that nobody else begins
        in between.
        """
        newest = self._lately(portal).order_by(tasks.c.begun_at.desc())
        begun: datetime | None = connection.scalar(newest.offset(per_minute - 1).limit(1))
        return begun and begun + _SPAN

    def _lately(self, portal: str) -> Select[Any]:
        since = self._database.now(-_SPAN.total_seconds())
        return select(tasks.c.begun_at).where(tasks.c.portal == portal, tasks.c.begun_at > since)
