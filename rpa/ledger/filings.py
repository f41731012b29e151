"""The transactions over batches and filings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from rpa.errors import UserError
from rpa.filing import CHINA, Filing, Outcome, Record, Verdict
from rpa.ledger.records import Batch, FilingKey, FilingState
from rpa.ledger.store import Store
from rpa.ledger.tables import attempts, batch_filings, batches, filings, intents, outcomes

_CHUNK = 500
"""Values in one IN (…): SQLite and PostgreSQL both take far more."""


class Filings(Store):
    """Batches, filings, attempts, intents, outcomes."""

    def open_batch(self, *, name: str, workbook: Path, workbook_sha256: str, evidence: Path) -> Batch:
        """The batch of a workbook; the same path is the same batch, also after rows were corrected.

        When the content changed, the batch's rows are forgotten and have to be enrolled again;
        the filings themselves are kept, so nothing is filed twice.

        Args:
            name: what people call it, usually the file's name.
            workbook: the file; its absolute path identifies the batch.
            workbook_sha256: of the file's bytes (hex).
            evidence: the folder of all batches; this batch's folder in it bears its id.
        """
        path = str(workbook.resolve())
        with self._write() as connection:
            known = connection.execute(select(batches).where(batches.c.workbook == path)).one_or_none()
            if known is None:
                return _new_batch(connection, name, path, workbook_sha256, evidence)
            if known.workbook_sha256 != workbook_sha256:
                connection.execute(batch_filings.delete().where(batch_filings.c.batch_id == known.id))
                connection.execute(
                    batches.update()
                    .where(batches.c.id == known.id)
                    .values(name=name, workbook_sha256=workbook_sha256)
                )
            return self._batch(connection, known.id)

    def batch(self, batch_id: str) -> Batch:
        """One batch.

        Raises:
            UserError: there is none with this id.
        """
        with self._read() as connection:
            return self._batch(connection, batch_id)

    def batches(self) -> Sequence[Batch]:
        """Every batch, the newest first."""
        with self._read() as connection:
            rows = connection.execute(select(batches).order_by(batches.c.created_at.desc(), batches.c.id))
            return [_as_batch(row) for row in rows]

    def enrol(self, batch_id: str, filing: Filing) -> FilingState:
        """Enter one row of a batch, as often as one likes; returns how its filing stands."""
        return self.enrol_all(batch_id, [filing])[0]

    def enrol_all(self, batch_id: str, rows: Sequence[Filing]) -> Sequence[FilingState]:
        """Enter many rows in one transaction; returns how each one's filing stands, in the same order."""
        if not rows:
            return []
        add = self._insert(filings).on_conflict_do_nothing()
        place = self._insert(batch_filings)
        place = place.on_conflict_do_update(
            index_elements=["batch_id", "row"],
            set_={"filing_id": place.excluded.filing_id, "row_hash": place.excluded.row_hash},
        )
        with self._write() as connection:
            connection.execute(add, [_filing_values(row) for row in rows])
            states = _states_by_key(connection, {row.key for row in rows})
            connection.execute(
                place,
                [
                    {
                        "batch_id": batch_id,
                        "row": row.row,
                        "filing_id": states[row.key].filing_id,
                        "row_hash": row.row_hash,
                    }
                    for row in rows
                ],
            )
        return [_at_row(states[row.key], row.row) for row in rows]

    def state(self, filing_id: int) -> FilingState:
        """How one filing stands.

        Raises:
            KeyError: there is none with this number.
        """
        with self._read() as connection:
            row = connection.execute(_select_states(filings.c.id == filing_id)).one_or_none()
        if row is None:
            raise KeyError(filing_id)
        return _as_state(row)

    def find(self, key: FilingKey) -> FilingState | None:
        """How the filing of portal, item, year and credit code stands, if it was ever enrolled."""
        return self.find_all([key]).get(key)

    def find_all(self, keys: Iterable[FilingKey]) -> Mapping[FilingKey, FilingState]:
        """Like :meth:`find` for many keys at once; unknown ones are left out."""
        with self._read() as connection:
            return _states_by_key(connection, set(keys))

    def outcomes(self, batch_id: str) -> Sequence[FilingState]:
        """How every row of a batch stands, in the workbook's order."""
        query = (
            _select_states(batch_filings.c.batch_id == batch_id, batch_filings.c.row)
            .join(batch_filings, batch_filings.c.filing_id == filings.c.id)
            .order_by(batch_filings.c.row)
        )
        with self._read() as connection:
            return [_at_row(_as_state(row), row.row) for row in connection.execute(query)]

    def begin_attempt(self, filing_id: int, worker: str) -> int:
        """Note that a worker starts on a filing; returns the attempt's number, 1 first."""
        with self._write() as connection:
            connection.execute(select(filings.c.id).where(filings.c.id == filing_id).with_for_update())
            number = 1 + (connection.scalar(select(_attempts_of(filing_id))) or 0)
            connection.execute(
                attempts.insert().values(filing_id=filing_id, number=number, worker=worker, begun_at=_now())
            )
        return number

    def win_intent(self, filing_id: int, attempt: int) -> bool:
        """Claim the one commit of a filing, before the click.

        Returns:
            True for exactly one caller ever, in whatever process; the others look the filing up.
        """
        claim = self._insert(intents).values(filing_id=filing_id, attempt=attempt, at=_now())
        with self._write() as connection:
            won = connection.execute(claim.on_conflict_do_nothing(index_elements=["filing_id"]))
            return bool(won.rowcount == 1)

    def record(self, filing_id: int, attempt: int, outcome: Outcome) -> None:
        """Keep how an attempt ended; told again, the later outcome of the attempt counts."""
        values = {
            "verdict": outcome.verdict.value,
            "explanation": outcome.explanation,
            "advice": outcome.advice,
            "record": outcome.record and asdict(outcome.record),
            "submitted_at": outcome.submitted_at,
            "at": _now(),
        }
        add = self._insert(outcomes).values(filing_id=filing_id, attempt=attempt, **values)
        with self._write() as connection:
            connection.execute(
                add.on_conflict_do_update(index_elements=["filing_id", "attempt"], set_=values)
            )

    def _batch(self, connection: Connection, batch_id: str) -> Batch:
        row = connection.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
        if row is None:
            raise UserError(f"没有批次 {batch_id}")
        return _as_batch(row)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_batch(connection: Connection, name: str, path: str, sha256: str, evidence: Path) -> Batch:
    now = _now()
    stem = f"B{now.astimezone(CHINA):%Y%m%d}-"
    today = connection.scalar(select(func.count()).where(batches.c.id.startswith(stem))) or 0
    batch_id = f"{stem}{today + 1}"
    batch = Batch(batch_id, name, Path(path), sha256, evidence.resolve() / batch_id, now)
    connection.execute(
        batches.insert().values(**(asdict(batch) | {"workbook": path, "evidence": str(batch.evidence)}))
    )
    return batch


