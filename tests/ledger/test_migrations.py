"""Older ledgers: migrated with everything in them, copied first, or refused; never broken."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, select, text

from rpa.errors import UserError
from rpa.filing import Record, Verdict
from rpa.ledger.data.batches import BatchState
from rpa.ledger.data.tasks import Work
from rpa.ledger.database import schema, tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import claimed, filing, start

pytestmark = pytest.mark.counts_commits

OLD = Path(__file__).with_name("old_ledger.sql")
SCRIPTS = Path(schema.__file__).with_name("migrations")
BATCH = "B20261120-1"

_OLD_TABLES = (
    "ledger_schema",
    "batches",
    "filings",
    "batch_filings",
    "attempts",
    "intents",
    "outcomes",
    "requests",
)
"""In an order in which each finds what it refers to."""


def make_old(engine: Engine) -> None:
    """A ledger as the first release left it, with rows."""
    if engine.dialect.name == "sqlite":
        assert engine.url.database
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(engine.url.database)) as connection:
            connection.executescript(OLD.read_text(encoding="utf-8"))
        return
    lines = OLD.read_text(encoding="utf-8").splitlines()
    with engine.begin() as connection:
        to_released(connection)
        for table in _OLD_TABLES:
            for line in lines:
                if line.startswith(f'INSERT INTO "{table}"'):
                    connection.exec_driver_sql(line.replace(",'',0,0,", ",'',0,false,"))
        connection.exec_driver_sql("SELECT setval('filings_id_seq', 3), setval('requests_id_seq', 1)")
        connection.exec_driver_sql("DROP TABLE ledger_version")


def to_released(connection: Connection) -> None:
    """The tables of the first release, by the migrations."""
    tables.version.create(connection)
    migrate(connection, "0001")


def migrate(connection: Connection, revision: str) -> None:
    schema.upgrade(connection, revision)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    created = create_engine(url)
    if created.dialect.name == "sqlite":
        assert created.url.database
        Path(created.url.database).parent.mkdir(parents=True)
    yield created
    created.dispose()


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in tables.metadata.tables,
            },
        )
        return list(compare_metadata(context, tables.metadata))


def test_migrations_make_the_tables_that_the_code_describes(engine: Engine) -> None:
    with engine.begin() as connection:
        to_released(connection)
        migrate(connection, schema.HEAD)
    assert differences(engine) == []


def test_a_new_ledger_has_the_tables_that_the_code_describes(engine: Engine, url: str, key: Path) -> None:
    Ledger.open(url, key=key).close()
    assert differences(engine) == []


def columns(url: str) -> dict[str, list[tuple[str, str, Any, bool]]]:
    """Table → name, type, default and nullability of its columns."""
    engine = create_engine(url)
    found = inspect(engine)
    tables = {
        table: sorted(
            (column["name"], str(column["type"]), column["default"], column["nullable"])
            for column in found.get_columns(table)
        )
        for table in found.get_table_names()
    }
    engine.dispose()
    return tables


def test_migrated_columns_are_new_ones(
    engine: Engine, url: str, key: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    make_old(engine)
    new = f"sqlite:///{tmp_path}/new.db"
    if engine.dialect.name == "postgresql":
        new = request.getfixturevalue("postgres").new_database()
    for address in (url, new):
        Ledger.open(address, key=key).close()
    assert columns(url) == columns(new)


def test_migrated_tables_number_their_rows_as_new_ones_do(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    make_old(create_engine(f"sqlite:///{old}"))
    for path in (old, new):
        Ledger.open(f"sqlite:///{path}").close()
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
            assert {name for (name,) in found} == {"tasks", "requests"}


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [schema.HEAD]
    known = {script.revision for script in scripts.walk_revisions()}
    assert known == {schema.HEAD, *schema.OLDER}


@pytest.fixture
def old(engine: Engine, url: str, key: Path) -> Iterator[Ledger]:
    """An old ledger, opened."""
    make_old(engine)
    with Ledger.open(url, key=key) as opened:
        yield opened


def test_an_old_ledger_keeps_everything(old: Ledger) -> None:
    (batch,) = old.batches.all()
    at = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)
    assert (batch.id, batch.name, batch.workbook) == (BATCH, "批次.xlsx", Path("/台账/批次.xlsx"))
    assert (batch.created_at, batch.state, batch.blocked) == (at, BatchState.ACTIVE, ())
    filed, perhaps, untouched = old.filings.states_of_batch(BATCH)
    assert (filed.row, filed.key, filed.attempts, filed.intent_at) == (2, filing(1).key, 1, at)
    assert filed.outcome is not None
    assert filed.outcome.record == Record("稳岗返还申请", "试验企业1有限公司", serial="4113002026000001")
    assert (perhaps.verdict, perhaps.intent_at) == (Verdict.UNCONFIRMED, at)
    assert (untouched.verdict, untouched.attempts, untouched.intent_at) == (None, 0, None)
    assert old.counts.of(BATCH).total == 3
    assert old.requests.waiting() == []


def test_what_was_perhaps_committed_is_still_guarded(old: Ledger) -> None:
    assert not old.intents.win(2, old.filings.begin_attempt(2, "甲机"))
    since = old.intents.note_missing(2)
    assert since is not None
    assert old.intents.clear(2, who="王经办", missing_since=since)
    assert old.intents.win(2, old.filings.begin_attempt(2, "甲机"))


def test_old_rows_are_worked_on_once_their_workbook_was_read_again(old: Ledger) -> None:
    for work in (Work.FILE, Work.TRACK):
        with pytest.raises(UserError, match="重新运行 rpa run"):
            old.plans.make(BATCH, work)
    old.filings.enrol(BATCH, [filing(number) for number in (1, 2, 3)])
    assert old.plans.make(BATCH, Work.FILE) == 2
    assert [claimed(old, ticket).filing for ticket in old.ready_tasks.find("henan", 9)] == [
        filing(2),
        filing(3),
    ]


def test_an_old_file_is_copied_first(sqlite_url: str, key: Path) -> None:
    make_old(create_engine(sqlite_url))
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    Ledger.open(sqlite_url, key=key).close()
    Ledger.open(sqlite_url, key=key).close()
    copy = path.with_name("ledger.db.0001.bak")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version FROM ledger_schema").fetchone() == (1,)
        assert connection.execute("SELECT evidence FROM batches").fetchone() == (f"/证据/{BATCH}",)
        assert connection.execute("SELECT count(*) FROM intents").fetchone() == (2,)


def to_queue(connection: Connection) -> None:
    """A ledger as the release with the queue left it: one row runs, one waits."""
    tables.version.create(connection)
    migrate(connection, "0002")
    values = {
        "batches": "('B1', '批次', '/台账', 'sha', '2026-11-20 01:02:03', '[]')",
        "filings": "(1, 'henan', '稳岗返还', 2024, '91', '甲'), (2, 'henan', '稳岗返还', 2024, '92', '乙')",
        "batch_filings": "('B1', 2, 1, 'hash', 'sealed'), ('B1', 3, 2, 'hash', 'sealed')",
        "tasks": "('B1', 2, 1, 'henan', '91', 'FILE', 'RUNNING', 4, '2026-11-20 01:02:03', '甲机'),"
        "('B1', 3, 2, 'henan', '92', 'FILE', 'WAITING', 1, '2026-11-20 01:02:03', NULL)",
    }
    columns = {
        "batches": "id, name, workbook, workbook_sha256, created_at, blocked",
        "filings": "id, portal, item, year, code, employer",
        "batch_filings": "batch_id, row, filing_id, row_hash, sealed",
        "tasks": "batch_id, row, filing_id, portal, code, work, state, number, due_at, worker",
    }
    for table, rows in values.items():
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns[table]}) VALUES {rows}")


def test_tasks_of_the_former_release_are_worked_on(engine: Engine, url: str, key: Path) -> None:
    with engine.begin() as connection:
        to_queue(connection)
    with Ledger.open(url, key=key) as ledger:
        (waiting,) = ledger.ready_tasks.find("henan", 9)
        ((running, worker),) = ledger.tickets.orphans({"乙机"})
        assert (waiting.number, running.number, worker) == (1, 4, "甲机")
        ledger.tasks.put_back(running, worker)
        assert len(ledger.ready_tasks.find("henan", 9)) == 2
        with ledger.database.read() as connection:
            assert set(connection.scalars(select(tables.tasks.c.login))) == {""}
    assert differences(engine) == []


def test_the_former_releases_file_is_copied_first(sqlite_url: str, key: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True)
    created = create_engine(sqlite_url)
    with created.begin() as connection:
        to_queue(connection)
    created.dispose()
    Ledger.open(sqlite_url, key=key).close()
    with closing(sqlite3.connect(path.with_name("ledger.db.0002.bak"))) as connection:
        assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (2,)
        assert connection.execute("SELECT version_num FROM ledger_version").fetchone() == ("0002",)


@pytest.mark.thorough
def test_processes_that_open_an_old_ledger_at_once(engine: Engine, url: str, key: Path) -> None:
    make_old(engine)
    script = (
        "import sys; from pathlib import Path; from rpa.ledger.ledger import Ledger; sys.stdin.read();"
        "print(len(Ledger.open(sys.argv[1], key=Path(sys.argv[2])).outcomes('B20261120-1')))"
    )
    openers = [start(script, url, key) for _ in range(4)]
    assert [opener.communicate("", timeout=120)[0] for opener in openers] == ["3\n"] * 4


def test_a_migration_that_fails_changes_nothing(
    engine: Engine, url: str, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(engine)

    def half(connection: Connection, _: str) -> None:
        connection.execute(text("ALTER TABLE batches ADD COLUMN state TEXT"))
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "upgrade", half)
        with pytest.raises(RuntimeError, match="in the middle"):
            Ledger.open(url, key=key)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version FROM ledger_schema")).scalar() == 1
    with Ledger.open(url, key=key) as ledger:
        assert len(ledger.filings.states_of_batch(BATCH)) == 3


@pytest.mark.parametrize(
    "newer", ["UPDATE ledger_version SET version_num = '0099'", "UPDATE ledger_schema SET version = 99"]
)
def test_a_newer_ledger_is_refused(newer: str, engine: Engine, url: str, key: Path) -> None:
    if "ledger_schema" in newer:
        make_old(engine)
    else:
        Ledger.open(url, key=key).close()
    with engine.begin() as connection:
        connection.execute(text(newer))
    with pytest.raises(UserError, match="由更新版本的程序建立"):
        Ledger.open(url, key=key)


def test_a_ledger_that_is_up_to_date_needs_no_alembic(sqlite_url: str) -> None:
    script = (
        "import sys; from rpa.ledger.ledger import Ledger\n"
        "for _ in range(2): Ledger.open(sys.argv[1]).close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, sqlite_url], check=False, cwd=SCRIPTS.parents[3])
    assert done.returncode == 0
