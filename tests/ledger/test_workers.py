"""Workers and portals: who lives, who looks after the dead, and what stands still."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rpa.filing import Verdict
from rpa.ledger.data.fleet import PortalState
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import race, start
from tests.support.ledger import portal_state
from tests.support.waiting import until


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_a_worker_lives_while_it_says_so(ledger: Ledger) -> None:
    ledger.workers.sign_on("甲机", host="alpha", pid=7)
    ledger.workers.sign_on("乙机", host="beta", pid=8)
    assert ledger.workers.alive(60) == {"甲机", "乙机"}
    with ledger.database.write() as connection:
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(tables.workers.update().values(beat_at=hour_ago))
    assert ledger.workers.alive(60) == frozenset()
    ledger.workers.beat("乙机")
    assert ledger.workers.alive(60) == {"乙机"}
    first, second = ledger.workers.all(60)
    assert (first.id, first.host, first.pid, first.alive) == ("甲机", "alpha", 7, False)
    assert (second.id, second.alive) == ("乙机", True)
    assert second.beat_at > second.begun_at
    assert all(worker.alive for worker in ledger.workers.all(7200))


def test_who_signed_off_is_gone_until_it_gives_a_sign_of_life(ledger: Ledger) -> None:
    """A machine that slept was taken for dead; awake, it is one of the workers again."""
    ledger.workers.sign_on("甲机", host="alpha", pid=7)
    ledger.workers.sign_off("甲机")
    assert (ledger.workers.all(), ledger.workers.alive(30)) == ([], frozenset())
    ledger.workers.beat("甲机")
    assert ledger.workers.alive(30) == {"甲机"}


def test_the_clock_of_a_shared_database_counts(ledger: Ledger) -> None:
    ledger.workers.sign_on("甲机", host="alpha", pid=7)
    with ledger.database.read() as connection:
        beat = connection.scalar(tables.workers.select().with_only_columns(tables.workers.c.beat_at))
        now = connection.exec_driver_sql(
            "SELECT strftime('%s')" if ledger.dialect == "sqlite" else "SELECT extract(epoch FROM now())"
        ).scalar_one()
    assert beat is not None
    assert abs(beat.timestamp() - float(now)) < 60


REAPER = """
import sys
from pathlib import Path
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger, ledger.workers.reaping() as turn:
    print(turn, flush=True)
    sys.stdin.readline()
"""


def test_one_at_a_time_looks_after_the_dead(ledger: Ledger, url: str, key: Path) -> None:
    other = start(REAPER, url, key)
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    with ledger.workers.reaping() as turn:
        assert turn is (ledger.dialect == "sqlite")  # one worker owns an SQLite file
    other.kill()  # as a crash does
    other.communicate(timeout=120)
    until(lambda: _may_reap(ledger))  # the lock does not outlive its process
    with ledger.workers.reaping() as turn:
        assert turn
        ledger.workers.sign_on("甲机", host="alpha", pid=os.getpid())
    assert len(ledger.workers.all()) == 1


def _may_reap(ledger: Ledger) -> bool:
    with ledger.workers.reaping() as turn:
        return turn


def test_an_unknown_portal_is_well(ledger: Ledger) -> None:
    assert portal_state(ledger, "henan") == PortalState("henan")
    assert ledger.portals.states() == []


def test_what_speaks_against_a_portal_is_counted_in_a_row(ledger: Ledger) -> None:
    expected = {
        Verdict.UNAVAILABLE: (0, 1),
        Verdict.CANCELLED: (0, 1),
        Verdict.PORTAL_CHANGED: (1, 0),
        Verdict.REHEARSED: (0, 0),
    }
    for verdict, counts in expected.items():
        state = ledger.portals.count_ending("henan", verdict)
        assert (state.changed, state.unavailable) == counts
    ledger.portals.count_ending("henan", Verdict.UNAVAILABLE)
    assert ledger.portals.count_ending("henan", Verdict.UNAVAILABLE).unavailable == 2
    assert ledger.portals.count_ending("guangdong", Verdict.PORTAL_CHANGED).changed == 1
    assert ledger.portals.count_ending("henan", Verdict.REFUSED) == PortalState("henan")


COUNTER = """
import sys
from pathlib import Path
from rpa.filing import Verdict
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(30):
        print(ledger.portals.count_ending("henan", Verdict.UNAVAILABLE).unavailable)
"""


def test_all_workers_count_together(ledger: Ledger, url: str, key: Path) -> None:
    one, other = race(COUNTER, url, key)
    assert sorted(map(int, one + other)) == list(range(1, 61))


def test_the_first_reason_of_a_pause_stays(ledger: Ledger) -> None:
    assert ledger.portals.pause("henan", "连续 5 次不可用", probe_at=soon(60))
    assert not ledger.portals.pause("henan", "另一个原因")
    state = portal_state(ledger, "henan")
    assert state.paused_at is not None
    assert state.why == "连续 5 次不可用"
    assert ledger.portals.states() == [state]


def test_going_on_holds_nothing_against_it(ledger: Ledger) -> None:
    ledger.portals.count_ending("henan", Verdict.UNAVAILABLE)
    ledger.portals.pause("henan", "连续 5 次不可用", probe_at=soon(60))
    ledger.portals.probe_failed("henan", soon(60))
    assert ledger.portals.resume("henan")
    assert portal_state(ledger, "henan") == PortalState("henan")
    ledger.portals.count_ending("henan", Verdict.UNAVAILABLE)
    assert not ledger.portals.resume("henan")
    assert portal_state(ledger, "henan") == PortalState("henan")


def test_a_person_alone_resumes_what_has_no_probe(ledger: Ledger) -> None:
    ledger.portals.pause("henan", "页面变更")
    assert not ledger.portals.take_probe("henan", soon(60))


def test_a_probe_is_taken_once_and_again_when_its_taker_dies(ledger: Ledger) -> None:
    assert not ledger.portals.take_probe("henan", soon(60))
    ledger.portals.pause("henan", "不可用", probe_at=soon(60))
    assert not ledger.portals.take_probe("henan", soon(60))
    ledger.portals.probe_failed("henan", soon(-1))
    assert portal_state(ledger, "henan").probes == 1
    lease = soon(0.5)
    assert ledger.portals.take_probe("henan", lease)
    until(lambda: ledger.portals.take_probe("henan", soon(600)))
    assert datetime.now(UTC) >= lease
    assert not ledger.portals.take_probe("henan", soon(600))


PROBER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    later = datetime.now(UTC) + timedelta(hours=1)
    print(*(name for name in map(str, range(30)) if ledger.portals.take_probe(name, later)))
"""


def test_processes_racing_for_a_probe(ledger: Ledger, url: str, key: Path) -> None:
    for name in range(30):
        ledger.portals.pause(str(name), "不可用", probe_at=soon(-1))
    one, other = race(PROBER, url, key)
    assert sorted(map(int, one + other)) == list(range(30))
