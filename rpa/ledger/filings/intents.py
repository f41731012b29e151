"""The transactions over intents: what "at most once" rests on.

An intent is written before a commit's click and stays. The portal's list, asked twice with time between,
and a person who declares it, together clear one; a proof that nothing was submitted, or that the portal
returned what was, releases one. Either is kept, with who did it or with what proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from rpa.errors import Cancelled, Superseded
from rpa.filing import Record
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import batches, cleared_intents, filings, intents, released_intents, tasks
from rpa.ledger.filings.states import newest_attempt

NOT_SUBMITTED = "批次已取消，未提交"


class Cleared(NamedTuple):
    """An intent of which nothing arrived at the portal."""

    at: datetime
    """When the commit was about to be made."""
    missing_since: datetime
    cleared_at: datetime
    cleared_by: str


class Released(NamedTuple):
    """An intent that was given back by a proof."""

    attempt: int
    at: datetime
    """When the commit was about to be made."""
    released_at: datetime
    proof: str
    """In Chinese."""
    record: Record | None
    """The portal's record, where it returned what was submitted."""


class Intents(Part):
    """Who may make a filing's one commit."""

    def win(self, filing_id: int, attempt: int, *, batch_id: str | None = None) -> bool:
        """Claim the one commit of a filing, before the click.

        Returns:
            True for exactly one attempt ever, in whatever process; asked again after a lost answer, it
            is told the same. False: another attempt's intent stands, and the filing is looked up.

        Raises:
            Superseded: a newer attempt of the filing has begun, so this one may not commit.
            Cancelled: the batch was cancelled before the commit.
        """
        with self._database.write() as connection:
            # The lock is what begin_attempt takes too: no attempt begins between the check and the claim.
            _lock(connection, filing_id)
            if attempt < 1 or connection.scalar(select(newest_attempt(filing_id))) != attempt:
                raise Superseded("这笔办件已由更新的一次尝试接手")
            standing = _intent(connection, filing_id)
            if standing is not None:
                return bool(standing.attempt == attempt)
            state = connection.scalar(select(batches.c.state).where(batches.c.id == batch_id))
            if state == BatchState.CANCELLED:
                raise Cancelled(NOT_SUBMITTED)
            connection.execute(
                intents.insert().values(filing_id=filing_id, attempt=attempt, at=datetime.now(UTC))
            )
            return True

    def note_missing(self, filing_id: int) -> datetime | None:
        """A look at the portal's list found nothing; returns since when, or None without an intent."""
        with self._database.write() as connection:
            since: datetime | None = connection.scalar(
                intents.update()
                .where(intents.c.filing_id == filing_id)
                .values(missing_since=func.coalesce(intents.c.missing_since, self._database.now()))
                .returning(intents.c.missing_since)
            )
        return since

    def note_found(self, filing_id: int) -> None:
        """The portal's list has it after all."""
        with self._database.write() as connection:
            connection.execute(
                intents.update().where(intents.c.filing_id == filing_id).values(missing_since=None)
            )

    def clear(self, filing_id: int, *, who: str, missing_since: datetime) -> bool:
        """A person declares that a commit never arrived: the filing may be committed again.

        Args:
            filing_id: the filing.
            who: the person.
            missing_since: what the person was shown; it must still stand.

        Returns:
            False, and nothing changed: no such intent, seen on the list meanwhile, or being worked on.
        """
        with self._database.write() as connection:
            _lock(connection, filing_id)
            standing = _intent(connection, filing_id)
            if standing is None or standing.missing_since != missing_since or _filed(connection, filing_id):
                return False
            connection.execute(
                cleared_intents.insert().values(
                    filing_id=filing_id,
                    attempt=standing.attempt,
                    at=standing.at,
                    missing_since=missing_since,
                    cleared_at=datetime.now(UTC),
                    cleared_by=who,
                )
            )
            connection.execute(intents.delete().where(intents.c.filing_id == filing_id))
            return True

    def release(self, filing_id: int, attempt: int, *, proof: str, record: Record | None = None) -> bool:
        """Give an intent back on a proof: the filing may be committed again.

        Args:
            filing_id: the filing.
            attempt: who asks: the filing's newest attempt.
            proof: what proves it, in Chinese.
            record: the portal's record, where it returned what was submitted, by whomever: kept even where
                no intent stands, so that this record never counts again.

        Returns:
            False, and nothing changed: there is nothing to give back, or a newer attempt has begun.
        """
        with self._database.write() as connection:
            _lock(connection, filing_id)
            standing = _intent(connection, filing_id)
            if connection.scalar(select(newest_attempt(filing_id))) != attempt:
                return False
            if standing is None and record is None:
                return False
            now = datetime.now(UTC)
            connection.execute(
                released_intents.insert().values(
                    filing_id=filing_id,
                    attempt=standing.attempt if standing else attempt,
                    at=standing.at if standing else now,
                    released_at=now,
                    proof=proof,
                    record=record and asdict(record),
                )
            )
            connection.execute(intents.delete().where(intents.c.filing_id == filing_id))
            return True

    def released(self, filing_id: int) -> Sequence[Released]:
        """The intents of a filing that were released, the oldest first."""
        query = select(released_intents).where(released_intents.c.filing_id == filing_id)
        with self._database.read() as connection:
            return [
                Released(row.attempt, row.at, row.released_at, row.proof, row.record and Record(**row.record))
                for row in connection.execute(query.order_by(released_intents.c.id))
            ]

    def cleared(self, filing_id: int) -> Sequence[Cleared]:
        """The intents of a filing that were cleared, the oldest first."""
        columns = (cleared_intents.c[name] for name in Cleared._fields)
        query = select(*columns).where(cleared_intents.c.filing_id == filing_id)
        with self._database.read() as connection:
            return [Cleared(*row) for row in connection.execute(query.order_by(cleared_intents.c.id))]


def _lock(connection: Connection, filing_id: int) -> None:
    connection.execute(select(filings.c.id).where(filings.c.id == filing_id).with_for_update())


def _intent(connection: Connection, filing_id: int) -> Row[Any] | None:
    return connection.execute(select(intents).where(intents.c.filing_id == filing_id)).one_or_none()


def _filed(connection: Connection, filing_id: int) -> bool:
    """Whether a worker is filing it right now."""
    busy = select(tasks.c.id).where(
        tasks.c.filing_id == filing_id,
        tasks.c.state == TaskState.RUNNING.value,
        tasks.c.work == Work.FILE.value,
    )
    return connection.execute(busy).first() is not None
