"""Opening the ledger, its key, and a database that is out of reach for a while."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.errors import LedgerDown, UserError
from rpa.ledger.data.tasks import Ticket, Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import filing, open_batch, start
from tests.support.postgres import Postgres


def test_only_the_owner_can_read_the_database(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "我的 台账"
    with Ledger.open(sqlite_url) as ledger:
        ledger.filings.enrol(open_batch(ledger, tmp_path).id, [filing()])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    assert modes.pop("我的 台账") == 0o700
    assert {"ledger.db", "seal.key"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_several_processes_may_open_a_new_database_at_once(url: str, key: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from rpa.ledger.ledger import Ledger; sys.stdin.read();"
        "ledger = Ledger.open(sys.argv[1], key=Path(sys.argv[2])); print(ledger.seal.fingerprint)"
    )
    openers = [start(script, url, key) for _ in range(4)]
    printed = [opener.communicate("", timeout=120)[0] for opener in openers]
    assert [opener.returncode for opener in openers] == [0] * 4
    assert len({*printed}) == 1


def test_two_in_one_process_lose_nothing_as_another_process_leaves(url: str, key: Path) -> None:
    """A console beside a worker, and ``rpa answer`` that comes and goes."""
    script = (
        "import sys; from pathlib import Path; from rpa.ledger.ledger import Ledger\n"
        "with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:\n"
        "    ledger.actions.note('赵六', sys.argv[3])"
    )
    with Ledger.open(url, key=key) as worker, Ledger.open(url, key=key) as console:
        for number in range(3):
            worker.actions.note("王五", f"{number}")
            leaver = start(script, url, key, f"{number} 之后")
            leaver.communicate("", timeout=120)
            assert leaver.returncode == 0
            console.actions.note("李四", f"{number} 以后")
        lines = [one.what for one in reversed(worker.actions.newest())]
        assert lines == [f"{number}{after}" for number in range(3) for after in ("", " 之后", " 以后")]
        assert [one.what for one in reversed(console.actions.newest())] == lines


def test_which_database(ledger: Ledger, url: str) -> None:
    assert url.startswith(ledger.dialect)


def test_the_plain_address_of_postgresql_will_do(postgres_url: str, key: Path) -> None:
    with Ledger.open(postgres_url.replace("+psycopg", ""), key=key) as ledger:
        assert ledger.batches.all() == []


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"PK\x03\x04 this is a workbook" * 100)
    with pytest.raises(UserError, match="不是台账数据库"):
        Ledger.open(f"sqlite:///{path}")
    with pytest.raises(UserError, match="格式不对"):
        Ledger.open("nonsense")
    with pytest.raises(UserError, match="只支持"):
        Ledger.open("mysql://localhost/x")
    with pytest.raises(UserError, match="写不了"):
        Ledger.open(f"sqlite:///{path}/ledger.db")
    with pytest.raises(UserError, match="密钥"):
        Ledger.open("postgresql://localhost/x")


def test_the_key_is_made_when_a_row_is_first_kept(ledger: Ledger, key: Path, tmp_path: Path) -> None:
    batch = open_batch(ledger, tmp_path)
    assert not key.exists()
    ledger.filings.enrol(batch.id, [filing()])
    assert key.exists()


def test_another_key_is_refused(ledger: Ledger, url: str, tmp_path: Path) -> None:
    ledger.filings.enrol(open_batch(ledger, tmp_path).id, [filing()])
    other = tmp_path / "另一台" / "seal.key"
    with Ledger.open(url, key=other) as elsewhere:
        assert len(elsewhere.batches.all()) == 1
        with pytest.raises(UserError, match=f"seal.key 复制到 {other}"):
            elsewhere.filings.of_batch(elsewhere.batches.all()[0].id)
        assert not other.exists()
        other.parent.mkdir()
        other.write_text("mJcDdSvLrBrd0lNBBO1N2PYAtNPdKz-0NqGuM0zIwq4=")
        with pytest.raises(UserError, match="封存密钥与台账不符"):
            elsewhere.filings.enrol(elsewhere.batches.all()[0].id, [filing()])


def test_the_copied_key_opens_the_rows(ledger: Ledger, url: str, key: Path, tmp_path: Path) -> None:
    batch = open_batch(ledger, tmp_path)
    ledger.filings.enrol(batch.id, [filing()])
    shutil.copy(key, tmp_path / "copied.key")
    with Ledger.open(url, key=tmp_path / "copied.key") as elsewhere:
        assert elsewhere.filings.at_row(batch.id, 2) == filing()


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server that this test may stop."""
    with Postgres() as started:
        yield started


def test_a_restarted_database_is_found_again(server: Postgres, key: Path, tmp_path: Path) -> None:
    with Ledger.open(server.new_database(), key=key) as ledger:
        batch = open_batch(ledger, tmp_path)
        server.stop()
        for act in (
            ledger.batches.all,
            lambda: ledger.workers.beat("甲机"),
            lambda: ledger.intents.win(1, 1),
            lambda: ledger.tasks.claim(Ticket(1, 1), "甲机", alive=()),
            lambda: ledger.plans.make(batch.id, Work.FILE),
        ):
            with pytest.raises(LedgerDown, match="暂时连不上"):
                act()
        server.start()
        assert ledger.batches.all() == [batch]


def test_a_restart_between_two_transactions_is_not_noticed(
    server: Postgres, key: Path, tmp_path: Path
) -> None:
    with Ledger.open(server.new_database(), key=key) as ledger:
        batch = open_batch(ledger, tmp_path)
        server.restart()
        assert ledger.batches.all() == [batch]


def rename_while_it_restarts(ledger: Ledger, server: Postgres) -> None:
    with ledger.database.write() as connection:
        connection.exec_driver_sql("UPDATE batches SET name = '改了'")
        server.restart()


def test_a_restart_within_a_transaction_undoes_it(server: Postgres, key: Path, tmp_path: Path) -> None:
    with Ledger.open(server.new_database(), key=key) as ledger:
        batch = open_batch(ledger, tmp_path)
        with pytest.raises(LedgerDown):
            rename_while_it_restarts(ledger, server)
        assert ledger.batches.get(batch.id).name == batch.name


def test_a_database_out_of_reach_when_opened(server: Postgres, key: Path) -> None:
    url = server.new_database()
    server.stop()
    with pytest.raises(LedgerDown, match="打不开台账数据库"):
        Ledger.open(url, key=key)
