"""Several workers on one PostgreSQL, as on several machines."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from statistics import median

import pytest
from sqlalchemy import create_engine, inspect

from tests.engine.queues import Journal, Performed, PortalQueue, Process, opened, tickets, waiting_for
from tests.support.postgres import Postgres
from tests.support.waiting import until

pytestmark = pytest.mark.counts_commits


def test_places_are_a_workers_own_and_both_work(postgres_url: str, journal: Journal) -> None:
    line = PortalQueue("henan", 2)
    with ExitStack() as stack:
        workers = [
            stack.enter_context(Process(postgres_url, name, journal, line, hold="go+0.3"))
            for name in ("w1", "w2")
        ]
        workers[0].put(tickets(16))
        until(lambda: len(journal.notes("begin")) == 4)  # two at each of them
        journal.go()
        until(lambda: len(journal.notes("end")) == 16)
    assert journal.most_at_once() <= 4
    assert {note.worker for note in journal.notes("begin")} == {"w1", "w2"}
    assert len({note.ticket for note in journal.notes("begin")}) == len(journal.notes("begin")) == 16


def test_a_killed_workers_tickets_are_finished_by_another(postgres_url: str, journal: Journal) -> None:
    line = PortalQueue("henan", 2)
    with Process(postgres_url, "w1", journal, line, hold="60") as first:
        first.put(tickets(2))
        until(lambda: len(journal.notes("begin")) == 2)
        with (
            Process(postgres_url, "w2", journal, line) as second,
            Process(postgres_url, "w3", journal, line) as third,
        ):
            first.kill()
            assert sorted(second.tell("take_over w2 w3").split()) == ["1.1", "2.1"]
            assert third.tell("take_over w2 w3") == ""
            until(lambda: len(journal.notes("end")) == 2)
            time.sleep(0.5)
    assert len(journal.notes("begin")) == 4  # each once by the dead one, once by another


def test_the_queue_survives_restarts_of_the_server(postgres: Postgres, postgres_url: str) -> None:
    go_on = threading.Event()
    perform = Performed(waiting_for(go_on))
    with opened(postgres_url, perform) as queue:
        queue.put("henan", tickets(1))
        until(lambda: perform.begun)
        postgres.restart()
        go_on.set()  # its end is recorded over a new connection
        until(lambda: not queue.still_queued(tickets(1)))
        postgres.stop()
        time.sleep(0.5)
        postgres.start()
        queue.put("henan", tickets(3, first=2))
        until(lambda: len(perform.ended) == 4)
    assert len(perform.begun) == 4


@pytest.mark.thorough
def test_a_ticket_starts_within_0_3_seconds_with_three_workers_about(
    postgres_url: str,
    journal: Journal,
) -> None:
    """Most of nine in a row, as soon as the machine has nothing else to do."""
    waits: list[float] = []
    with ExitStack() as stack:
        workers = [stack.enter_context(Process(postgres_url, f"w{number}", journal)) for number in range(3)]
        for count, ticket in enumerate(tickets(200), start=1):
            time.sleep(0.1)
            put_at = time.time()
            workers[0].put([ticket])
            until(lambda wanted=count: len(journal.notes("begin")) == wanted)  # type: ignore[misc]
            waits.append(journal.notes("begin")[-1].at - put_at)
            if len(waits) >= 9 and median(waits[-9:]) < 0.3:
                return
    raise AssertionError(waits)


def test_the_queues_tables_are_apart_from_the_ledgers(postgres_url: str) -> None:
    with opened(postgres_url, Performed()):
        pass
    engine = create_engine(postgres_url)
    assert inspect(engine).get_table_names("public") == []
    assert "workflow_status" in inspect(engine).get_table_names("dbos")
    engine.dispose()
