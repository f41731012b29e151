"""What sessions show, for whoever looks: sealed, only of what runs, and gone with it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from rpa.ledger.data.batches import Batch
from rpa.ledger.data.fleet import LivePicture, LivePictureUpdate
from rpa.ledger.data.tasks import Task
from rpa.ledger.database.tables import facts, views
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import SUBMITTED, claimed, filing, open_batch, planned

PICTURE = b"\xff\xd8\xff\xe0 a page with an account \xff\xd9"


def running(ledger: Ledger, batch: Batch, count: int = 1) -> list[Task]:
    return [claimed(ledger, ticket) for ticket in planned(ledger, batch, count)]


def rows(ledger: Ledger) -> int:
    with ledger.database.read() as connection:
        return len(connection.execute(select(views.c.task_id)).all())


def numbers(ledger: Ledger) -> dict[str, int]:
    return {one.step: one.number for one in ledger.live_pictures.all()}


def test_somebody_looks_for_a_while(ledger: Ledger) -> None:
    assert not ledger.live_pictures.is_watched()
    ledger.live_pictures.watch(60)
    assert ledger.live_pictures.is_watched()
    ledger.live_pictures.watch(-1)
    assert ledger.live_pictures.is_watched(), "somebody else looks longer"


def test_a_look_ends_by_itself(ledger: Ledger) -> None:
    ledger.live_pictures.watch(-1)
    assert not ledger.live_pictures.is_watched()
    ledger.live_pictures.watch(60)
    assert ledger.live_pictures.is_watched()


def test_looking_on_writes_only_now_and_then(ledger: Ledger) -> None:
    ledger.live_pictures.watch(60)
    first = until(ledger)
    ledger.live_pictures.watch(60)
    assert until(ledger) == first
    ledger.live_pictures.watch(150)
    assert until(ledger) > first


def until(ledger: Ledger) -> str:
    with ledger.database.read() as connection:
        return str(connection.scalar(select(facts.c.value).where(facts.c.name == "watched_until")))


def test_what_a_session_shows(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    number = task.ticket.task_id
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "登录单位网厅")])
    (view,) = ledger.live_pictures.all()
    name = task.filing.employer.name
    assert view == LivePicture(number, batch.id, 2, name, "henan", "登录单位网厅", 0, view.at)
    assert ledger.live_pictures.frame(number) is None
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "填写申请信息", PICTURE)])
    assert ledger.live_pictures.frame(number) == PICTURE
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "核对")])
    assert ledger.live_pictures.frame(number) == PICTURE, "the page has not changed"
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "核对", PICTURE * 2)])
    assert ledger.live_pictures.frame(number) == PICTURE * 2
    assert numbers(ledger) == {"核对": 2}


def test_of_one_batch(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    first, second = running(ledger, batch, 2)
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.live_pictures.show(
        "甲机", [LivePictureUpdate(one.ticket.task_id, "登录") for one in (second, first)]
    )
    assert [one.row for one in ledger.live_pictures.all(batch.id)] == [2, 3]
    assert ledger.live_pictures.all(other.id) == []


def test_a_session_that_is_not_named_any_more_is_gone(ledger: Ledger, batch: Batch) -> None:
    first, second = running(ledger, batch, 2)
    ledger.live_pictures.show(
        "甲机", [LivePictureUpdate(one.ticket.task_id, "登录", PICTURE) for one in (first, second)]
    )
    ledger.live_pictures.show("乙机", [])
    assert rows(ledger) == 2, "another worker's"
    ledger.live_pictures.show("甲机", [LivePictureUpdate(second.ticket.task_id, "登录")])
    assert [one.task_id for one in ledger.live_pictures.all()] == [second.ticket.task_id]
    ledger.live_pictures.show("甲机", [])
    assert rows(ledger) == 0


def test_what_has_ended_shows_nothing(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=task.ticket)
    ledger.live_pictures.show("甲机", [LivePictureUpdate(task.ticket.task_id, "登录", PICTURE)])
    assert ledger.tasks.end(task.ticket, "甲机", attempt, SUBMITTED)
    assert ledger.live_pictures.all() == []
    assert ledger.live_pictures.frame(task.ticket.task_id) is None


def test_what_another_worker_took_over_is_not_shown_by_the_first(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    number = task.ticket.task_id
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "登录", PICTURE)])
    assert ledger.tasks.claim(task.ticket, "乙机", alive={"乙机"})
    assert ledger.live_pictures.all() == []
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "还在登录", PICTURE)])
    assert ledger.live_pictures.all() == []
    ledger.live_pictures.show("乙机", [LivePictureUpdate(number, "重新登录")])
    ledger.live_pictures.show("甲机", [LivePictureUpdate(number, "还在登录", PICTURE)])
    ledger.live_pictures.show("甲机", [])
    assert [one.step for one in ledger.live_pictures.all()] == ["重新登录"]


def test_a_task_that_is_dropped_takes_its_view_along(ledger: Ledger, batch: Batch) -> None:
    """The row asks for another filing now; the view of the old one stands in nobody's way."""
    (task,) = running(ledger, batch)
    ledger.live_pictures.show("甲机", [LivePictureUpdate(task.ticket.task_id, "登录", PICTURE)])
    ledger.filings.enrol(batch.id, [filing(7, row=2)])
    ledger.tasks.put_back(task.ticket, "甲机")
    assert rows(ledger) == 0
    ledger.live_pictures.show("甲机", [LivePictureUpdate(task.ticket.task_id, "登录", PICTURE)])
    assert rows(ledger) == 0


def test_no_picture_can_be_read_without_the_key(ledger: Ledger, batch: Batch) -> None:
    (task,) = running(ledger, batch)
    ledger.live_pictures.show("甲机", [LivePictureUpdate(task.ticket.task_id, "登录", PICTURE)])
    with ledger.database.read() as connection:
        kept = connection.scalar(select(views.c.frame))
    assert kept
    assert b"account" not in kept
    assert b"account" not in repr(LivePictureUpdate(1, "登录", PICTURE)).encode()
