"""Filings: enrolled once, whatever workbook asks for them; attempts and outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rpa.errors import Superseded, UserError
from rpa.filing import Filing, Outcome, Record, Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Work
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import claimed, employer, filing, open_batch, planned


def test_enrolling_twice_is_one_filing(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    first = ledger.filings.enrol(batch.id, [filing()])[0]
    assert ledger.filings.enrol(batch.id, [filing()])[0] == first
    assert ledger.filings.enrol(other.id, [replace(filing(), row=9)])[0] == replace(first, row=9)
    assert (
        ledger.filings.enrol(batch.id, [replace(filing(), year=2023, row=10)])[0].filing_id != first.filing_id
    )


def record(ledger: Ledger, filing_id: int, attempt: int, outcome: Outcome) -> None:
    """Keep how an attempt ended, in a transaction of its own."""
    with ledger.database.write() as connection:
        ledger.filings.record_within(connection, filing_id, attempt, outcome)


def test_state_follows_attempts_and_outcomes(ledger: Ledger, batch: Batch) -> None:
    state = ledger.filings.enrol(batch.id, [filing()])[0]
    assert (state.verdict, state.outcome, state.attempts, state.intent_at) == (None, None, 0, None)

    assert ledger.filings.begin_attempt(state.filing_id, "甲机") == 1
    record(ledger, state.filing_id, 1, Outcome(Verdict.UNAVAILABLE, "平台维护中"))
    assert ledger.filings.begin_attempt(state.filing_id, "乙机") == 2
    assert ledger.filings.state(state.filing_id).verdict is Verdict.UNAVAILABLE

    done = Outcome(
        Verdict.SUBMITTED,
        "在办理进度查询中查到",
        record=Record("稳岗返还申请", "试验企业1有限公司", serial="4113002024000001"),
        submitted_at=datetime(2024, 11, 21, 8, 0, tzinfo=UTC),
    )
    record(ledger, state.filing_id, 2, done)
    found = ledger.filings.find_all([filing().key])[filing().key]
    assert (found.outcome, found.attempts, found.row) == (done, 2, None)
    assert ledger.filings.states_of_batch(batch.id) == [replace(found, row=2)]


def test_the_later_outcome_of_an_attempt_counts(ledger: Ledger, batch: Batch) -> None:
    number = ledger.filings.enrol(batch.id, [filing()])[0].filing_id
    ledger.filings.begin_attempt(number, "甲机")
    record(ledger, number, 1, Outcome(Verdict.UNCONFIRMED, "待核实"))
    record(ledger, number, 1, Outcome(Verdict.SUBMITTED, "已核实"))
    assert ledger.filings.state(number).verdict is Verdict.SUBMITTED


def test_many_rows_at_once(ledger: Ledger, batch: Batch) -> None:
    rows = [filing(number) for number in range(1200)]
    states = ledger.filings.enrol(batch.id, rows)
    assert [state.key for state in states] == [row.key for row in rows]
    assert ledger.filings.enrol(batch.id, []) == []
    known = ledger.filings.find_all([row.key for row in rows] + [rows[0].key._replace(portal="guangdong")])
    assert known.keys() == {row.key for row in rows}
    assert [state.row for state in ledger.filings.states_of_batch(batch.id)] == [row.row for row in rows]


def test_unknown_filings(ledger: Ledger) -> None:
    assert ledger.filings.find_all([filing().key]) == {}
    with pytest.raises(KeyError):
        ledger.filings.state(7)


def test_some_rows(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(number) for number in range(1, 1300)])
    assert [state.row for state in ledger.filings.states_of_rows(batch.id, [9, 3, 9, 99_999])] == [3, 9]
    assert len(ledger.filings.states_of_rows(batch.id, range(1, 2000))) == 1299
    assert ledger.filings.states_of_rows(batch.id, []) == []


def full() -> Filing:
    """A row with every kind of value."""
    return filing(
        environment="http://127.0.0.1:8410",
        employer=replace(
            employer(1),
            account="6222021234567890123",
            phone="13812345678",
            dispatch=True,
            authorised_until=date(2026, 12, 31),
            materials=(Path("/资料/承诺书.pdf"), Path("/资料/名单.xlsx")),
        ),
    )


def test_a_row_comes_back_as_it_was(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(2), full()])
    assert ledger.filings.at_row(batch.id, 2) == full()
    assert ledger.filings.of_batch(batch.id) == [full(), filing(2)]
    with pytest.raises(UserError, match="没有第 9 行"):
        ledger.filings.at_row(batch.id, 9)


def test_nobody_reads_a_row_in_the_database(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [full()])
    with ledger.database.read() as connection:
        rows = connection.execute(tables.batch_filings.select()).all()
    assert "6222021234567890123" not in str(rows)
    assert "承诺书" not in str(rows)


def test_a_row_cannot_be_swapped_for_another(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing(1), filing(2)])
    places = tables.batch_filings
    with ledger.database.write() as connection:
        other = connection.scalar(places.select().with_only_columns(places.c.sealed).where(places.c.row == 3))
        connection.execute(places.update().where(places.c.row == 2).values(sealed=other))
    with pytest.raises(UserError, match="改动过"):
        ledger.filings.at_row(batch.id, 2)


def test_a_row_that_was_not_kept(ledger: Ledger, batch: Batch) -> None:
    ledger.filings.enrol(batch.id, [filing()])
    with ledger.database.write() as connection:
        connection.execute(tables.batch_filings.update().values(sealed=""))
    with pytest.raises(UserError, match="重新运行 rpa run"):
        ledger.filings.of_batch(batch.id)


def test_a_row_that_asks_for_another_filing_forgets_its_task(ledger: Ledger, batch: Batch) -> None:
    planned(ledger, batch, 2)
    ledger.filings.enrol(batch.id, [filing(9, row=2)])
    assert ledger.counts.unfinished(batch.id) == {"henan": 1}
    ledger.plans.make(batch.id, Work.FILE)
    assert sorted(claimed(ledger, one).filing.row for one in ledger.ready_tasks.find("henan", 9)) == [2, 3]


def test_an_attempt_begins_only_where_the_ticket_is_the_workers(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    task = claimed(ledger, ticket)
    assert ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=ticket) == 1
    with pytest.raises(Superseded):
        ledger.filings.begin_attempt(task.filing_id, "乙机", ticket=ticket)
    ledger.tasks.put_back(ticket, "甲机")
    with pytest.raises(Superseded):
        ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=ticket)
    assert ledger.filings.state(task.filing_id).attempts == 1
