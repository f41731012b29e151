"""The transactions over tasks: from waiting through the queue to a worker, and how it ended.

A ticket is one turn of a task. Whoever holds an old number, or a task that another worker took over, is
told so and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from rpa.filing import FilingKey, Outcome
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Continuation, PortalLimits, Task, TaskState, Ticket, Work
from rpa.ledger.database.database import Database
from rpa.ledger.database.tables import batch_filings, batches, filings, portals, tasks
from rpa.ledger.filings.filings import Filings
from rpa.ledger.filings.sealed_rows import unseal_filing
from rpa.ledger.tasks.login_reservations import LoginReservations
from rpa.ledger.tasks.pace import Pace
from rpa.ledger.tasks.plans import Plans
from rpa.ledger.tasks.tickets import RUNS, another_turn, mark_running, turn_of

_BUSY_SECONDS = 5.0
"""After so long an employer or a login that another filing is busy with is looked at again."""


_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
"""Due before whatever else waits."""

_LOGIN_NOW = func.coalesce(
    select(batch_filings.c.login)
    .where((batch_filings.c.batch_id == tasks.c.batch_id) & (batch_filings.c.row == tasks.c.row))
    .scalar_subquery(),
    tasks.c.login,
)
"""What a task's row says of its login now."""


class Tasks:
    """What is still to do for each row of a batch."""

    def __init__(
        self,
        database: Database,
        *,
        filings: Filings,
        plans: Plans,
        pace: Pace,
        reservations: LoginReservations,
    ) -> None:
        self._database = database
        self._filings = filings
        self._plans = plans
        self._pace = pace
        self._reservations = reservations

    def claim(
        self,
        ticket: Ticket,
        worker: str,
        *,
        alive: Collection[str],
        limits: Mapping[str, PortalLimits] | None = None,
    ) -> Task | None:
        """Make a task this worker's own.

        One filing of an employer at a time, and one of a login: the portals know one session of each.
        A task whose batch or portal stands still, or that the portal's limits do not let begin, goes back to
        wait.
        One that is this worker's already (reserved by :meth:`end`) has its place in them.

        Args:
            ticket: what the queue handed out, or what was reserved.
            worker: this worker.
            alive: the workers that live; what any other one claimed may be taken over.
            limits: of the portals; none: as many as one likes, as soon as one likes.

        Returns:
            None: not this worker's. The ticket is old, another worker has it, or it waits again.
        """
        with self._database.write() as connection:
            if limits:
                self._database.lock(connection, "starts")
            row = connection.execute(_select_claim(ticket)).one_or_none()
            if row is None or not _claimable(row, worker, alive):
                return None
            later = self._begin(connection, ticket, row, worker, (limits or {}).get(row.portal))
            if later is not None:
                self._release(connection, ticket, another_turn(self._database, later))
                return None
            key = FilingKey(row.portal, row.item, row.year, row.code)
            return Task(
                ticket=ticket,
                batch_id=row.batch_id,
                filing=unseal_filing(self._database.seal, row.sealed, key=key, row=row.row),
                filing_id=row.filing_id,
                work=Work(row.work),
                failures=row.failures,
                silences=row.silences,
                login=row.login,
            )

    def _begin(
        self, connection: Connection, ticket: Ticket, row: Row[Any], worker: str, limits: PortalLimits | None
    ) -> float | datetime | None:
        """Begin a task; what it has to wait for: seconds, or a moment; None: it runs."""
        stale = row.sealed is None or row.login != row.login_now
        if row.batch_state != BatchState.ACTIVE.value or row.paused_at or stale:
            return 0.0
        if row.state == TaskState.RUNNING.value and row.worker == worker:
            return None
        if limits and (wait := self._wait(connection, row, worker, limits)) is not None:
            return wait
        alone = mark_running(connection, ticket, worker=worker, begun_at=self._database.now())
        return None if alone else _BUSY_SECONDS

    def _wait(
        self, connection: Connection, row: Row[Any], worker: str, limits: PortalLimits
    ) -> float | datetime | None:
        """What the portal's limits make a task wait for; one that finds no place stays first in line."""
        if self._pace.is_full(connection, row, worker, limits):
            return _FIRST
        return self._pace.opening(connection, row.portal, limits.per_minute)

    def put_back(
        self, ticket: Ticket, worker: str, *, after: float = 0.0, failed: bool = False, silent: bool = False
    ) -> None:
        """Give a task up without an end: it waits again. Nothing happens to a task taken over.

        Args:
            ticket: the task's.
            worker: this worker.
            after: seconds before it is due.
            failed: counts as 平台不可用.
            silent: counts as nobody having answered.
        """
        counted = {"failures": tasks.c.failures + int(failed), "silences": tasks.c.silences + int(silent)}
        with self._database.write() as connection:
            self._release(connection, ticket, another_turn(self._database, after) | counted, _mine(worker))

    def end(
        self,
        ticket: Ticket,
        worker: str,
        attempt: int,
        outcome: Outcome,
        *,
        again_after: float | None = None,
        onward: Continuation | None = None,
    ) -> bool:
        """Keep how an attempt ended, and with it what becomes of the task.

        Args:
            ticket: the task's.
            worker: this worker.
            attempt: the number of the attempt.
            outcome: how it ended.
            again_after: seconds after which it is tried again by itself; None: the task is done.
            onward: what this worker goes on with; it is this worker's then, see :meth:`LoginReservations.of`.

        Returns:
            False, and nothing is written: the task was taken over by another worker.
        """
        values = _done(self._database.now())
        if again_after is not None:
            values = another_turn(self._database, again_after) | {"failures": tasks.c.failures + 1}
        values |= {"verdict": outcome.verdict.value}
        with self._database.write() as connection:
            if onward:
                self._database.lock(connection, "starts")
            told = partial(self._filings.record_within, connection, attempt=attempt, outcome=outcome)
            ended = self._release(connection, ticket, values, _mine(worker), told=told)
            if ended and onward:
                self._reservations.reserve_next(connection, worker, onward)
            return ended

    def refuse_login(
        self, ticket: Ticket, worker: str, attempt: int, outcome: Outcome, *, login: str, refusal: Outcome
    ) -> bool:
        """Keep how an attempt ended whose login the portal refused: nothing tries that login again.

        Whatever else is open of the login ends with it, in any batch: uncommitted filings with
        ``refusal``; the rest keeps its verdict. A person corrects the login and plans them anew.

        Args:
            ticket: the task's.
            worker: this worker.
            attempt: the number of the attempt.
            outcome: how it ended.
            login: as :attr:`Task.login` names it.
            refusal: how the others end.

        Returns:
            False, and nothing is written: the task was taken over by another worker.
        """
        with self._database.write() as connection:
            self._database.lock(connection, "tasks")
            told = partial(self._filings.record_within, connection, attempt=attempt, outcome=outcome)
            values = _done(self._database.now()) | {"verdict": outcome.verdict.value}
            ended = self._release(connection, ticket, values, _mine(worker), told=told)
            if ended and login:
                self._plans.call_off_within(connection, tasks.c.login == login, refusal)
            return ended

    def _release(
        self,
        connection: Connection,
        ticket: Ticket,
        values: dict[str, Any],
        *conditions: ColumnElement[bool],
        told: Callable[[int], None] = lambda _: None,
    ) -> bool:
        """Let go of a task; False where the conditions do not hold.

        What changed about its batch while it ran takes effect now: the batch was cancelled, or the
        workbook was corrected so that the row asks for another filing, another login, or nothing.
        """
        row = connection.execute(
            tasks.update()
            .where(turn_of(ticket), *conditions)
            .values(login=_LOGIN_NOW, **values)
            .returning(tasks.c.batch_id, tasks.c.row, tasks.c.filing_id)
        ).one_or_none()
        if row is None:
            return False
        told(row.filing_id)
        wanted, state = connection.execute(_select_wanted(row.batch_id, row.row)).one()
        if wanted != row.filing_id:
            connection.execute(tasks.delete().where(tasks.c.id == ticket.task_id))
            self._plans.make_within(connection, row.batch_id, Work.FILE, [row.row])
        if state == BatchState.CANCELLED.value:
            self._plans.cancel_within(
                connection, (tasks.c.batch_id == row.batch_id) & (tasks.c.row == row.row)
            )
        return True


