"""The transactions between tasks and the queue: what may go in, what is in, what the queue lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, tuple_

from rpa.ledger.records import BatchState, Scope, TaskState, Ticket
from rpa.ledger.states import chunks
from rpa.ledger.store import Store
from rpa.ledger.tables import batches, tasks

RUNS = tasks.c.state == literal_column("'RUNNING'")
_QUEUED = tasks.c.state == literal_column("'QUEUED'")
"""Spelled out, so that the databases see that the small indexes of these tasks serve."""


class Dispatch(Store):
    """Tickets on their way to a worker."""

    def due(self, portal: str, limit: int, *, scope: Scope | None = None) -> Sequence[Ticket]:
        """Tickets that may go into a portal's queue now, the one that waits longest first.

        Args:
            portal: its key.
            limit: so many at most.
            scope: only what belongs to it; none for everything.
        """
        waits = and_(
            tasks.c.portal == portal,
            tasks.c.state == TaskState.WAITING.value,
            tasks.c.due_at <= self._at(),
        )
        oldest = tasks.c.due_at, tasks.c.id
        one = select(tasks.c.id).where(waits, tasks.c.batch_id == batches.c.id).order_by(*oldest).limit(1)
        active = select(batches.c.id).where(
            batches.c.state == BatchState.ACTIVE.value,
            one.scalar_subquery().is_not(None),  # EXISTS makes PostgreSQL look at every task
        )
        if scope:
            active = active.where(batches.c.id == scope.batch_id)
            waits &= tasks.c.work == scope.work.value
        first = select(*oldest, tasks.c.number).where(waits).order_by(*oldest).limit(limit)
        found: list[tuple[datetime, int, int]] = []
        with self._read() as connection:
            # Batch by batch: each is a look at the index's start, however many rows wait there.
            for active_id in connection.scalars(active).all():
                rows = connection.execute(first.where(tasks.c.batch_id == active_id))
                found += [(row.due_at, row.id, row.number) for row in rows]
        return [Ticket(task_id, number) for _, task_id, number in sorted(found)[:limit]]

    def queued(self, portal: str) -> int:
        """How many of a portal's tickets the queue holds that nobody has claimed."""
        query = select(func.count()).where(tasks.c.portal == portal, _QUEUED)
        with self._read() as connection:
            return connection.scalar(query.select_from(tasks)) or 0

    def mark_queued(self, tickets: Sequence[Ticket]) -> None:
        """The queue holds these now; those that were claimed or changed meanwhile are left alone."""
        queued = {"state": TaskState.QUEUED.value, "due_at": self._at()}
        self._change_all(tickets, TaskState.WAITING, queued)

    def requeue(self, tickets: Sequence[Ticket]) -> int:
        """The queue lost these: they become due again as new tickets; returns how many."""
        return self._change_all(tickets, TaskState.QUEUED, again(self._at()))

    def queue_again(self, tickets: Sequence[Ticket], alive: Collection[str]) -> None:
        """The queue has taken these back from workers that are gone: they wait in it once more.

        Said of a task that a living worker has claimed meanwhile, it changes nothing.
        """
        values = {"state": TaskState.QUEUED.value, "due_at": self._at(), "worker": None, "begun_at": None}
        with self._write() as connection:
            for chunk in chunks(tickets):
                named = tuple_(tasks.c.id, tasks.c.number).in_([(one.task_id, one.number) for one in chunk])
                gone = tasks.c.worker.not_in(list(alive))
                connection.execute(tasks.update().where(named, RUNS, gone).values(**values))

    def stranded(self, portal: str, older_than_seconds: float) -> Sequence[Ticket]:
        """Tickets that have been in the queue for so long that it should be asked about them."""
        return self._tickets(
            select(tasks.c.id, tasks.c.number).where(
                tasks.c.portal == portal,
                _QUEUED,
                tasks.c.due_at <= self._at(-older_than_seconds),
            )
        )

    def tasks_of(self, worker: str) -> Sequence[Ticket]:
        """What a worker has claimed and neither ended nor put back."""
        return self._tickets(select(tasks.c.id, tasks.c.number).where(RUNS, tasks.c.worker == worker))

    def orphans(self, alive: Collection[str]) -> Sequence[tuple[Ticket, str]]:
        """What workers that are gone have claimed and never ended, and their names."""
        query = select(tasks.c.id, tasks.c.number, tasks.c.worker).where(
            RUNS, tasks.c.worker.not_in(list(alive))
        )
        with self._read() as connection:
            return [(Ticket(row.id, row.number), row.worker) for row in connection.execute(query)]

    def _change_all(self, tickets: Sequence[Ticket], state: TaskState, values: dict[str, Any]) -> int:
        changed = 0
        with self._write() as connection:
            self._turn(connection, "tasks")
            for chunk in chunks(tickets):
                named = tuple_(tasks.c.id, tasks.c.number).in_([(one.task_id, one.number) for one in chunk])
                changed += connection.execute(
                    tasks.update().where(named, tasks.c.state == state.value).values(**values)
                ).rowcount
        return changed

    def _tickets(self, query: Select[Any]) -> Sequence[Ticket]:
        with self._read() as connection:
            return [Ticket(row.id, row.number) for row in connection.execute(query)]


def again(due_at: ColumnElement[datetime]) -> dict[str, Any]:
    """Another go: whoever still holds the former ticket holds nothing."""
    return {
        "state": TaskState.WAITING.value,
        "due_at": due_at,
        "number": tasks.c.number + 1,
        "worker": None,
        "begun_at": None,
    }
