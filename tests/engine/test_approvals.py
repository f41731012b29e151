"""Who has to say yes, and how often: over all workers of a ledger."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rpa.engine.attempt.approvals import Approvals
from rpa.engine.attempt.catalog import flow, province
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import Cancelled, Drained, UserError
from rpa.ledger.data.tasks import Ticket, Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import filing


@pytest.fixture
def tickets(ledger: Ledger, tmp_path: Path) -> list[Ticket]:
    """Three filings of a batch, each being worked on."""
    batch = ledger.batches.open(name="批次", workbook=tmp_path / "批次.xlsx", workbook_sha256="0" * 64)
    ledger.filings.enrol(batch.id, [filing(number) for number in (1, 2, 3)])
    ledger.batches.start(batch.id, until="submit", approve="first", blocked=[])
    ledger.plans.make(batch.id, Work.FILE)
    due = list(ledger.ready_tasks.find("henan", 10))
    for ticket in due:
        assert ledger.tasks.claim(ticket, "甲机", alive={"甲机"})
    return due


def approvals(ledger: Ledger, ticket: Ticket, shutdown: Shutdown) -> Approvals:
    (batch,) = ledger.batches.all()
    return Approvals(batch.approve, ledger.batches, batch.id, ticket, shutdown)


async def test_the_others_wait_for_the_first_yes(ledger: Ledger, tickets: list[Ticket]) -> None:
    shutdown, answer, asked = Shutdown(), asyncio.Event(), 0

    async def person() -> str:
        nonlocal asked
        asked += 1
        await answer.wait()
        return "y"

    waiting = [asyncio.create_task(approvals(ledger, one, shutdown).ask(person)) for one in tickets]
    done, _ = await asyncio.wait(waiting, timeout=0.1)
    assert done == set()
    answer.set()
    await asyncio.gather(*waiting)
    assert asked == 1


async def test_after_a_no_the_next_is_asked(ledger: Ledger, tickets: list[Ticket]) -> None:
    shutdown, answers = Shutdown(), iter(["n 账号不对", "y"])

    async def person() -> str:
        return next(answers)

    with pytest.raises(Cancelled, match="账号不对"):
        await approvals(ledger, tickets[0], shutdown).ask(person)
    await approvals(ledger, tickets[1], shutdown).ask(person)
    await approvals(ledger, tickets[2], shutdown).ask(person)


async def test_a_turn_that_died_with_its_worker_is_free(ledger: Ledger, tickets: list[Ticket]) -> None:
    shutdown, (batch,) = Shutdown(), ledger.batches.all()
    assert ledger.batches.approval_turn(batch.id, tickets[0]) is None
    assert ledger.batches.approval_turn(batch.id, tickets[1]) is False
    ledger.tasks.put_back(tickets[0], "甲机")

    async def yes() -> str:
        return "y"

    await approvals(ledger, tickets[1], shutdown).ask(yes)
    assert ledger.batches.approval_turn(batch.id, tickets[2]) is True


async def test_who_waits_stops_when_asked_to(ledger: Ledger, tickets: list[Ticket]) -> None:
    shutdown, (batch,) = Shutdown(), ledger.batches.all()
    assert ledger.batches.approval_turn(batch.id, tickets[0]) is None

    async def nobody() -> str:
        raise AssertionError("another filing is being asked about")

    waiting = asyncio.create_task(approvals(ledger, tickets[1], shutdown).ask(nobody))
    shutdown.request()
    with pytest.raises(Drained):
        await waiting


def test_the_catalog_names_what_there_is() -> None:
    assert "稳岗返还" in province("henan").items
    with pytest.raises(UserError, match="没有平台"):
        province("atlantis")
    with pytest.raises(UserError, match="稳岗返还"):
        flow("henan", "养老保险")
