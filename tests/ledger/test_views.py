"""What sessions show, for whoever looks: sealed, only of what runs, and gone with it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from rpa.ledger.database.tables import facts, views
from rpa.ledger.ledger import Ledger
from rpa.ledger.records.batches import Batch
from rpa.ledger.records.fleet import View, ViewUpdate
from rpa.ledger.records.tasks import Task
from tests.ledger.builders import SUBMITTED, claimed, filing, open_batch, planned

PICTURE = b"\xff\xd8\xff\xe0 a page with an account \xff\xd9"


def running(ledger: Ledger, batch: Batch, count: int = 1) -> list[Task]:
    return [claimed(ledger, ticket) for ticket in planned(ledger, batch, count)]


def rows(ledger: Ledger) -> int:
    with ledger.database.read() as connection:
        return len(connection.execute(select(views.c.task_id)).all())


def numbers(ledger: Ledger) -> dict[str, int]:
    return {one.step: one.number for one in ledger.views.all()}


def test_somebody_looks_for_a_while(ledger: Ledger) -> None:
    assert not ledger.views.is_watched()
    ledger.views.watch(60)
    assert ledger.views.is_watched()
    ledger.views.watch(-1)
    assert ledger.views.is_watched(), "somebody else looks longer"


def test_a_look_ends_by_itself(ledger: Ledger) -> None:
    ledger.views.watch(-1)
    assert not ledger.views.is_watched()
    ledger.views.watch(60)
    assert ledger.views.is_watched()


def test_looking_on_writes_only_now_and_then(ledger: Ledger) -> None:
    ledger.views.watch(60)
    first = until(ledger)
    ledger.views.watch(60)
    assert until(ledger) == first
    ledger.views.watch(150)
    assert until(ledger) > first


def until(ledger: Ledger) -> str:
    with ledger.database.read() as connection:
        return str(connection.scalar(select(facts.c.value).where(facts.c.name == "watched_until")))


def test_what_a_session_shows(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    number = task.ticket.task_id
    ledger.views.show("甲机", [ViewUpdate(number, "登录单位网厅")])
    (view,) = ledger.views.all()
    name = task.filing.employer.name
    assert view == View(number, batch.id, 2, name, "henan", "登录单位网厅", 0, view.at)
    assert ledger.views.frame(number) is None
    ledger.views.show("甲机", [ViewUpdate(number, "填写申请信息", PICTURE)])
    assert ledger.views.frame(number) == PICTURE
    ledger.views.show("甲机", [ViewUpdate(number, "核对")])
    assert ledger.views.frame(number) == PICTURE, "the page has not changed"
    ledger.views.show("甲机", [ViewUpdate(number, "核对", PICTURE * 2)])
    assert ledger.views.frame(number) == PICTURE * 2
    assert numbers(ledger) == {"核对": 2}


def test_of_one_batch(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    first, second = running(ledger, batch, 2)
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.views.show("甲机", [ViewUpdate(one.ticket.task_id, "登录") for one in (second, first)])
    assert [one.row for one in ledger.views.all(batch.id)] == [2, 3]
    assert ledger.views.all(other.id) == []


def test_a_session_that_is_not_named_any_more_is_gone(ledger: Ledger, batch: Batch) -> None:
    first, second = running(ledger, batch, 2)
    ledger.views.show("甲机", [ViewUpdate(one.ticket.task_id, "登录", PICTURE) for one in (first, second)])
    ledger.views.show("乙机", [])
    assert rows(ledger) == 2, "another worker's"
    ledger.views.show("甲机", [ViewUpdate(second.ticket.task_id, "登录")])
    assert [one.task_id for one in ledger.views.all()] == [second.ticket.task_id]
    ledger.views.show("甲机", [])
    assert rows(ledger) == 0


def test_what_has_ended_shows_nothing(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=task.ticket)
    ledger.views.show("甲机", [ViewUpdate(task.ticket.task_id, "登录", PICTURE)])
    assert ledger.tasks.end(task.ticket, "甲机", attempt, SUBMITTED)
    assert ledger.views.all() == []
    assert ledger.views.frame(task.ticket.task_id) is None


def test_what_another_worker_took_over_is_not_shown_by_the_first(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    number = task.ticket.task_id
    ledger.views.show("甲机", [ViewUpdate(number, "登录", PICTURE)])
    assert ledger.tasks.claim(task.ticket, "乙机", alive={"乙机"})
    assert ledger.views.all() == []
    ledger.views.show("甲机", [ViewUpdate(number, "还在登录", PICTURE)])
    assert ledger.views.all() == []
    ledger.views.show("乙机", [ViewUpdate(number, "重新登录")])
    ledger.views.show("甲机", [ViewUpdate(number, "还在登录", PICTURE)])
    ledger.views.show("甲机", [])
    assert [one.step for one in ledger.views.all()] == ["重新登录"]


def test_a_task_that_is_dropped_takes_its_view_along(ledger: Ledger, batch: Batch) -> None:
    """The row asks for another filing now; the view of the old one stands in nobody's way."""
    (task,) = running(ledger, batch)
    ledger.views.show("甲机", [ViewUpdate(task.ticket.task_id, "登录", PICTURE)])
    ledger.filings.enrol(batch.id, [filing(7, row=2)])
    ledger.tasks.put_back(task.ticket, "甲机")
    assert rows(ledger) == 0
    ledger.views.show("甲机", [ViewUpdate(task.ticket.task_id, "登录", PICTURE)])
    assert rows(ledger) == 0


def test_no_picture_can_be_read_without_the_key(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    ledger.views.show("甲机", [ViewUpdate(task.ticket.task_id, "登录", PICTURE)])
    with ledger.database.read() as connection:
        kept = connection.scalar(select(views.c.frame))
    assert kept
    assert b"account" not in kept
    assert b"account" not in repr(ViewUpdate(1, "登录", PICTURE)).encode()
