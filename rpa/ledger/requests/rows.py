"""One request's row: found by what a person typed, locked by who decides about it, emptied at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from rpa.errors import UserError
from rpa.ledger.database.tables import requests

OPEN = requests.c.closed_at.is_(None)
LIGHT = tuple(column for column in requests.c if column.name not in ("picture", "answer"))
"""What may be looked at often."""

LEFT: dict[str, Any] = {"holder": None, "held_by": None, "held_until": None}
"""No page shows it."""
EMPTY: dict[str, Any] = {"answer": None, "usable_at": None, "picture": None, "detail": {}, **LEFT}
"""What an ended request keeps of what was shown and said: nothing."""


def number_of(request_id: str) -> int:
    """The number in ``17`` or ``17.2``.

    Raises:
        UserError: there is none.
    """
    number = request_id.partition(".")[0]
    if not (number.isascii() and number.isdigit()):
        raise UserError(f"待办编号 {request_id} 不对，请用 rpa requests 查看")
    return int(number)


def shown_id(row: Row[Any]) -> str:
    """Names the picture that the request shows now, e.g. ``17.2``."""
    return f"{row.id}.{row.picture_number}"


def find(connection: Connection, request_id: str, *extra: ColumnElement[Any]) -> Row[Any]:
    """A request as it is now.

    Raises:
        UserError: there is none.
    """
    return _one(connection, request_id, select(*LIGHT, *extra))


def lock(connection: Connection, request_id: str, *extra: ColumnElement[Any]) -> Row[Any]:
    """A request that nobody else changes until this transaction ends: one of two people comes first.

    Raises:
        UserError: there is none.
    """
    return _one(connection, request_id, select(*LIGHT, *extra).with_for_update())


def check_open(row: Row[Any]) -> None:
    """A request can still be answered.

    Raises:
        UserError: it cannot, and why.
    """
    if row.answered_at is not None:
        raise UserError(f"待办 {row.id} 已由{row.answered_by}答复")
    if row.closed_at is not None or row.deadline <= datetime.now(UTC):
        raise UserError(f"待办 {row.id} 已过期或已撤回，不用再答")


def close(connection: Connection, condition: ColumnElement[bool]) -> None:
    """The requests of a condition are over; those that are already stay as they were."""
    over = {"closed_at": datetime.now(UTC), **EMPTY}
    connection.execute(requests.update().where(condition, OPEN).values(**over))


def _one(connection: Connection, request_id: str, query: Any) -> Row[Any]:
    row: Row[Any] | None = connection.execute(
        query.where(requests.c.id == number_of(request_id))
    ).one_or_none()
    if row is None:
        raise UserError(f"没有待办 {request_id}，请用 rpa requests 查看")
    return row
