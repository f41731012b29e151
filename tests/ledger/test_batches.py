"""Batches: one for each workbook, started by a person, asked about once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import Ticket, Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import claimed, filed, filing, open_batch, planned, race

_REFUSED = Outcome(Verdict.REFUSED, "平台退回")


def test_ids_are_short_and_count_the_day(ledger: Ledger, tmp_path: Path) -> None:
    first = open_batch(ledger, tmp_path)
    second = open_batch(ledger, tmp_path, name="另一批.xlsx")
    assert first.id.endswith("-1")
    assert second.id == first.id[:-1] + "2"
    assert [one.id for one in ledger.batches.all()] == [second.id, first.id]
    assert ledger.batches.get(first.id) == first


def test_the_same_workbook_is_the_same_batch(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    planned(ledger, batch)
    assert open_batch(ledger, tmp_path) == batch
    assert len(ledger.filings.states_of_batch(batch.id)) == 1
    assert ledger.counts.unfinished(batch.id) == {"henan": 1}


def test_a_corrected_workbook_enrols_its_rows_anew(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    before = ledger.filings.enrol(batch.id, [filing()])[0]
    again = open_batch(ledger, tmp_path, sha256="1" * 64)
    assert (again.id, again.workbook_sha256) == (batch.id, "1" * 64)
    assert ledger.filings.states_of_batch(batch.id) == []
    assert ledger.filings.enrol(batch.id, [filing()])[0].filing_id == before.filing_id


def test_a_corrected_workbook_forgets_what_waits_but_not_what_runs(
    ledger: Ledger, batch: Batch, tmp_path: Path
) -> None:
    running, *_ = planned(ledger, batch, 3)
    claimed(ledger, running)
    open_batch(ledger, tmp_path, sha256="1" * 64)
    assert (ledger.counts.running(batch.id), ledger.counts.unfinished(batch.id)) == (1, {"henan": 1})
    ledger.filings.enrol(batch.id, [filing(1)])
    assert ledger.plans.make(batch.id, Work.FILE) == 0
    ledger.tasks.put_back(running, "甲机")
    filed(ledger, Ticket(running.task_id, running.number + 1))
    assert ledger.counts.unfinished(batch.id) == {}


@pytest.mark.parametrize("ended", [True, False])
def test_a_row_corrected_while_it_ran_is_worked_on_anew(
    ended: bool, ledger: Ledger, batch: Batch, tmp_path: Path
) -> None:
    (ticket,) = planned(ledger, batch)
    task = claimed(ledger, ticket)
    open_batch(ledger, tmp_path, sha256="1" * 64)
    ledger.filings.enrol(batch.id, [filing(7, row=2)])
    ledger.plans.make(batch.id, Work.FILE)
    if ended:
        attempt = ledger.filings.begin_attempt(task.filing_id, "甲机", ticket=ticket)
        assert ledger.tasks.end(ticket, "甲机", attempt, _REFUSED)
    else:
        ledger.tasks.put_back(ticket, "甲机")
    (corrected,) = ledger.ready_tasks.find("henan", 9)
    assert claimed(ledger, corrected).filing == filing(7, row=2)


def test_a_row_removed_while_it_ran_is_over(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    open_batch(ledger, tmp_path, sha256="1" * 64)
    ledger.tasks.put_back(ticket, "甲机")
    assert ledger.counts.unfinished(batch.id) == {}


def test_a_row_removed_under_a_dead_worker_is_over(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    (ticket,) = planned(ledger, batch)
    claimed(ledger, ticket)
    open_batch(ledger, tmp_path, sha256="1" * 64)
    assert ledger.tasks.claim(ticket, "乙机", alive={"乙机"}) is None
    assert ledger.counts.unfinished(batch.id) == {}


def test_unknown_batch(ledger: Ledger) -> None:
    with pytest.raises(UserError, match="没有批次 B1"):
        ledger.batches.get("B1")


def test_a_person_starts_it(ledger: Ledger, batch: Batch) -> None:
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    assert ledger.batches.get(batch.id).state is BatchState.PAUSED
    ledger.batches.approve(batch.id)
    armed = ledger.batches.start(batch.id, until="save", approve="each", blocked=[4, 9])
    assert (armed.state, armed.until, armed.approve, armed.blocked) == (
        BatchState.ACTIVE,
        "save",
        "each",
        (4, 9),
    )
    assert ledger.batches.get(batch.id) == armed
    assert ledger.batches.approval_turn(batch.id, Ticket(1, 1)) is None


def test_one_filing_asks_for_all(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    claimed(ledger, first)
    claimed(ledger, second)
    assert ledger.batches.approval_turn(batch.id, first) is None
    assert ledger.batches.approval_turn(batch.id, first) is None
    assert ledger.batches.approval_turn(batch.id, second) is False
    ledger.batches.give_up_approval(batch.id, second)
    assert ledger.batches.approval_turn(batch.id, second) is False
    ledger.batches.approve(batch.id)
    assert ledger.batches.approval_turn(batch.id, second) is True


def test_the_next_one_asks_where_nobody_answered(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    claimed(ledger, first)
    claimed(ledger, second)
    assert ledger.batches.approval_turn(batch.id, first) is None
    ledger.batches.give_up_approval(batch.id, first)
    assert ledger.batches.approval_turn(batch.id, second) is None
    assert ledger.batches.approval_turn(batch.id, first) is False


def test_a_turn_is_free_when_its_filing_is_no_longer_worked_on(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    claimed(ledger, first)
    claimed(ledger, second)
    assert ledger.batches.approval_turn(batch.id, first) is None
    ledger.tasks.put_back(first, "甲机")
    assert ledger.batches.approval_turn(batch.id, second) is None


def test_whoever_takes_a_filing_over_takes_its_turn_over(ledger: Ledger, batch: Batch) -> None:
    first, second = planned(ledger, batch, 2)
    claimed(ledger, first, "死机")
    claimed(ledger, second)
    assert ledger.batches.approval_turn(batch.id, first) is None
    assert ledger.tasks.claim(first, "甲机", alive={"甲机"}) is not None
    assert ledger.batches.approval_turn(batch.id, second) is False
    assert ledger.batches.approval_turn(batch.id, first) is None


OPENER = """
import sys
from pathlib import Path
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(20):
        name = f"{sys.argv[3]}{number}.xlsx"
        print(ledger.batches.open(name=name, workbook=Path(name), workbook_sha256="0" * 64).id)
"""


def test_processes_opening_batches_at_once(ledger: Ledger, url: str, key: Path) -> None:
    opened = race(OPENER, url, key)
    assert len({*opened[0], *opened[1]}) == 40


def test_two_machines_may_keep_their_lists_under_the_same_path(
    ledger: Ledger, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "另一台电脑")
    other = open_batch(ledger, tmp_path, sha256="1" * 64)
    if ledger.dialect == "sqlite":  # one machine, whatever it is called today
        assert other.id == batch.id
    else:
        assert other.id != batch.id
        assert other.workbook == batch.workbook
