"""The transactions over filings: enrolling rows, attempts, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from rpa.errors import Superseded, UserError
from rpa.filing import Filing, FilingKey, Outcome
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import TaskState, Ticket
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import attempts, batch_filings, filings, outcomes, tasks
from rpa.ledger.filings.sealed_rows import seal_filing, unseal_filing
from rpa.ledger.filings.states import as_state, chunks, newest_attempt, select_states, states_by_key
from rpa.privacy.masks import redact_outcome
from rpa.privacy.sealing import Seal

UNKEPT = "批次 {} 由旧版程序登记，缺少办理所需的数据：请对工作簿重新运行 rpa run"


class Filings(Part):
    """What is true about every filing, and the rows of batches that ask for them."""

    def enrol(self, batch_id: str, rows: Sequence[Filing]) -> Sequence[FilingState]:
        """Enter many rows in one transaction; returns how each one's filing stands, in the same order.

        What a worker needs to work on a row is kept sealed.
        """
        if not rows:
            return []
        sealed = [seal_filing(self._database.seal, row) for row in rows]
        add = self._database.insert(filings).on_conflict_do_nothing()
        place = self._database.insert(batch_filings)
        place = place.on_conflict_do_update(
            index_elements=["batch_id", "row"],
            set_={name: place.excluded[name] for name in ("filing_id", "row_hash", "sealed", "login")},
        )
        with self._database.write() as connection:
            self._database.lock(connection, "filings")
            connection.execute(add, [_filing_values(row) for row in rows])
            states = states_by_key(connection, {row.key for row in rows})
            connection.execute(
                place,
                [
                    {
                        "batch_id": batch_id,
                        "row": row.row,
                        "filing_id": states[row.key].filing_id,
                        "row_hash": row.row_hash,
                        "sealed": kept,
                        "login": self._login(row),
                    }
                    for row, kept in zip(rows, sealed, strict=True)
                ],
            )
            self._database.lock(connection, "tasks")
            _forget_stale_tasks(connection, batch_id)
        return [replace(states[row.key], row=row.row) for row in rows]

    def _login(self, filing: Filing) -> str:
        """Names a row's stored login at its portal, the same for all rows that share it."""
        name = filing.employer.login_name
        return name and self._database.seal.name(f"{filing.portal_key} {name}")

    def at_row(self, batch_id: str, row: int) -> Filing:
        """What a row of a batch says.

        Raises:
            UserError: no such row, or it was enrolled by a version that did not keep it.
        """
        with self._database.read() as connection:
            found = connection.execute(_select_kept(batch_id).where(batch_filings.c.row == row)).one_or_none()
        if found is None:
            raise UserError(f"批次 {batch_id} 没有第 {row} 行")
        return _unsealed(self._database.seal, found)

    def of_batch(self, batch_id: str) -> Sequence[Filing]:
        """What every row of a batch says, in the workbook's order.

        Raises:
            UserError: the batch was enrolled by a version that did not keep its rows.
        """
        with self._database.read() as connection:
            rows = connection.execute(_select_kept(batch_id)).all()
        return [_unsealed(self._database.seal, row) for row in rows]

    def state(self, filing_id: int) -> FilingState:
        """How one filing stands.

        Raises:
            KeyError: there is none with this number.
        """
        with self._database.read() as connection:
            row = connection.execute(select_states(filings.c.id == filing_id)).one_or_none()
        if row is None:
            raise KeyError(filing_id)
        return as_state(row)

    def find_all(self, keys: Iterable[FilingKey]) -> Mapping[FilingKey, FilingState]:
        """How the filings of many keys stand; those that were never enrolled are left out."""
        with self._database.read() as connection:
            return states_by_key(connection, set(keys))

    def states_of_batch(self, batch_id: str) -> Sequence[FilingState]:
        """How every row of a batch stands, in the workbook's order."""
        with self._database.read() as connection:
            rows = connection.execute(_select_places(batch_filings.c.batch_id == batch_id))
            return [as_state(row, row.row) for row in rows]

    def states_of_rows(self, batch_id: str, rows: Sequence[int]) -> Sequence[FilingState]:
        """How some rows of a batch stand, in the workbook's order; unknown ones are left out."""
        found: list[FilingState] = []
        with self._database.read() as connection:
            for chunk in chunks(sorted(set(rows))):
                places = (batch_filings.c.batch_id == batch_id) & batch_filings.c.row.in_(chunk)
                found += [as_state(row, row.row) for row in connection.execute(_select_places(places))]
        return found

    def begin_attempt(self, filing_id: int, worker: str, *, ticket: Ticket | None = None) -> int:
        """Note that a worker starts on a filing; returns the attempt's number, 1 first.

        From now on no older attempt of the filing can win its intent.

        Raises:
            Superseded: the ticket is no longer this worker's.
        """
        with self._database.write() as connection:
            connection.execute(select(filings.c.id).where(filings.c.id == filing_id).with_for_update())
            if ticket and not connection.scalar(_running(ticket, worker)):
                raise Superseded("这笔办件已由另一个工作进程接手")
            number = 1 + (connection.scalar(select(newest_attempt(filing_id))) or 0)
            connection.execute(
                attempts.insert().values(
                    filing_id=filing_id, number=number, worker=worker, begun_at=datetime.now(UTC)
                )
            )
        return number

    def record_within(self, connection: Connection, filing_id: int, attempt: int, outcome: Outcome) -> None:
        """Keep how an attempt ended, redacted; told again, the later outcome of the attempt counts."""
        outcome = redact_outcome(outcome)
        values = {
            "verdict": outcome.verdict.value,
            "explanation": outcome.explanation,
            "advice": outcome.advice,
            "record": outcome.record and asdict(outcome.record),
            "submitted_at": outcome.submitted_at,
            "at": datetime.now(UTC),
        }
        add = self._database.insert(outcomes).values(filing_id=filing_id, attempt=attempt, **values)
        connection.execute(add.on_conflict_do_update(index_elements=["filing_id", "attempt"], set_=values))


