"""What may go into the queue now.

One task of a login at a time: its ticket opens a series, and whoever gets it goes on with the login's other
tasks by itself. So of a login that has anything in the queue or at work nothing is due here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Row, ScalarSelect, Select, and_, select, union_all

from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Scope, TaskState, Ticket
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import batches, tasks
from rpa.ledger.tasks.tickets import QUEUED, RUNS

_OLDEST = tasks.c.due_at, tasks.c.id
_IN_INDEX = tasks.c.login, *_OLDEST
"""``tasks_due`` from the login on: an order that makes the databases look at its start alone."""


class ReadyTasks(Part):
    """Tickets whose time has come.

    Each query is a few looks at the index's start, however many rows wait there, and one more for each
    login: never a walk over the rows of a login.
    """

    def find(self, portal: str, limit: int, *, scope: Scope | None = None) -> Sequence[Ticket]:
        """Tickets that may go into a portal's queue now, the one that waits longest first.

        Args:
            portal: its key.
            limit: so many at most.
            scope: only what belongs to it; none for everything.
        """
        found: list[Row[Any]] = []
        with self._database.read() as connection:
            for batch_id, alone, shared in connection.execute(self._active(portal, scope)).all():
                waits = _waiting(batch_id, portal)
                if alone is not None:
                    found += self._without_login(connection, waits, scope, limit)
                if shared is not None:
                    found += self._by_login(connection, waits, portal, scope, limit)
        logins: set[str] = set()
        tickets = []
        for row in sorted(found, key=lambda row: (row.due_at, row.id)):
            if row.login not in logins:
                tickets.append(Ticket(row.id, row.number))
            logins |= {row.login} - {""}
        return tickets[:limit]

    def _active(self, portal: str, scope: Scope | None) -> Select[Any]:
        """Batches where anything waits: their id, a task without a login, and one with a login."""
        waits = _waiting(batches.c.id, portal)
        # EXISTS makes PostgreSQL look at every task.
        alone = _first(tasks.c.id, waits & (tasks.c.login == "") & (tasks.c.due_at <= self._database.now()))
        shared = _first(tasks.c.id, waits & (tasks.c.login > ""))
        active = select(batches.c.id, alone.label("alone"), shared.label("shared"))
        active = active.where(batches.c.state == BatchState.ACTIVE.value)
        if scope:
            active = active.where(batches.c.id == scope.batch_id)
        looks = active.subquery()
        return select(looks).where(looks.c.alone.is_not(None) | looks.c.shared.is_not(None))

    def _without_login(
        self, connection: Connection, waits: ColumnElement[bool], scope: Scope | None, limit: int
    ) -> Sequence[Row[Any]]:
        """The oldest of a batch that are nobody else's turn."""
        due = waits & self._in_time(scope) & (tasks.c.login == "")
        return connection.execute(_tickets().where(due).order_by(*_OLDEST).limit(limit)).all()

    def _by_login(
        self,
        connection: Connection,
        waits: ColumnElement[bool],
        portal: str,
        scope: Scope | None,
        limit: int,
    ) -> Sequence[Row[Any]]:
        """The oldest of each login of a batch, where nothing of the login is under way."""
        logins = _logins(waits)
        mine = waits & self._in_time(scope) & (tasks.c.login == logins.c.login)
        heads = (
            select(logins.c.login, *(_first(column, mine).label(column.name) for column in _OLDEST))
            .where(logins.c.login.not_in(_under_way(portal)))
            .cte("heads")
        )
        oldest = heads.c.due_at, heads.c.id
        some = select(heads).where(heads.c.id.is_not(None)).order_by(*oldest).limit(limit).subquery()
        # Looked up one by one: joined, PostgreSQL may read all tasks.
        number = select(tasks.c.number).where(tasks.c.id == some.c.id).scalar_subquery()
        return connection.execute(select(some, number.label("number"))).all()

    def _in_time(self, scope: Scope | None) -> ColumnElement[bool]:
        due = tasks.c.due_at <= self._database.now()
        return due & (tasks.c.work == scope.work.value) if scope else due


def _waiting(batch_id: Any, portal: str) -> ColumnElement[bool]:
    return and_(
        tasks.c.batch_id == batch_id,
        tasks.c.state == TaskState.WAITING.value,
        tasks.c.portal == portal,
    )


def _tickets() -> Select[Any]:
    return select(tasks.c.due_at, tasks.c.id, tasks.c.number, tasks.c.login)


def _first(column: ColumnElement[Any], condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    first = select(column).where(condition).order_by(*_IN_INDEX).limit(1)
    return first.correlate_except(tasks).scalar_subquery()


def _logins(waits: ColumnElement[bool]) -> CTE:
    """From each login of a batch to the next one, each with one look at the index; the last is null."""
    start = select(_first(tasks.c.login, waits & (tasks.c.login > "")).label("login"))
    hop = start.cte("hop", recursive=True)
    following = _first(tasks.c.login, waits & (tasks.c.login > hop.c.login))
    return hop.union_all(select(following).where(hop.c.login.is_not(None)))


def _under_way(portal: str) -> Select[Any]:
    """Logins of which something is at work or in the queue."""
    login = select(tasks.c.login).where(tasks.c.login != "")
    busy = union_all(login.where(RUNS), login.where(QUEUED, tasks.c.portal == portal)).subquery()
    return select(busy.c.login)
