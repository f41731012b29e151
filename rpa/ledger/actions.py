"""The transactions over what people did beside answering: who started, paused, cancelled, took back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from rpa.ledger.data.batches import Action
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import actions


class Actions(Part):
    """A line for each thing that a person did; nothing is ever taken out."""

    def note(self, who: str, what: str, *, batch_id: str | None = None, portal: str | None = None) -> None:
        """Put down what a person did.

        Args:
            who: the person, as the audit trail names them.
            what: in Chinese, as in “暂停批次”.
            batch_id: the batch that it was done to.
            portal: the portal that it was done to, with its environment.
        """
        with self._database.write() as connection:
            self.note_within(connection, who, what, batch_id=batch_id, portal=portal)

    def newest(self, batch_id: str | None = None, limit: int | None = 50) -> Sequence[Action]:
        """What people did, the newest first.

        Args:
            batch_id: to this batch; None: to anything.
            limit: so many at most; None: all.
        """
        query = select(actions).order_by(actions.c.id.desc()).limit(limit)
        if batch_id is not None:
            query = query.where(actions.c.batch_id == batch_id)
        with self._database.read() as connection:
            return [
                Action(row.at, row.who, row.what, row.batch_id, row.portal)
                for row in connection.execute(query)
            ]

    def note_within(
        self,
        connection: Connection,
        who: str,
        what: str,
        *,
        batch_id: str | None = None,
        portal: str | None = None,
    ) -> None:
        """Like :meth:`note`, in a transaction that is under way."""
        line = {"at": self._database.now(), "who": who, "what": what, "batch_id": batch_id, "portal": portal}
        connection.execute(actions.insert().values(**line))
