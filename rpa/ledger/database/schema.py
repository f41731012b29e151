"""The version of the tables: a new ledger is made, an older one migrated, a newer one refused.

Alembic is asked only where there is something to migrate: it would cost every command a tenth of a
second.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, func, inspect, select, text

from rpa.errors import UserError
from rpa.ledger.database import tables

HEAD = "0005"
"""The newest revision under ``migrations/versions``: what :mod:`rpa.ledger.database.tables` describes."""

OLDER = ("0001", "0002", "0003", "0004")
"""Those that can be migrated."""

_BEFORE_ALEMBIC = {1: "0001"}
"""``ledger_schema.version`` of the first releases → revision."""
_LOCK = 0x72_70_61, 1


def prepare(engine: Engine) -> None:
    """Bring the database's tables to :data:`HEAD`, once, however many processes ask for it together.

    An SQLite file is copied to ``<name>.<its revision>.bak`` first. All of a migration happens in one
    transaction.

    Raises:
        UserError: a newer version of the program made them.
    """
    with engine.execution_options(rpa_read_only=True).begin() as connection:
        if _revision(connection) == HEAD:
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(*_LOCK)))
        revision = _revision(connection)
        if revision is None:
            tables.metadata.create_all(connection)
            connection.execute(tables.version.insert().values(version_num=HEAD))
        elif revision in OLDER:
            _keep_copy(engine, revision)
            if not inspect(connection).has_table(tables.version.name):
                tables.version.create(connection)
                connection.execute(tables.version.insert().values(version_num=revision))
            upgrade(connection, HEAD)
        elif revision != HEAD:
            raise UserError("台账数据库由更新版本的程序建立，请升级本程序后再用")


def upgrade(connection: Connection, revision: str) -> None:
    """Migrate within the connection's transaction."""
    from alembic import command  # see above
    from alembic.config import Config

    config = Config()
    scripts = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", scripts.replace("%", "%%"))  # else a placeholder
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _revision(connection: Connection) -> str | None:
    """What the tables are at; none where there are none."""
    known = inspect(connection)
    if known.has_table(tables.version.name):
        return connection.scalar(select(tables.version.c.version_num))
    if known.has_table("ledger_schema"):
        number = connection.scalar(text("SELECT version FROM ledger_schema"))
        return _BEFORE_ALEMBIC.get(cast("int", number), "?") if number else None
    return None


def _keep_copy(engine: Engine, revision: str) -> None:
    """Copy an SQLite file as it is; our transaction has locked it, and nothing is changed yet."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        return
    copy = Path(f"{path}.{revision}.bak")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
