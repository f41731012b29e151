"""How filings stand: the queries that the transactions share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from rpa.filing import FilingKey, Outcome, Record, Verdict
from rpa.ledger.data.filings import FilingState
from rpa.ledger.database.tables import attempts, filings, intents, outcomes

T = TypeVar("T")

_CHUNK = 500
"""Values in one IN (…): SQLite and PostgreSQL both take far more."""

FINAL = tuple(verdict.value for verdict in Verdict if verdict.final)
"""Verdicts after which a filing is left alone, as the tables keep them."""


TOLD = (outcomes.c.explanation, outcomes.c.advice, outcomes.c.record, outcomes.c.submitted_at)
"""What is told of an outcome beside its verdict."""


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """A long list in parts that each fit into one statement."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def newest_attempt(filing_id: Any) -> ColumnElement[int]:
    """The number of a filing's newest attempt, 0 before the first."""
    newest = select(func.max(attempts.c.number)).where(attempts.c.filing_id == filing_id)
    return func.coalesce(newest.scalar_subquery(), 0)


def newest_verdict(filing_id: Any) -> ColumnElement[str | None]:
    """The verdict of a filing's newest outcome."""
    told = (
        select(outcomes.c.verdict)
        .where(outcomes.c.filing_id == filing_id)
        .order_by(outcomes.c.attempt.desc())
        .limit(1)
    )
    return told.scalar_subquery()


def has_intent(filing_id: Any) -> ColumnElement[bool]:
    """Whether a commit of the filing was about to be made."""
    return select(intents.c.filing_id).where(intents.c.filing_id == filing_id).exists()


def told_last() -> ColumnElement[bool]:
    """Joins each of ``filings`` with its newest outcome."""
    newest = outcomes.alias("newest")
    last = select(func.max(newest.c.attempt)).where(newest.c.filing_id == filings.c.id).scalar_subquery()
    return (outcomes.c.filing_id == filings.c.id) & (outcomes.c.attempt == last)


def select_states(condition: ColumnElement[bool], *extra: ColumnElement[Any]) -> Select[Any]:
    """What :func:`as_state` reads, for the filings of a condition."""
    return (
        select(
            filings,
            newest_attempt(filings.c.id).label("attempts"),
            intents.c.at.label("intent_at"),
            outcomes.c.verdict,
            *TOLD,
            *extra,
        )
        .outerjoin_from(filings, intents, intents.c.filing_id == filings.c.id)
        .outerjoin(outcomes, told_last())
        .where(condition)
    )


def states_by_key(connection: Connection, keys: set[FilingKey]) -> dict[FilingKey, FilingState]:
    """How the filings of many keys stand; unknown ones are left out."""
    found: dict[FilingKey, FilingState] = {}
    for codes in chunks(sorted({code for *_, code in keys})):
        for row in connection.execute(select_states(filings.c.code.in_(codes))):
            state = as_state(row)
            if state.key in keys:
                found[state.key] = state
    return found


def as_outcome(row: Row[Any]) -> Outcome | None:
    """How a row's ``verdict`` came about, as far as its columns :data:`TOLD` tell; none without a verdict."""
    if row.verdict is None:
        return None
    record = Record(**row.record) if row.record else None
    return Outcome(Verdict(row.verdict), row.explanation or "", row.advice or "", record, row.submitted_at)


def as_state(row: Row[Any], place: int | None = None) -> FilingState:
    """A row of :func:`select_states`; ``place`` is its row in the batch that was asked about."""
    return FilingState(
        filing_id=row.id,
        key=FilingKey(row.portal, row.item, row.year, row.code),
        employer=row.employer,
        attempts=row.attempts,
        intent_at=row.intent_at,
        outcome=as_outcome(row),
        row=place,
    )
