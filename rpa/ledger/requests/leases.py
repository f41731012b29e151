"""The transactions of people side by side: a request is one page's at a time.

Who has a request before them leases it for some seconds and renews the lease while it is shown; a page
that is gone so lets go of it by itself. All times are the ledger's clock's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, func

from rpa.errors import UserError
from rpa.ledger.database.database import Database, Part
from rpa.ledger.database.tables import requests
from rpa.ledger.requests.rows import LEFT, check_open, lock, number_of


class Leases(Part):
    """Leases of requests."""

    def take(self, request_id: str, *, holder: str, name: str, seconds: float) -> None:
        """Lease a request to one page; its own lease is renewed.

        Args:
            request_id: the request.
            holder: an opaque name of the page.
            name: the person before it.
            seconds: how long the lease lasts.

        Raises:
            UserError: no such request, answered, over, or another page has it.
        """
        with self._database.write() as connection:
            row = lock(connection, request_id, is_held(self._database))
            check_open(row)
            check_free(row, holder)
            leased = {"holder": holder, "held_by": name, "held_until": self._database.now(seconds)}
            connection.execute(requests.update().where(requests.c.id == row.id).values(**leased))

    def release(self, request_id: str, *, holder: str) -> None:
        """End a page's lease; one that it does not have is left alone."""
        theirs = (requests.c.id == number_of(request_id)) & (requests.c.holder == holder)
        with self._database.write() as connection:
            connection.execute(requests.update().where(theirs).values(**LEFT))


def check_free(row: Row[Any], holder: str) -> None:
    """A request is no other page's.

    Args:
        row: with ``held``, see :func:`is_held`.
        holder: the page that asks.

    Raises:
        UserError: it is.
    """
    if row.held and row.holder != holder:
        raise UserError(f"待办 {row.id} 正由{row.held_by}处理")


def is_held(database: Database) -> ColumnElement[bool]:
    """Whether a page has the request now: a lease that ran out counts for nothing."""
    return func.coalesce(requests.c.held_until > database.now(), False).label("held")
