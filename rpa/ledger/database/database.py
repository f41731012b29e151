"""The connection to the ledger's database: opening, transactions, what each database needs to be told.

SQLite: ``BEGIN IMMEDIATE`` lets one transaction write at a time. PostgreSQL: READ COMMITTED is enough,
since whoever decides something first locks the row that the decision is about (``FOR UPDATE``); every
later statement of the transaction then sees what was committed before. Transactions over many rows
take turns (:meth:`Database.lock`), so that two of them never wait for each other; so do those that count
what has begun and then begin one more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, cast

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Interval,
    PoolProxiedConnection,
    Table,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
    type_coerce,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

from rpa.errors import LedgerDown, UserError
from rpa.ledger.database import schema
from rpa.ledger.database.reach import BUSY_SECONDS, POSTGRESQL_TIMEOUTS, reason, unreachable_translated
from rpa.ledger.database.tables import Moment, facts
from rpa.privacy.sealing import Seal

_READ_ONLY = "rpa_read_only"

_LOCKS = 0x72_70_61
"""The space of our advisory locks in a PostgreSQL database."""
_ADVISORY_LOCKS = {"batches": 2, "filings": 3, "tasks": 4, "reaping": 5, "starts": 6}


class Database:
    """One database: its connections, its clock, its dialect. The ledger's parts are made of it.

    Whatever a part does raises :class:`~rpa.errors.LedgerDown` while a PostgreSQL server is out of reach.
    """

    def __init__(self, engine: Engine, key: Path | None = None) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{_READ_ONLY: True})
        self._key = key
        self._watch: PoolProxiedConnection | None = None

    @classmethod
    def open(cls, url: str, *, key: Path | None = None) -> Self:
        """Open the database, making file, folder and tables where they are missing.

        Args:
            url: an SQLAlchemy address: ``sqlite:////path/ledger.db`` or ``postgresql://…``.
            key: the file of the sealing key, looked at when something is first sealed; by default
                ``seal.key`` beside an SQLite file.

        Raises:
            UserError: not a database, made by a newer version of the program, or no ``key`` for PostgreSQL.
            LedgerDown: out of reach for now.
        """
        try:
            address = make_url(url)
        except ArgumentError as error:
            raise UserError("台账数据库地址（RPA_DATABASE_URL）格式不对") from error
        store = cls(_engine(address), _key(address, key))
        with ExitStack() as undo:
            undo.callback(store.close)
            store._prepare(address)
            undo.pop_all()
        return store

    def close(self) -> None:
        """Let go of the database; what secrets its write-ahead log held are gone from the disk."""
        if self._watch:
            self._watch.close()
        self._engine.dispose()

    def version(self) -> int | None:
        """A number that changes with whatever anybody writes; costs next to nothing. None: not to be had.

        SQLite alone counts so, for one connection that writes nothing itself.
        """
        if self.dialect != "sqlite":
            return None
        self._watch = self._watch or self._engine.raw_connection()
        cursor = self._watch.cursor()
        cursor.execute("PRAGMA data_version")
        row = cursor.fetchone()
        cursor.close()
        return int(row[0]) if row else None

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which kind of database it is."""
        return cast("Literal['sqlite', 'postgresql']", self._engine.dialect.name)

    @cached_property
    def seal(self) -> Seal:
        """The seal of this ledger's rows; its key is made when a ledger first needs one.

        Raises:
            UserError: the rows are sealed with another key than the one in the key file.
        """
        if self._key is None:
            raise UserError("没有指定封存密钥的文件")
        known = select(facts.c.value).where(facts.c.name == "seal")
        with self.read() as connection:
            fingerprint = connection.scalar(known)
        seal = Seal.of(self._key) if self._key.exists() or fingerprint is None else None
        if seal and fingerprint is None:
            with self.write() as connection:
                note = self.insert(facts).values(name="seal", value=seal.fingerprint)
                connection.execute(note.on_conflict_do_nothing())
                fingerprint = connection.scalar(known)
        if seal is None or seal.fingerprint != fingerprint:
            raise UserError(f"封存密钥与台账不符：请把建立台账的机器上的 seal.key 复制到 {self._key}")
        return seal

    def _prepare(self, address: URL) -> None:
        try:
            schema.prepare(self._engine)
        except (OperationalError, InterfaceError) as error:
            kind = UserError if self.dialect == "sqlite" else LedgerDown
            raise kind(f"打不开台账数据库 {_shown(address)}：{reason(error)}") from error
        except DatabaseError as error:
            raise UserError(f"{_shown(address)} 不是台账数据库，请改名移开后重试") from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: on SQLite it alone may, from its first statement on."""
        with unreachable_translated(self.dialect), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks, and so waits for nobody."""
        with unreachable_translated(self.dialect), self._reader.begin() as connection:
            yield connection

    def lock(self, connection: Connection, what: str) -> None:
        """Wait until no other transaction of this kind is under way."""
        if self.dialect == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, _ADVISORY_LOCKS[what])))

    def try_lock(self, connection: Connection, what: str) -> bool:
        """Like :meth:`lock` on PostgreSQL, but does not wait; whether it is this transaction's turn."""
        return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_LOCKS, _ADVISORY_LOCKS[what]))))

    def now(self, plus: float = 0.0) -> ColumnElement[datetime]:
        """Now, and so many seconds later, by the one clock that all machines of a ledger share."""
        later = timedelta(seconds=plus)
        if self.dialect == "sqlite":
            return literal(datetime.now(UTC) + later, Moment())
        return type_coerce(func.statement_timestamp() + literal(later, Interval()), Moment())

    def forget_deleted(self) -> None:
        """Empty SQLite's write-ahead log, where overwritten values live on; a busy one waits."""
        if self.dialect != "sqlite":
            return
        with closing(self._engine.raw_connection()) as connection:  # a transaction would be in its own way
            cursor = connection.cursor()
            for pragma in (
                "busy_timeout=100",
                "wal_checkpoint(TRUNCATE)",
                f"busy_timeout={BUSY_SECONDS}000",
            ):
                cursor.execute(f"PRAGMA {pragma}").fetchall()
            cursor.close()

    def insert(self, table: Table) -> Any:
        """An INSERT that knows ``on_conflict_…``: both databases spell it alike."""
        # Named here, since each brings its drivers: the commands that only look must be quick.
        if self.dialect == "sqlite":
            from sqlalchemy.dialects.sqlite import insert
        else:
            from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]
        return insert(table)


class Part:
    """A part of the ledger: some transactions over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database


def _shown(address: URL) -> str:
    if address.get_backend_name() == "sqlite" and address.database:
        return address.database
    return address.render_as_string(hide_password=True)


def _key(address: URL, key: Path | None) -> Path | None:
    if key is None and address.get_backend_name() == "postgresql":
        raise UserError("共用的台账需要封存密钥的文件")
    if key is None and address.database:
        return Path(address.database).parent / "seal.key"
    return key


def _engine(address: URL) -> Engine:
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise UserError(f"台账数据库只支持 SQLite 和 PostgreSQL，不支持 {backend}")
    if backend == "postgresql":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,  # a server that was restarted costs nobody a transaction
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # an error's text ends up in a log
            connect_args=POSTGRESQL_TIMEOUTS,
        )
    if address.database:
        _private_file(Path(address.database))
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _private_file(path: Path) -> None:
    """Make the file before SQLite does, readable by the owner alone; its -wal and -shm follow suit.

    One that is there is never opened here: as it is closed, POSIX takes back all locks that this process
    has on it through other connections, and the next process to leave takes the write-ahead log with it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with suppress(FileExistsError):  # another process was quicker
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if path.is_file():
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