def _mine(worker: str) -> ColumnElement[bool]:
    return RUNS & (tasks.c.worker == worker)


def _done(ended_at: ColumnElement[datetime]) -> dict[str, Any]:
    return {"state": TaskState.DONE.value, "ended_at": ended_at, "worker": None}


def _claimable(row: Row[Any], worker: str, alive: Collection[str]) -> bool:
    if row.state == TaskState.RUNNING.value:
        return row.worker == worker or row.worker not in alive
    return bool(row.state != TaskState.DONE.value)  # WAITING: the queue was faster than mark_queued


def _select_claim(ticket: Ticket) -> Select[Any]:
    """A ticket's task, locked, with all that decides about it; ``sealed`` is null if the row is gone."""
    place = (
        (batch_filings.c.batch_id == tasks.c.batch_id)
        & (batch_filings.c.row == tasks.c.row)
        & (batch_filings.c.filing_id == tasks.c.filing_id)
    )
    return (
        select(
            tasks,
            batches.c.state.label("batch_state"),
            portals.c.paused_at,
            batch_filings.c.sealed,
            batch_filings.c.login.label("login_now"),
            filings.c.item,
            filings.c.year,
        )
        .join_from(tasks, batches)
        .join(filings, filings.c.id == tasks.c.filing_id)
        .outerjoin(portals, portals.c.portal == tasks.c.portal)
        .outerjoin(batch_filings, place)
        .where(turn_of(ticket))
        .with_for_update(of=tasks)
    )


def _select_wanted(batch_id: str, row: int) -> Select[Any]:
    """Which filing a row asks for now, if any, and the state of its batch."""
    place = (batch_filings.c.batch_id == batches.c.id) & (batch_filings.c.row == row)
    return (
        select(batch_filings.c.filing_id, batches.c.state)
        .select_from(batches)
        .outerjoin(batch_filings, place)
        .where(batches.c.id == batch_id)
    )
