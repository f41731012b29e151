"""The database connections that the queue works on: what SQLite needs so that a queue in it holds."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from rpa.ledger.database.reach import BUSY_SECONDS, POSTGRESQL_TIMEOUTS

_IDLE_MILLISECONDS = 60_000
_POOL = 8
"""Connections kept; a filing needs one only for a moment when it begins and when it ends."""


def queue_engine(url: str) -> Engine:
    """An engine for the queue's tables, beside the ledger's.

    Parameters never show in its errors: they end up in logs.

    Args:
        url: ``sqlite:///…`` or ``postgresql…``, as the ledger's.
    """
    address = make_url(url)
    return _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)


def _postgresql(address: URL) -> Engine:
    # A worker that is frozen (a closed laptop) must not hold the others' rows for ever.
    options = f"-c idle_in_transaction_session_timeout={_IDLE_MILLISECONDS}"
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_pre_ping=True,  # after a restart of the server the pool is full of dead connections
        hide_parameters=True,
        connect_args=POSTGRESQL_TIMEOUTS | {"options": options},
    )


def _sqlite(address: URL) -> Engine:
    engine = create_engine(
        address,
        pool_size=_POOL,
        max_overflow=_POOL,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _on_connect)
    return engine


def _on_connect(connection: Any, _: ConnectionPoolEntry) -> None:
    # Two writers that both began by reading would fail each other instead of waiting.
    connection.isolation_level = "IMMEDIATE"
    # DBOS asks for unixepoch('subsec') from Python 3.12 on; SQLite knows it from 3.42 on.
    connection.create_function("unixepoch", -1, _unixepoch)
    # NORMAL: what a power failure takes from the queue, the ledger (FULL) puts in again.
    for pragma in (
        f"busy_timeout={BUSY_SECONDS}000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _unixepoch(*modifiers: str) -> float:
    """SQLite's ``unixepoch`` as far as DBOS uses it: now, in seconds."""
    if modifiers == ("subsec",):
        return round(time.time(), 3)
    if not modifiers:
        return int(time.time())
    raise ValueError("unixepoch: only 'subsec' is known here")
