"""The connection to the ledger's database: opening, transactions, what SQLite needs to be told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from rpa.errors import UserError
from rpa.ledger import tables

_BUSY_SECONDS = 30
_READ_ONLY = "rpa_read_only"


class Store:
    """One database. Every public method of its subclasses is one short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{_READ_ONLY: True})

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database, making file, folder and tables where they are missing.

        Args:
            url: an SQLAlchemy address: ``sqlite:////path/ledger.db`` or ``postgresql+psycopg://…``.

        Raises:
            UserError: not a database, out of reach, or made by another version of the program.
        """
        try:
            address = make_url(url)
        except ArgumentError as error:
            raise UserError("台账数据库地址（RPA_DATABASE_URL）格式不对") from error
        store = cls(_engine(address))
        try:
            store._prepare()
        except OperationalError as error:
            store.close()
            raise UserError(f"打不开台账数据库 {_shown(address)}：{error.orig}") from error
        except DatabaseError as error:
            store.close()
            raise UserError(f"{_shown(address)} 不是台账数据库，请改名移开后重试") from error
        except UserError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database; what secrets its write-ahead log held are gone from the disk."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """A transaction that alone may write, from its first statement on."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A transaction that only looks, and so waits for nobody."""
        with _translated(), self._reader.begin() as connection:
            yield connection

    def _forget_deleted(self) -> None:
        """Empty SQLite's write-ahead log, where overwritten values live on; a busy one waits."""
        if self._engine.dialect.name != "sqlite":
            return
        with closing(self._engine.raw_connection()) as connection:  # a transaction would be in its own way
            cursor = connection.cursor()
            for pragma in (
                "busy_timeout=100",
                "wal_checkpoint(TRUNCATE)",
                f"busy_timeout={_BUSY_SECONDS}000",
            ):
                cursor.execute(f"PRAGMA {pragma}").fetchall()
            cursor.close()

    def _insert(self, table: Table) -> Any:
        """An INSERT that knows ``on_conflict_…``: both databases spell it alike."""
        return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[self._engine.dialect.name](table)

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            tables.schema.create(connection, checkfirst=True)
            version = connection.scalar(select(tables.schema.c.version))
            if version is None:
                tables.metadata.create_all(connection)
                connection.execute(tables.schema.insert().values(version=tables.SCHEMA_VERSION))
            elif version != tables.SCHEMA_VERSION:
                raise UserError(
                    f"台账数据库是第 {version} 版，本程序需要第 {tables.SCHEMA_VERSION} 版："
                    "请使用与数据库同一版本的程序"
                )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise UserError(f"台账数据库读写失败（磁盘已满、没有权限或被占用）：{error.orig}") from error


def _shown(address: URL) -> str:
    return address.database or address.render_as_string(hide_password=True)


def _engine(address: URL) -> Engine:
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise UserError(f"台账数据库只支持 SQLite 和 PostgreSQL，不支持 {backend}")
    if backend == "postgresql":
        return create_engine(address)
    if address.database:
        _private_file(Path(address.database))
    engine = create_engine(address, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _private_file(path: Path) -> None:
    """Make the file before SQLite does, readable by the owner alone; its -wal and -shm follow suit."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise UserError(f"写不了台账数据库 {path}：{error.strerror}") from error


def _on_connect(dbapi_connection: Any, _: object) -> None:
    dbapi_connection.isolation_level = None  # the driver's own BEGIN comes too late to lock anything
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        dbapi_connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
