"""How far batches are: counts, so that 50,000 rows take no time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from rpa.filing import Verdict
from rpa.ledger.batches.batches import Batches
from rpa.ledger.data.batches import BatchProgress
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.database.database import Database
from rpa.ledger.database.tables import batch_filings, tasks

RECENT = timedelta(minutes=10)
"""The span over which the pace of a batch is counted."""

_LEFT = tuple(state.value for state in TaskState if state is not TaskState.DONE)


class BatchCounts:
    """What is done and what is left."""

    def __init__(self, database: Database, batches: Batches) -> None:
        self._database = database
        self._batches = batches

    def unfinished(self, batch_id: str, work: Work | None = None) -> Mapping[str, int]:
        """Portal → tasks that are not done, running ones included; a portal without any is left out.

        Args:
            batch_id: the batch.
            work: only tasks that ask for this.
        """
        query = (
            select(tasks.c.state, tasks.c.portal, func.count())  # in the order of the index
            .where(tasks.c.batch_id == batch_id, tasks.c.state.in_(_LEFT))
            .group_by(tasks.c.state, tasks.c.portal)
        )
        if work:
            query = query.where(tasks.c.work == work.value)
        left: Counter[str] = Counter()
        with self._database.read() as connection:
            for _, portal, count in connection.execute(query):
                left[portal] += count
        return left

    def running(self, batch_id: str) -> int:
        """How many of a batch's tasks are being worked on."""
        running = tasks.c.state == TaskState.RUNNING.value
        with self._database.read() as connection:
            return _count(connection, tasks, tasks.c.batch_id == batch_id, running)

    def running_by_portal(self) -> Mapping[str, int]:
        """Portal → filings that are being worked on, over all machines."""
        query = (
            select(tasks.c.portal, func.count().label("running"))
            .where(tasks.c.state == TaskState.RUNNING.value)
            .group_by(tasks.c.portal)
        )
        with self._database.read() as connection:
            return {row.portal: row.running for row in connection.execute(query)}

    def ended_since(self, batch_id: str, since: datetime) -> Sequence[int]:
        """Rows whose task is done, and was at ``since`` or later, in the workbook's order.

        On PostgreSQL the moments are the database's: leave a margin for another machine's clock.
        """
        query = select(tasks.c.row).where(
            tasks.c.batch_id == batch_id,
            tasks.c.ended_at >= since,
            tasks.c.state == TaskState.DONE.value,
        )
        with self._database.read() as connection:
            return sorted(connection.scalars(query))

    def of(self, batch_id: str) -> BatchProgress:
        """How far a batch is.

        Raises:
            UserError: there is none with this id.
        """
        batch = self._batches.get(batch_id)
        states: Counter[TaskState] = Counter()
        verdicts: Counter[Verdict] = Counter()
        portals: defaultdict[str, Counter[str]] = defaultdict(Counter)
        with self._database.read() as connection:
            for state, portal, verdict, count in connection.execute(_counts(batch_id)):
                states[TaskState(state)] += count
                done = state == TaskState.DONE and verdict
                portals[portal][verdict if done else state] += count
                if done:
                    verdicts[Verdict(verdict)] += count
            total = _count(connection, batch_filings, batch_filings.c.batch_id == batch_id)
            recently = tasks.c.ended_at >= self._database.now(-RECENT.total_seconds())
            recent = _count(connection, tasks, tasks.c.batch_id == batch_id, recently)
            waits = (tasks.c.batch_id == batch_id) & (tasks.c.state == TaskState.WAITING.value)
            coming = waits & (tasks.c.due_at > self._database.now())
            next_due = connection.scalar(select(func.min(tasks.c.due_at)).where(coming))
        if batch.blocked:
            verdicts[Verdict.NEEDS_PERSON] += len(batch.blocked)
        return BatchProgress(batch, total + len(batch.blocked), states, verdicts, portals, recent, next_due)


def _counts(batch_id: str) -> Any:
    kinds = (tasks.c.state, tasks.c.portal, tasks.c.verdict)
    return select(*kinds, func.count()).where(tasks.c.batch_id == batch_id).group_by(*kinds)


def _count(connection: Connection, table: Any, *conditions: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
