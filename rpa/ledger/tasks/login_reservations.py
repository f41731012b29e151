"""The series of a login: whoever worked on one of its tasks goes on with the next.

The next task becomes the worker's in the transaction that ends the one before: in between, nobody
finds the login free. Where the pace does not let it begin yet, it is the worker's all the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, select

from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Continuation, Reservation, TaskState, Ticket
from rpa.ledger.database.database import Database
from rpa.ledger.database.tables import batches, portals, tasks
from rpa.ledger.tasks.pace import Pace
from rpa.ledger.tasks.tickets import RUNNING, RUNS, mark_running


class LoginReservations:
    """Reserves a login's next task for the worker that ends one."""

    def __init__(self, database: Database, pace: Pace) -> None:
        self._database = database
        self._pace = pace

    def of(self, login: str, worker: str) -> Reservation | None:
        """The login's task that is this worker's now; none: the series is over."""
        query = select(tasks.c.id, tasks.c.number, tasks.c.begun_at, self._database.now().label("now"))
        with self._database.read() as connection:
            row = connection.execute(
                query.where(RUNS, tasks.c.login == login, tasks.c.worker == worker)
            ).one_or_none()
        if row is None:
            return None
        return Reservation(Ticket(row.id, row.number), (row.begun_at - row.now).total_seconds())

    def reserve_next(self, connection: Connection, worker: str, onward: Continuation) -> None:
        """Reserve the login's next due task for this worker, if there is one."""
        row = connection.execute(self._select_next(onward)).one_or_none()
        if row is None:
            return
        opening = self._pace.opening(connection, onward.portal, onward.per_minute)
        mark_running(
            connection, Ticket(row.id, row.number), worker=worker, begun_at=opening or self._database.now()
        )

    def _select_next(self, onward: Continuation) -> Select[Any]:
        """The one that waits longest, in whatever batch, whose employer nobody is busy with.

        A row that somebody is changing right now is not waited for: this transaction has changed one
        itself, and each would wait for the other.
        """
        waiting, busy = tasks.alias("waiting"), tasks.alias("busy")
        oldest = waiting.c.due_at, waiting.c.id
        conditions = [
            waiting.c.batch_id == batches.c.id,
            waiting.c.state == TaskState.WAITING.value,
            waiting.c.portal == onward.portal,
            waiting.c.login == onward.login,
            waiting.c.due_at <= self._database.now(),
            ~select(busy.c.id).where(busy.c.state == RUNNING, busy.c.code == waiting.c.code).exists(),
        ]
        if onward.scope:
            conditions += [
                waiting.c.batch_id == onward.scope.batch_id,
                waiting.c.work == onward.scope.work.value,
            ]
        # Batch by batch the first of the index, as in ``due``.
        first = select(waiting.c.id).where(*conditions).order_by(*oldest).limit(1)
        return (
            select(tasks.c.id, tasks.c.number)
            .join_from(batches, tasks, tasks.c.id == first.correlate(batches).scalar_subquery())
            .outerjoin(portals, portals.c.portal == tasks.c.portal)
            .where(batches.c.state == BatchState.ACTIVE.value, portals.c.paused_at.is_(None))
            .order_by(tasks.c.due_at, tasks.c.id)
            .limit(1)
            .with_for_update(of=tasks, skip_locked=True)
        )