def _filing_values(filing: Filing) -> dict[str, Any]:
    portal, item, year, code = filing.key
    return {"portal": portal, "item": item, "year": year, "code": code, "employer": filing.employer.name}


def _forget_stale_tasks(connection: Connection, batch_id: str) -> None:
    """A row that now asks for another filing: what was to do for the former one is forgotten."""
    same = select(batch_filings.c.row).where(
        batch_filings.c.batch_id == tasks.c.batch_id,
        batch_filings.c.row == tasks.c.row,
        batch_filings.c.filing_id == tasks.c.filing_id,
    )
    connection.execute(
        tasks.delete().where(
            tasks.c.batch_id == batch_id, tasks.c.state != TaskState.RUNNING.value, ~same.exists()
        )
    )


def _select_places(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select_states(condition, batch_filings.c.row)
        .join(batch_filings, batch_filings.c.filing_id == filings.c.id)
        .order_by(batch_filings.c.row)
    )


def _select_kept(batch_id: str) -> Select[Any]:
    return (
        select(batch_filings, *(filings.c[name] for name in ("portal", "item", "year", "code")))
        .join(filings)
        .where(batch_filings.c.batch_id == batch_id)
        .order_by(batch_filings.c.row)
    )


def _unsealed(seal: Seal, row: Row[Any]) -> Filing:
    if not row.sealed:
        raise UserError(UNKEPT.format(row.batch_id))
    key = FilingKey(row.portal, row.item, row.year, row.code)
    return unseal_filing(seal, row.sealed, key=key, row=row.row)


def _running(ticket: Ticket, worker: str) -> Select[Any]:
    return select(tasks.c.id).where(
        tasks.c.id == ticket.task_id,
        tasks.c.number == ticket.number,
        tasks.c.state == TaskState.RUNNING.value,
        tasks.c.worker == worker,
    )
