from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import dbos
import pytest
from sqlalchemy import create_engine, text

from rpa.engine.queue.queue import Queue
from rpa.errors import LedgerDown, UserError
from rpa.ledger.data.tasks import Ticket
from tests.engine.queues import HENAN, Performed, PortalQueue, opened, tickets, waiting_for
from tests.support.waiting import until

GUANGDONG = PortalQueue("guangdong", 4)
ONE_PLACE = PortalQueue("henan", 1)


@pytest.fixture
def closing(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set a moment after a queue has begun to close: it takes nothing more by then."""
    begun, destroy = threading.Event(), dbos.DBOS.destroy

    def later(**how: Any) -> None:
        threading.Timer(0.5, begun.set).start()
        destroy(**how)

    monkeypatch.setattr(dbos.DBOS, "destroy", later)
    return begun


def test_a_ticket_in_line_is_performed(url: str) -> None:
    perform = Performed()
    with opened(url, perform) as queue:
        queue.put("henan", tickets(3))
        until(lambda: len(perform.ended) == 3)
    assert sorted(perform.begun, key=str) == tickets(3)


def test_a_ticket_starts_without_waiting_for_dbos_own_second(url: str) -> None:
    perform = Performed()
    waits = []
    with opened(url, perform) as queue:
        for ticket in tickets(7):
            queue.set_places("henan", 0)
            time.sleep(0.12)  # it finds the gate closed in between
            begun = time.monotonic()
            queue.put("henan", [ticket])
            queue.set_places("henan", 4)
            until(lambda: perform.begun[-1:] == [ticket])  # noqa: B023 - at once
            waits.append(time.monotonic() - begun)
    # Where DBOS's own second was waited for, none would be so quick. How fast it is: benchmarks/cost.py.
    assert min(waits) < 0.7


def test_no_more_at_once_than_the_line_allows(url: str) -> None:
    two = threading.Barrier(2)

    def act(_: Ticket) -> None:
        two.wait(60)
        time.sleep(0.1)  # a third one would begin meanwhile

    perform = Performed(act)
    with opened(url, perform, queues=[PortalQueue("henan", 2)]) as queue:
        queue.put("henan", tickets(8))
        until(lambda: len(perform.ended) == 8)
    assert perform.most_at_once == 2


def test_no_more_in_one_worker_than_it_allows(url: str) -> None:
    perform = Performed(lambda _: time.sleep(0.1))
    with opened(url, perform, queues=[ONE_PLACE]) as queue:
        queue.put("henan", tickets(4))
        until(lambda: len(perform.ended) == 4)
    assert perform.most_at_once == 1


def test_a_line_that_grows_lets_more_begin_at_once(url: str) -> None:
    go_on = threading.Event()
    perform = Performed(waiting_for(go_on))
    with opened(url, perform, queues=[ONE_PLACE]) as queue:
        queue.put("henan", tickets(4))
        until(lambda: perform.begun)
        queue.set_places("henan", 3)
        until(lambda: len(perform.begun) == 3)
        go_on.set()
        until(lambda: len(perform.ended) == 4)
    assert perform.most_at_once == 3


def test_a_closed_gate_holds_what_is_in_line(url: str) -> None:
    perform = Performed()
    with opened(url, perform, closed=["henan"]) as queue:
        queue.put("henan", tickets(2))
        time.sleep(0.4)
        assert perform.begun == []
        queue.set_places("henan", 4)
        until(lambda: len(perform.ended) == 2)


def test_a_gate_is_one_lines_own(url: str) -> None:
    perform = Performed()
    with opened(url, perform, queues=[HENAN, GUANGDONG], closed=["henan"]) as queue:
        queue.put("henan", tickets(1))
        queue.put("guangdong", tickets(1, first=2))
        until(lambda: perform.ended == tickets(1, first=2))
        assert queue.still_queued(tickets(1)) == {Ticket(1, 1)}


def test_a_worker_takes_nothing_of_lines_that_are_not_its_own(url: str) -> None:
    perform = Performed()
    with opened(url, perform, queues=[PortalQueue("henan@http://127.0.0.1:8410", 4)]) as queue:
        queue.put("henan", tickets(1))
        time.sleep(0.4)
        assert perform.begun == []
    with opened(url, perform, worker="w2"):
        until(lambda: perform.ended == tickets(1))


def test_a_dropped_ticket_never_starts_and_a_running_one_goes_on(url: str) -> None:
    go_on = threading.Event()
    perform = Performed(waiting_for(go_on))
    running, waiting = tickets(2)
    with opened(url, perform, queues=[PortalQueue("henan", 1)]) as queue:
        queue.put("henan", [running])
        until(lambda: perform.begun)
        queue.put("henan", [waiting])
        queue.drop([running, waiting, Ticket(99, 1)])
        queue.drop([])
        assert queue.still_queued([running, waiting]) == {running}
        go_on.set()
        until(lambda: not queue.still_queued([running]))
        queue.put("henan", [waiting])  # a dropped ticket is used up: its task gets another one
        time.sleep(0.3)
    assert perform.ended == [running]


def test_known_are_those_still_to_come_however_many_are_asked_for(url: str) -> None:
    perform = Performed()
    with opened(url, perform, closed=["henan"]) as queue:
        some = tickets(450)
        queue.put("henan", some)
        assert queue.still_queued([*some, Ticket(9999, 1)]) == set(some)
        assert queue.still_queued([]) == set()


def test_what_ended_long_ago_is_forgotten_and_nothing_else(url: str) -> None:
    perform = Performed()
    with opened(url, perform, queues=[HENAN, GUANGDONG], closed=["guangdong"]) as queue:
        queue.put("henan", tickets(250))
        until(lambda: not queue.still_queued(tickets(250)))
        queue.put("guangdong", tickets(2, first=1000))
        _age(url, seconds=200)
        assert queue.forget(3600) == 0
        assert queue.forget(0) == 250
        assert queue.still_queued(tickets(2, first=1000)) == set(tickets(2, first=1000))
    assert _count(url, "workflow_input") == 2


def _age(url: str, seconds: int) -> None:
    with create_engine(url).begin() as connection:
        connection.execute(
            text(
                "UPDATE workflow_status SET completed_at = completed_at - :ms, created_at = created_at - :ms,"
                " started_at_epoch_ms = started_at_epoch_ms - :ms"
            ),
            {"ms": seconds * 1000},
        )


def _count(url: str, table: str) -> int:
    with create_engine(url).connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_closing_takes_nothing_more_and_waits_for_what_runs(url: str, closing: threading.Event) -> None:
    perform = Performed(waiting_for(closing))
    with opened(url, perform, queues=[PortalQueue("henan", 1)]) as queue:
        queue.put("henan", tickets(3))
        until(lambda: perform.begun)
    assert perform.ended == perform.begun == tickets(1)
    with opened(url, perform, worker="w2") as queue:
        assert queue.still_queued(tickets(3)) == set(tickets(2, first=2))  # the first was recorded as done
        until(lambda: len(perform.ended) == 3)


def test_closing_an_idle_queue_takes_no_time_and_leaves_no_thread(url: str) -> None:
    before = set(threading.enumerate())
    with opened(url, Performed()) as queue:
        time.sleep(0.2)
        begun = time.monotonic()
        queue.close(wait_seconds=240)
        assert time.monotonic() - begun < 60
        queue.close(wait_seconds=240)
    until(lambda: set(threading.enumerate()) <= before)


def test_a_process_opens_one_queue_at_a_time(url: str) -> None:
    with opened(url, Performed()):
        other = Queue(url, None, "w2", ["henan"], Performed(), on_error=print)
        with pytest.raises(RuntimeError, match="another queue is open"):
            other.open()
        other.close(wait_seconds=0)  # was never open: closes nothing
        with pytest.raises(RuntimeError, match="not open"):
            other.take_over([])
        with pytest.raises(RuntimeError, match="another queue is open"):
            other.open()


def test_an_error_in_the_program_reaches_the_worker_and_the_queue_keeps_no_word_of_it(
    url: str, tmp_path: Path
) -> None:
    def fail(_: Ticket) -> None:
        raise LookupError("张三 410105199001011234")

    perform = Performed(fail)
    with opened(url, perform) as queue:
        queue.put("henan", tickets(1))
        until(lambda: perform.errors)
        until(lambda: not queue.still_queued(tickets(1)))
    assert [type(error) for error in perform.errors] == [LookupError]
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"LookupError" in everything
    assert "张三".encode() not in everything
    assert b"410105" not in everything


def test_a_database_out_of_reach_is_said_at_once_and_the_queue_can_be_opened_again(url: str) -> None:
    gone = Queue("postgresql://nobody@127.0.0.1:9/none", None, "w1", ["henan"], Performed(), on_error=print)
    with pytest.raises(LedgerDown, match="数据库"):
        gone.open()
    with opened(url, Performed()):
        pass


def test_the_cloud_of_the_queues_makers_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBOS__CLOUD", "true")
    with pytest.raises(UserError, match="DBOS__CLOUD"):
        Queue(url, None, "w1", ["henan"], Performed(), on_error=print).open()
