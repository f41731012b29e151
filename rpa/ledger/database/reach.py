"""A database that cannot be used, or not now: how it is noticed and said, for the queue's tables too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from rpa.errors import LedgerDown, UserError

BUSY_SECONDS = 30
"""So long SQLite waits for another process's transaction."""

POSTGRESQL_TIMEOUTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "tcp_user_timeout": 30_000,
}
"""In seconds and milliseconds: a machine that vanished is noticed instead of waited for."""


@contextmanager
def unreachable_translated(dialect: str) -> Iterator[None]:
    """Say what is wrong with the database while the block lasts.

    Args:
        dialect: ``sqlite`` or ``postgresql``.

    Raises:
        UserError: the SQLite file cannot be used.
        LedgerDown: the PostgreSQL server is out of reach for now.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if dialect == "sqlite":
            what = "台账数据库读写失败（磁盘已满、没有权限或被占用）"
            raise UserError(f"{what}：{reason(error)}") from error
        raise LedgerDown(f"台账数据库暂时连不上：{reason(error)}") from error


def reason(error: DBAPIError) -> str:
    """The database's own words, their first line."""
    return str(error.orig).partition("\n")[0]
