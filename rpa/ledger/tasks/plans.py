"""The transactions that say what is to do: planning a batch's tasks, and calling them off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    true,
)

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import batch_filings, filings, outcomes, tasks
from rpa.ledger.filings.filings import UNKEPT
from rpa.ledger.filings.intents import NOT_SUBMITTED
from rpa.ledger.filings.states import FINAL, chunks, has_intent, newest_attempt, newest_verdict
from rpa.privacy.masks import redact_outcome

_MANY = 1000
"""After so many new rows PostgreSQL is told at once, not within a minute, which indexes now serve."""

_CANCELLED = Outcome(Verdict.CANCELLED, NOT_SUBMITTED)
_OPEN = (TaskState.WAITING.value, TaskState.QUEUED.value)


class Plans(Part):
    """What is to do. Both transactions are a few statements over many rows, in time linear in them."""

    def make(
        self,
        batch_id: str,
        work: Work,
        rows: Sequence[int] | None = None,
        *,
        verdicts: Collection[Verdict] | None = None,
    ) -> int:
        """Make tasks of a batch's enrolled rows, due now; returns how many are now to do.

        Rows that are being worked on are left alone. FILE leaves alone, as done, what is filed already;
        LOOK_UP takes the rows whose commit was perhaps made; TRACK takes the rows that are filed.

        Args:
            batch_id: the batch.
            work: what is to be done.
            rows: only these rows.
            verdicts: only rows whose task ended, or last tried to end, so.

        Raises:
            UserError: the batch was enrolled by a version that did not keep its rows.
        """
        with self._database.write() as connection:
            self._database.lock(connection, "tasks")
            named = rows if verdicts is None else _ended(connection, batch_id, verdicts, rows)
            to_do = self.make_within(connection, batch_id, work, named)
            if self._database.dialect == "postgresql" and to_do >= _MANY:
                connection.exec_driver_sql("ANALYZE tasks, batch_filings, filings")
            return to_do

    def cancel(self, *, batch_id: str | None = None, portal: str | None = None) -> int:
        """Call off what waits or is queued of a batch, a portal, or of a batch at a portal.

        What was not committed ends 已取消; the rest keeps its verdict. Returns how many were called off.
        """
        conditions = [
            column == value
            for column, value in ((tasks.c.batch_id, batch_id), (tasks.c.portal, portal))
            if value is not None
        ]
        if not conditions:
            raise ValueError("cancel what?")
        with self._database.write() as connection:
            self._database.lock(connection, "tasks")
            return self.cancel_within(connection, and_(*conditions))

    def make_within(
        self, connection: Connection, batch_id: str, work: Work, rows: Sequence[int] | None = None
    ) -> int:
        """Like :meth:`make`, in a transaction that is under way."""
        parts = [true()] if rows is None else [batch_filings.c.row.in_(chunk) for chunk in chunks(rows)]
        to_do = 0
        for part in parts:
            chosen = self._chosen(work, and_(batch_filings.c.batch_id == batch_id, part))
            unkept = chosen.with_only_columns(batch_filings.c.row).where(batch_filings.c.sealed == "")
            if connection.execute(unkept.limit(1)).first() is not None:
                raise UserError(UNKEPT.format(batch_id))
            states = connection.scalars(self._arming(chosen))
            to_do += sum(state != TaskState.DONE.value for state in states)
        return to_do

    def _arming(self, chosen: Select[Any]) -> Any:
        columns = [column.name for column in chosen.selected_columns]
        arm = self._database.insert(tasks).from_select(columns, chosen)
        new, done = arm.excluded, TaskState.DONE.value
        return arm.on_conflict_do_update(
            index_elements=["batch_id", "row"],
            set_={
                "work": new.work,
                "login": new.login,
                "due_at": new.due_at,
                "failures": 0,
                "silences": 0,
                "verdict": new.verdict,
                # A queued one stays where it is, with the ticket that the queue holds.
                "state": case(
                    (new.state == done, done), (tasks.c.state.in_(_OPEN), tasks.c.state), else_=new.state
                ),
                "number": tasks.c.number + case((tasks.c.state == done, 1), else_=0),
                "worker": null(),
            },
            where=tasks.c.state != TaskState.RUNNING.value,
        ).returning(tasks.c.state)

    def cancel_within(self, connection: Connection, condition: ColumnElement[bool]) -> int:
        """Like :meth:`cancel`, in a transaction that is under way."""
        return self.call_off_within(connection, condition, _CANCELLED)

    def call_off_within(self, connection: Connection, condition: ColumnElement[bool], said: Outcome) -> int:
        """End what waits or is queued: uncommitted filings as ``said``; the rest keeps its verdict."""
        newest = newest_verdict(tasks.c.filing_id)
        uncommitted = and_(
            tasks.c.work == Work.FILE.value,
            ~has_intent(tasks.c.filing_id),
            func.coalesce(newest, "").not_in(FINAL),
        )
        done = tasks.update().where(condition, tasks.c.state.in_(_OPEN))
        done = done.values(state=TaskState.DONE.value, ended_at=self._database.now())
        ended = done.where(uncommitted).values(verdict=said.verdict.value).returning(tasks.c.filing_id)
        told = connection.scalars(ended).all()
        if told:
            connection.execute(self._telling(said), [{"told": filing_id} for filing_id in sorted(set(told))])
        keeps = func.coalesce(newest, Verdict.UNCONFIRMED.value)
        return len(told) + connection.execute(done.values(verdict=keeps)).rowcount

    def _telling(self, said: Outcome) -> Any:
        said = redact_outcome(said)
        told = bindparam("told", type_=Integer())
        values = {
            "verdict": said.verdict.value,
            "explanation": said.explanation,
            "advice": said.advice,
            "at": datetime.now(UTC),
        }
        tell = self._database.insert(outcomes).values(filing_id=told, attempt=newest_attempt(told), **values)
        return tell.on_conflict_do_update(
            index_elements=["filing_id", "attempt"],
            set_=values | {"record": null(), "submitted_at": null()},
            # Another batch may be filing the same just now: what it proved stands.
            where=and_(*(outcomes.c.verdict != verdict for verdict in FINAL)),
        )

    def _chosen(self, work: Work, condition: ColumnElement[bool]) -> Select[Any]:
        """What :meth:`_arming` inserts, for the rows of a condition that the work is for."""
        newest = newest_verdict(batch_filings.c.filing_id)
        filed = func.coalesce(newest, "").in_(FINAL)
        state: ColumnElement[str] = literal(TaskState.WAITING.value)
        match work:
            case Work.FILE:
                state = case((filed, TaskState.DONE.value), else_=state)
            case Work.LOOK_UP:
                condition &= has_intent(batch_filings.c.filing_id) & ~filed
            case Work.TRACK:
                condition &= filed
        return (
            select(
                batch_filings.c.batch_id,
                batch_filings.c.row,
                batch_filings.c.filing_id,
                filings.c.portal,
                filings.c.code,
                batch_filings.c.login,
                literal(work.value).label("work"),
                state.label("state"),
                literal(1).label("number"),
                self._database.now().label("due_at"),
                newest.label("verdict"),
            )
            .join_from(batch_filings, filings)
            .where(condition)
            .order_by(batch_filings.c.row)
        )


def _ended(
    connection: Connection, batch_id: str, verdicts: Collection[Verdict], rows: Sequence[int] | None
) -> Sequence[int]:
    """The rows of a batch, or of some of its rows, whose task ended with one of the verdicts."""
    ended = connection.scalars(
        select(tasks.c.row).where(
            tasks.c.batch_id == batch_id, tasks.c.verdict.in_([verdict.value for verdict in verdicts])
        )
    )
    return sorted(set(ended) if rows is None else {*ended} & {*rows})
