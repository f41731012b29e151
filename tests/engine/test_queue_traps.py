"""What DBOS 3.4 was seen to do in trials, and that it cannot happen here.

One trap is not the queue's: two processes on one SQLite file exceed the caps. The worker's lock
(``rpa.engine.worker.worker_lock``) lets only one work on a file. What its rows hold: ``test_queue_rows``.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import dbos
import pytest
from dbos import _migration, _sys_db

from rpa.engine.queue import queue as queue_module
from rpa.engine.queue.database import queue_engine
from rpa.ledger.data.tasks import Ticket
from tests.engine.queues import (
    HENAN,
    Journal,
    Performed,
    PortalQueue,
    Process,
    ask,
    change,
    opened,
    tickets,
    waiting_for,
)
from tests.support.waiting import until

pytestmark = pytest.mark.counts_commits

ONE = Ticket(1, 1)


# Executor ids and take-over


def test_another_process_does_not_run_again_what_a_live_one_is_at(url: str, journal: Journal) -> None:
    with Process(url, "w1", journal, hold="go") as first:
        first.put([ONE])
        until(lambda: journal.notes("begin"))
        with Process(url, "w2", journal):
            time.sleep(0.5)
            journal.go()
            until(lambda: journal.notes("end"))
            time.sleep(0.3)
    assert [note.worker for note in journal.notes("begin")] == ["w1"]


def test_why_a_workers_name_must_be_its_own_a_namesake_runs_its_work_again(
    url: str, journal: Journal
) -> None:
    with Process(url, "w1", journal, hold="60") as first:
        first.put([ONE])
        until(lambda: journal.notes("begin"))
        with Process(url, "w1", journal):
            until(lambda: len(journal.notes("begin")) == 2)


def test_nothing_is_taken_over_by_itself_and_everything_when_asked(url: str, journal: Journal) -> None:
    with Process(url, "w1", journal, hold="60") as first:
        first.put(tickets(6))
        until(lambda: len(journal.notes("begin")) == HENAN.places)
        first.kill()
    with Process(url, "w2", journal) as second:
        until(lambda: len(journal.notes("end")) == 2)  # what had not begun; the rest is left alone
        time.sleep(1)
        assert len(journal.notes("begin")) == 6
        assert sorted(second.tell("take_over w2").split()) == ["1.1", "2.1", "3.1", "4.1"]
        until(lambda: len(journal.notes("end")) == 6)
        assert second.tell("take_over w2") == ""


def test_what_a_live_worker_is_at_is_not_taken_over(url: str, journal: Journal) -> None:
    with Process(url, "w1", journal, hold="go") as first, Process(url, "w2", journal) as second:
        first.put([ONE])
        until(lambda: journal.notes("begin"))
        assert second.tell("take_over w1 w2") == ""
        journal.go()
        until(lambda: journal.notes("end"))
    assert len(journal.notes("begin")) == 1


def test_a_ticket_taken_over_stays_in_its_own_line_with_its_limits(
    url: str, file: Path, journal: Journal
) -> None:
    with Process(url, "w1", journal, hold="60") as first:
        first.put(tickets(4))
        until(lambda: len(journal.notes("begin")) == 4)
        first.kill()
    perform = Performed(lambda _: time.sleep(0.2))
    slow = [PortalQueue("henan", 1)]
    with opened(url, perform, worker="w2", queues=slow, closed=["henan"]) as queue:
        assert len(queue.take_over(["w2"])) == 4
        assert ask(file, "SELECT DISTINCT queue_name, status FROM workflow_status") == [("henan", "ENQUEUED")]
        queue.set_places("henan", 1)
        until(lambda: len(perform.ended) == 4)
    assert perform.most_at_once == 1


def test_what_is_resumed_without_naming_a_line_does_not_run_past_the_limits(url: str) -> None:
    perform = Performed()
    with opened(url, perform, closed=["henan"]) as queue:
        queue.put("henan", [ONE])
        dbos.DBOS.resume_workflow(str(ONE))
        time.sleep(1.5)
        assert perform.begun == []
        dbos.DBOS.resume_workflow(str(ONE), queue_name="henan")
        queue.set_places("henan", 4)
        until(lambda: perform.ended == [ONE])


def test_nothing_is_replayed_what_was_done_but_not_recorded_is_asked_again(
    url: str, journal: Journal
) -> None:
    with Process(url, "w1", journal, hold="go+die") as first:
        first.put([ONE])
        journal.go()  # not before the order was answered: nobody would answer it then
        until(lambda: journal.notes("end"))
    with Process(url, "w2", journal) as second:
        assert second.tell("take_over w2") == "1.1"
        until(lambda: len(journal.notes("end")) == 2)  # perform itself decides by the ledger
        until(
            lambda: (
                ask(Path(url.removeprefix("sqlite:///")), "SELECT status FROM workflow_status")
                == [("SUCCESS",)]
            )
        )


def test_what_was_taken_and_never_begun_is_given_up_and_nothing_that_runs(
    url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_LOST_SECONDS", 0.2)
    go_on = threading.Event()
    perform = Performed(waiting_for(go_on))
    lost, running = tickets(2)
    with opened(url, perform, queues=[PortalQueue("henan", 1)]) as queue:
        queue.put("henan", [running])
        until(lambda: perform.begun)
        queue.put("henan", [lost])  # and the answer to the claim gets lost:
        change(
            file,
            "UPDATE workflow_status SET status = 'PENDING', executor_id = 'w1' WHERE workflow_uuid = '1.1'",
        )
        assert queue.take_over({"w1"}) == ()
        assert queue.still_queued([lost, running]) == {lost, running}  # it may be about to begin
        time.sleep(0.3)
        assert queue.take_over({"w1"}) == ()
        assert queue.still_queued([lost, running]) == {running}
        go_on.set()
        until(lambda: perform.ended == [running])


def test_what_outlasts_the_closing_is_taken_over_by_the_next(url: str, lines: list[str]) -> None:
    go_on = threading.Event()
    first, second = Performed(waiting_for(go_on)), Performed()
    with opened(url, first, wait_seconds=0) as queue:
        queue.put("henan", tickets(1))
        until(lambda: first.begun)
    with opened(url, second, worker="w2") as queue:
        go_on.set()
        until(lambda: first.ended)
        time.sleep(0.2)
        assert queue.still_queued(tickets(1)) == set(tickets(1))
        assert queue.take_over({"w2"}) == tuple(tickets(1))
        until(lambda: second.ended == tickets(1))
        until(lambda: not queue.still_queued(tickets(1)))
    assert lines == []


# Identity


def test_a_ticket_put_twice_is_performed_once_before_and_after_its_end(url: str) -> None:
    perform = Performed(lambda _: time.sleep(0.2))
    with opened(url, perform) as queue:
        queue.put("henan", [ONE, ONE])
        until(lambda: perform.begun)
        queue.put("henan", [ONE])
        until(lambda: not queue.still_queued([ONE]))
        queue.put("henan", [ONE])
        time.sleep(0.4)
    with opened(url, perform, worker="w2") as queue:
        queue.put("henan", [ONE])
        time.sleep(0.4)
    assert perform.begun == [ONE]


def test_putting_a_running_ticket_again_does_not_take_it_from_its_worker(url: str, journal: Journal) -> None:
    with Process(url, "w1", journal, hold="go") as first, Process(url, "w2", journal) as second:
        first.put([ONE])
        until(lambda: journal.notes("begin"))
        second.put([ONE])
        time.sleep(0.3)
        journal.go()
        until(lambda: journal.notes("end"))
        time.sleep(0.3)
    assert len(journal.notes("begin")) == 1


def test_what_an_older_version_of_the_program_left_in_line_is_still_performed(url: str, file: Path) -> None:
    perform = Performed()
    with opened(url, perform, closed=["henan"]) as queue:
        queue.put("henan", [ONE])
    assert ask(file, "SELECT application_version FROM workflow_status") == [("1",)]
    with opened(url, perform, worker="w2"):
        until(lambda: perform.ended == [ONE])


# SQLite


def test_an_old_sqlite_tells_the_time_to_the_millisecond_too(url: str) -> None:
    engine, began = queue_engine(url), time.time()
    with engine.connect() as connection:
        now = connection.exec_driver_sql("SELECT unixepoch('subsec'), unixepoch(), typeof(unixepoch())").one()
        until(lambda: connection.exec_driver_sql("SELECT unixepoch('subsec')").scalar_one() % 1)
    engine.dispose()
    assert began - 0.001 <= now[0] <= time.time()
    assert int(began) <= now[1] <= time.time()
    assert now[2] == "integer"


def test_the_queue_works_as_on_python_3_12_where_unixepoch_is_asked_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = SimpleNamespace(version_info=(3, 12, 1), maxsize=sys.maxsize, exc_info=sys.exc_info)
    for module in (_sys_db, _migration):
        monkeypatch.setattr(module, "sys", newer)
    perform = Performed()
    with opened(url, perform) as queue:
        queue.put("henan", [ONE])
        until(lambda: perform.ended)


def test_writers_wait_for_each_other_and_readers_for_nobody(url: str) -> None:
    engine = queue_engine(url)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "synchronous", "foreign_keys")
        }
        assert connection.connection.driver_connection.isolation_level == "IMMEDIATE"  # type: ignore[union-attr]
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "busy_timeout": 30000, "synchronous": 1, "foreign_keys": 1}


# Telemetry


def test_the_queue_opens_no_connection_to_anywhere(url: str, journal: Journal) -> None:
    with Process(url, "w1", journal, tell_network=True) as process:  # it would say so instead of answering
        process.put([ONE])
        until(lambda: journal.notes("end"))
        time.sleep(1.5)
        assert process.tell("close 1") == "done"