def _as_batch(row: Row[Any]) -> Batch:
    return Batch(
        row.id, row.name, Path(row.workbook), row.workbook_sha256, Path(row.evidence), row.created_at
    )


def _filing_values(filing: Filing) -> dict[str, Any]:
    portal, item, year, code = filing.key
    return {"portal": portal, "item": item, "year": year, "code": code, "employer": filing.employer.name}


def _attempts_of(filing_id: Any) -> ColumnElement[int | None]:
    newest = select(func.max(attempts.c.number)).where(attempts.c.filing_id == filing_id)
    return newest.scalar_subquery()


def _select_states(condition: ColumnElement[bool], *extra: ColumnElement[Any]) -> Select[Any]:
    newest = outcomes.alias("newest")
    last_told = select(func.max(newest.c.attempt)).where(newest.c.filing_id == filings.c.id).scalar_subquery()
    return (
        select(
            filings,
            func.coalesce(_attempts_of(filings.c.id), 0).label("attempts"),
            intents.c.at.label("intent_at"),
            outcomes.c.verdict,
            outcomes.c.explanation,
            outcomes.c.advice,
            outcomes.c.record,
            outcomes.c.submitted_at,
            *extra,
        )
        .outerjoin_from(filings, intents, intents.c.filing_id == filings.c.id)
        .outerjoin(outcomes, (outcomes.c.filing_id == filings.c.id) & (outcomes.c.attempt == last_told))
        .where(condition)
    )


def _states_by_key(connection: Connection, keys: set[FilingKey]) -> dict[FilingKey, FilingState]:
    codes = sorted({code for *_, code in keys})
    found: dict[FilingKey, FilingState] = {}
    for start in range(0, len(codes), _CHUNK):
        chunk = codes[start : start + _CHUNK]
        for row in connection.execute(_select_states(filings.c.code.in_(chunk))):
            state = _as_state(row)
            if state.key in keys:
                found[state.key] = state
    return found


def _as_state(row: Row[Any]) -> FilingState:
    outcome = None
    if row.verdict is not None:
        record = Record(**row.record) if row.record else None
        outcome = Outcome(Verdict(row.verdict), row.explanation, row.advice, record, row.submitted_at)
    return FilingState(
        filing_id=row.id,
        key=(row.portal, row.item, row.year, row.code),
        employer=row.employer,
        attempts=row.attempts,
        intent_at=row.intent_at,
        outcome=outcome,
    )


def _at_row(state: FilingState, row: int) -> FilingState:
    return FilingState(
        state.filing_id, state.key, state.employer, state.attempts, state.intent_at, state.outcome, row
    )
