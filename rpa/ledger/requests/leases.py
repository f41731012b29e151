"""The transactions of people side by side: a request is one page's at a time, an answer can be taken back.

Who has a request before them leases it for some seconds and renews the lease while it is shown; a page
that is gone so lets go of it by itself. All times are the ledger's clock's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, func

from rpa.errors import UserError
from rpa.ledger.actions import Actions
from rpa.ledger.database.tables import requests
from rpa.ledger.requests.rows import LEFT, check_open, lock, number_of


class Holding(Actions):
    """Leases of requests, and answers before they are used."""

    def hold(self, request_id: str, *, holder: str, name: str, seconds: float) -> None:
        """Lease a request to one page; its own lease is renewed.

        Args:
            request_id: the request.
            holder: an opaque name of the page.
            name: the person before it.
            seconds: how long the lease lasts.

        Raises:
            UserError: no such request, answered, over, or another page has it.
        """
        with self._write() as connection:
            row = lock(connection, request_id, self._held())
            check_open(row)
            check_free(row, holder)
            leased = {"holder": holder, "held_by": name, "held_until": self._at(seconds)}
            connection.execute(requests.update().where(requests.c.id == row.id).values(**leased))

    def let_go(self, request_id: str, *, holder: str) -> None:
        """End a page's lease; one that it does not have is left alone."""
        theirs = (requests.c.id == number_of(request_id)) & (requests.c.holder == holder)
        with self._write() as connection:
            connection.execute(requests.update().where(theirs).values(**LEFT))

    def take_back(self, request_id: str, *, who: str) -> None:
        """Take an answer back that nobody has used: the request waits again.

        Args:
            request_id: the request.
            who: the person, who has answered it.

        Raises:
            UserError: no such request, not answered by this person, or the answer is used.
        """
        with self._write() as connection:
            row = lock(connection, request_id)
            if row.answered_at is None:
                raise UserError(f"待办 {row.id} 没有可撤回的答复")
            if row.closed_at is not None:
                raise UserError("答复已被使用，撤不回了")
            if row.answered_by != who:
                raise UserError(f"待办 {row.id} 由{row.answered_by}答复，只能由本人撤回")
            unanswered = {"answer": None, "answered_by": None, "answered_at": None, "usable_at": None}
            connection.execute(requests.update().where(requests.c.id == row.id).values(**unanswered))
            self._note(connection, who, f"撤回待办 {row.id} 的答复", batch_id=row.batch_id)
        self._forget_deleted()

    def _held(self) -> ColumnElement[bool]:
        """Whether a page has the request now: a lease that ran out counts for nothing."""
        return func.coalesce(requests.c.held_until > self._at(), False).label("held")


def check_free(row: Row[Any], holder: str) -> None:
    """A request is no other page's.

    Args:
        row: with ``held``, see :meth:`Holding._held`.
        holder: the page that asks.

    Raises:
        UserError: it is.
    """
    if row.held and row.holder != holder:
        raise UserError(f"待办 {row.id} 正由{row.held_by}处理")
