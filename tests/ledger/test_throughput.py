"""How long filings take, and how much of that people: from rows whose times are known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import TaskState, Throughput
from rpa.ledger.database.tables import filings, requests, tasks
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import filing

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Asked = tuple[float, float | None, float]
"""Seconds after its filing began: asked, answered (none: never) and over."""


def did(
    ledger: Ledger,
    batch: Batch,
    begun: float,
    took: float,
    *asked: Asked,
    portal: str = "henan",
    state: TaskState = TaskState.DONE,
) -> None:
    """A filing that began so many seconds after noon."""
    start = NOON + timedelta(seconds=begun)
    with ledger.database.write() as connection:
        number = len(connection.execute(filings.select()).all()) + 1
        key = dict(zip(("portal", "item", "year", "code"), filing(number).key, strict=True))
        row = filings.insert().values(key | {"portal": portal, "employer": "某单位"}).returning(filings.c.id)
        filing_id = connection.execute(row).scalar_one()
        connection.execute(
            tasks.insert().values(
                batch_id=batch.id,
                row=number,
                filing_id=filing_id,
                portal=portal,
                code=key["code"],
                work="FILE",
                state=state.value,
                number=1,
                due_at=start,
                begun_at=start,
                ended_at=start + timedelta(seconds=took),
            )
        )
        for one in asked:
            connection.execute(requests.insert().values(_request(filing_id, start, one)))


def _request(filing_id: int, start: datetime, asked: Asked) -> dict[str, object]:
    moments = [None if one is None else start + timedelta(seconds=one) for one in asked]
    created, answered, closed = moments
    return {
        "filing_id": filing_id,
        "kind": "captcha",
        "employer": "某单位",
        "portal": "河南",
        "question": "请输入图中的验证码",
        "detail": {},
        "picture_type": "",
        "picture_number": 0,
        "refreshable": False,
        "created_at": created,
        "deadline": start + timedelta(hours=1),
        "answered_at": answered,
        "closed_at": closed,
    }


def rhythm(ledger: Ledger, portal: str = "henan") -> tuple[int, float, float]:
    found = ledger.throughput.of(portal)
    return found.filings, round(found.person_seconds, 2), round(found.other_seconds, 2)


def test_nothing_has_been_filed(ledger: Ledger) -> None:
    assert ledger.throughput.of("henan") == Throughput(0, 0.0, 0.0)


def test_one_after_the_other(ledger: Ledger, batch: Batch) -> None:
    for number in range(6):
        did(ledger, batch, 10 * number, 8.0, (1.0, 4.0, 4.5))
    assert rhythm(ledger) == (6, 3.0, 5.0)


def test_what_waits_while_the_person_is_busy_is_no_persons_time(ledger: Ledger, batch: Batch) -> None:
    """Four ask at once, and are answered at 3, 6, 9 and 12 seconds."""
    for number in range(4):
        answered = 3.0 * (number + 1)
        did(ledger, batch, 0.0, answered + 5.0, (0.0, answered, answered))
    assert rhythm(ledger) == (4, 3.0, 5.0)


def test_another_portals_requests_keep_the_person_busy_too(ledger: Ledger, batch: Batch) -> None:
    did(ledger, batch, 0.0, 9.0, (0.0, 3.0, 3.0), portal="guangdong")
    did(ledger, batch, 0.0, 9.0, (0.0, 5.0, 5.0))
    assert rhythm(ledger) == (1, 2.0, 4.0)
    assert rhythm(ledger, "guangdong") == (1, 3.0, 6.0)


def test_two_people_who_share_the_work_count_as_a_quicker_one(ledger: Ledger, batch: Batch) -> None:
    """Each needs three seconds, so an answer comes every second and a half."""
    for number in range(8):
        answered = 1.5 * (number + 2)
        did(ledger, batch, 0.0, answered + 6.0, (0.0, answered, answered))
    filings_, person, other = rhythm(ledger)
    assert (filings_, other) == (8, 6.0)
    assert person == pytest.approx(1.5, abs=0.2)


def test_all_of_a_filings_captchas_count_together(ledger: Ledger, batch: Batch) -> None:
    for number in range(5):
        did(ledger, batch, 30 * number, 20.0, (1.0, 4.0, 4.0), (6.0, 10.0, 10.0))
    assert rhythm(ledger) == (5, 7.0, 13.0)


def test_how_much_filings_differ(ledger: Ledger, batch: Batch) -> None:
    for number in range(6):
        did(ledger, batch, 60 * number, 6.0 if number % 2 else 10.0, (1.0, 4.0, 4.0))
    assert rhythm(ledger) == (6, 3.0, 5.0)
    assert ledger.throughput.of("henan").spread_seconds == pytest.approx(2.0)


def test_where_nobody_is_needed_the_persons_time_is_none(ledger: Ledger, batch: Batch) -> None:
    for number in range(5):
        did(ledger, batch, 10 * number, 8.0)
    assert rhythm(ledger) == (5, 0.0, 8.0)


def test_a_lunch_says_nothing_about_the_next_hour(ledger: Ledger, batch: Batch) -> None:
    for number in range(9):
        did(ledger, batch, 10 * number, 8.0, (1.0, 4.0, 4.0))
    did(ledger, batch, 100, 3600.0, (1.0, 3590.0, 3590.0))
    filings_, person, other = rhythm(ledger)
    assert filings_ == 10
    assert person == pytest.approx(3.6), "nine of 3 s and one that counts as 9 s"
    assert other == pytest.approx(5.5, abs=0.5)


def test_where_nobody_answers_the_wait_is_the_persons(ledger: Ledger, batch: Batch) -> None:
    """Else it would look as if nobody were needed, and ever more captchas would expire."""
    for number in range(5):
        did(ledger, batch, 200 * number, 115.0, (1.0, None, 111.0))
    assert rhythm(ledger) == (5, 110.0, 5.0)


def test_what_an_earlier_go_asked_does_not_count(ledger: Ledger, batch: Batch) -> None:
    did(ledger, batch, 1000.0, 8.0, (-300.0, None, -190.0), (1.0, 4.0, 4.0))
    assert rhythm(ledger) == (1, 3.0, 5.0)


def test_what_still_runs_or_waits_again_does_not_count(ledger: Ledger, batch: Batch) -> None:
    did(ledger, batch, 0.0, 8.0, (1.0, 4.0, 4.0))
    did(ledger, batch, 10.0, 50.0, (1.0, 4.0, 4.0), state=TaskState.RUNNING)
    did(ledger, batch, 10.0, 50.0, (1.0, 4.0, 4.0), state=TaskState.WAITING)
    assert rhythm(ledger) == (1, 3.0, 5.0)


def test_only_the_newest_count(ledger: Ledger, batch: Batch) -> None:
    for number in range(10):
        did(ledger, batch, 10 * number, 500.0, (1.0, 400.0, 400.0))
    for number in range(10, 40):
        did(ledger, batch, 1000 + 10 * number, 8.0, (1.0, 4.0, 4.0))
    assert rhythm(ledger) == (30, 3.0, 5.0)


def test_a_filing_whose_requests_are_too_long_ago_is_left_out(
    ledger: Ledger, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rpa.ledger.tasks.throughput._REQUESTS", 4)
    for number in range(5):
        did(ledger, batch, 100 * number, 50.0, (1.0, 4.0, 4.0), (6.0, 9.0, 9.0))
    assert rhythm(ledger) == (1, 6.0, 44.0), "the one whose request is the oldest looked at began before it"


MANY = 50_000


@pytest.mark.thorough
def test_it_is_quick_among_very_many(ledger: Ledger, batch: Batch) -> None:
    did(ledger, batch, 0.0, 8.0, (1.0, 4.0, 4.0))
    with ledger.database.write() as connection:
        (task,) = connection.execute(tasks.select()).mappings()
        (request,) = connection.execute(requests.select()).mappings()
        connection.execute(insert(tasks), _copies(dict(task), "row", "begun_at", "ended_at"))
        connection.execute(insert(requests), _copies(dict(request), "created_at", "answered_at", "closed_at"))
        connection.exec_driver_sql("ANALYZE")  # as the server does by itself
    took = []
    for _ in range(25):
        begun = time.perf_counter()
        assert rhythm(ledger)[:2] == (30, 3.0)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05, took


def _copies(row: dict[str, object], *moving: str) -> Sequence[dict[str, object]]:
    """So many like it, each a minute after the one before."""
    del row["id"]
    copies = []
    for number in range(1, MANY + 1):
        later = timedelta(seconds=60 * number)
        changed = {
            name: value + later if isinstance(value := row[name], datetime) else number + 1 for name in moving
        }
        copies.append(row | changed)
    return copies
