"""The transactions between tasks and the queue: what is in it, and what it lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal_column, select, tuple_
from sqlalchemy.exc import IntegrityError

from rpa.ledger.data.tasks import TaskState, Ticket
from rpa.ledger.database.database import Database, Part
from rpa.ledger.database.tables import tasks
from rpa.ledger.filings.states import chunks

RUNNING: ColumnElement[str] = literal_column("'RUNNING'")
RUNS = tasks.c.state == RUNNING
QUEUED = tasks.c.state == literal_column("'QUEUED'")
"""Spelled out, so that the databases see that the small indexes of these tasks serve."""


class Tickets(Part):
    """Tickets on their way to a worker."""

    def queued(self, portal: str) -> int:
        """How many of a portal's tickets the queue holds that nobody has claimed."""
        query = select(func.count()).where(tasks.c.portal == portal, QUEUED)
        with self._database.read() as connection:
            return connection.scalar(query.select_from(tasks)) or 0

    def running(self, portal: str, worker: str) -> tuple[int, int]:
        """How many of a portal's tasks are being worked on: over all workers, and by this one."""
        with self._database.read() as connection:
            everywhere, here = connection.execute(select_running(portal, worker)).one()
        return everywhere, here

    def mark_queued(self, tickets: Sequence[Ticket]) -> None:
        """The queue holds these now; those that were claimed or changed meanwhile are left alone."""
        queued = {"state": TaskState.QUEUED.value, "due_at": self._database.now()}
        self._change_all(tickets, TaskState.WAITING, queued)

    def requeue(self, tickets: Sequence[Ticket]) -> int:
        """The queue lost these: they become due again as new tickets; returns how many."""
        return self._change_all(tickets, TaskState.QUEUED, another_turn(self._database))

    def queue_again(self, tickets: Sequence[Ticket], alive: Collection[str]) -> None:
        """The queue has taken these back from workers that are gone: they wait in it once more.

        Said of a task that a living worker has claimed meanwhile, it changes nothing.
        """
        values = {"state": TaskState.QUEUED.value, "due_at": self._database.now(), "worker": None}
        with self._database.write() as connection:
            for chunk in chunks(tickets):
                gone = tasks.c.worker.not_in(list(alive))
                connection.execute(tasks.update().where(_among(chunk), RUNS, gone).values(**values))

    def stranded(self, portal: str, older_than_seconds: float) -> Sequence[Ticket]:
        """Tickets that have been in the queue for so long that it should be asked about them."""
        return self._tickets(
            select(tasks.c.id, tasks.c.number).where(
                tasks.c.portal == portal,
                QUEUED,
                tasks.c.due_at <= self._database.now(-older_than_seconds),
            )
        )

    def claimed_by(self, worker: str) -> Sequence[Ticket]:
        """What a worker has claimed and neither ended nor put back."""
        return self._tickets(select(tasks.c.id, tasks.c.number).where(RUNS, tasks.c.worker == worker))

    def orphans(self, alive: Collection[str]) -> Sequence[tuple[Ticket, str]]:
        """What workers that are gone have claimed and never ended, and their names."""
        query = select(tasks.c.id, tasks.c.number, tasks.c.worker).where(
            RUNS, tasks.c.worker.not_in(list(alive))
        )
        with self._database.read() as connection:
            return [(Ticket(row.id, row.number), row.worker) for row in connection.execute(query)]

    def _change_all(self, tickets: Sequence[Ticket], state: TaskState, values: dict[str, Any]) -> int:
        changed = 0
        with self._database.write() as connection:
            self._database.lock(connection, "tasks")
            for chunk in chunks(tickets):
                named = _among(chunk) & (tasks.c.state == state.value)
                changed += connection.execute(tasks.update().where(named).values(**values)).rowcount
        return changed

    def _tickets(self, query: Select[Any]) -> Sequence[Ticket]:
        with self._database.read() as connection:
            return [Ticket(row.id, row.number) for row in connection.execute(query)]


def select_running(portal: str, worker: str) -> Select[int, int]:
    """How many of a portal's tasks are being worked on: over all workers, and by one of them."""
    here = func.count().filter(tasks.c.worker == worker)
    return select(func.count(), here).where(RUNS, tasks.c.portal == portal)


def turn_of(ticket: Ticket) -> ColumnElement[bool]:
    """The ticket's task, as long as it is at this turn."""
    return (tasks.c.id == ticket.task_id) & (tasks.c.number == ticket.number)


def _among(tickets: Sequence[Ticket]) -> ColumnElement[bool]:
    return tuple_(tasks.c.id, tasks.c.number).in_([(one.task_id, one.number) for one in tickets])


def another_turn(database: Database, after: float | datetime = 0.0) -> dict[str, Any]:
    """What a task becomes that goes back to wait: who holds the former ticket holds nothing.

    When it began is remembered for the pace; a moment that has not come yet is free again.

    Args:
        database: whose clock counts.
        after: seconds, or the moment, before which it is not due.
    """
    begun = tasks.c.begun_at
    return {
        "state": TaskState.WAITING.value,
        "due_at": after if isinstance(after, datetime) else database.now(after),
        "number": tasks.c.number + 1,
        "worker": None,
        "begun_at": case((begun <= database.now(), begun), else_=None),
    }


def mark_running(connection: Connection, ticket: Ticket, **values: Any) -> bool:
    """Mark a task as running; False where another one of the same employer or login runs."""
    mark = tasks.update().where(turn_of(ticket)).values(state=TaskState.RUNNING.value, **values)
    try:
        with connection.begin_nested():
            connection.execute(mark)
    except IntegrityError:  # tasks_one_per_employer, tasks_one_per_login
        return False
    return True
