"""Intents: at most once, whatever crashes, races or comes back from the dead."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from rpa.errors import Cancelled, Superseded
from rpa.filing import Outcome, Record, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import Work
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import claimed, filed, filing, planned, race, start

pytestmark = pytest.mark.counts_commits

UNCONFIRMED = Outcome(Verdict.UNCONFIRMED, "未查到")


@pytest.fixture
def number(ledger: Ledger, batch: Batch) -> int:
    """A filing's."""
    return ledger.filings.enrol(batch.id, [filing()])[0].filing_id


def test_the_second_attempt_is_refused(ledger: Ledger, number: int) -> None:
    assert ledger.intents.win(number, ledger.filings.begin_attempt(number, "甲机"))
    assert not ledger.intents.win(number, ledger.filings.begin_attempt(number, "甲机"))
    assert ledger.filings.state(number).intent_at is not None


def test_asked_again_after_a_lost_answer_the_same_is_told(ledger: Ledger, number: int) -> None:
    attempt = ledger.filings.begin_attempt(number, "甲机")
    assert ledger.intents.win(number, attempt)
    at = ledger.filings.state(number).intent_at
    assert ledger.intents.win(number, attempt)
    assert ledger.filings.state(number).intent_at == at


def test_who_was_taken_over_may_not_commit(ledger: Ledger, number: int) -> None:
    zombie = ledger.filings.begin_attempt(number, "甲机")
    heir = ledger.filings.begin_attempt(number, "乙机")
    with pytest.raises(Superseded):
        ledger.intents.win(number, zombie)
    assert ledger.filings.state(number).intent_at is None
    assert ledger.intents.win(number, heir)
    with pytest.raises(Superseded):
        ledger.intents.win(number, zombie)


def test_an_attempt_that_never_began_may_not_commit(ledger: Ledger, number: int) -> None:
    for attempt in (0, 1):
        with pytest.raises(Superseded):
            ledger.intents.win(number, attempt)
    assert ledger.filings.state(number).intent_at is None


def test_a_cancelled_batch_commits_nothing(ledger: Ledger, batch: Batch, number: int) -> None:
    attempt = ledger.filings.begin_attempt(number, "甲机")
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    ledger.batches.set_state(batch.id, BatchState.CANCELLED)
    with pytest.raises(Cancelled, match="批次已取消，未提交"):
        ledger.intents.win(number, attempt, batch_id=batch.id)
    assert ledger.filings.state(number).intent_at is None


def test_a_paused_batch_finishes_what_runs(ledger: Ledger, batch: Batch, number: int) -> None:
    attempt = ledger.filings.begin_attempt(number, "甲机")
    ledger.batches.set_state(batch.id, BatchState.PAUSED)
    assert ledger.intents.win(number, attempt, batch_id=batch.id)


def test_since_when_the_list_is_without_it(ledger: Ledger, number: int) -> None:
    assert ledger.intents.note_missing(number) is None
    ledger.intents.win(number, ledger.filings.begin_attempt(number, "甲机"))
    since = ledger.intents.note_missing(number)
    assert since is not None
    assert ledger.intents.note_missing(number) == since
    ledger.intents.note_found(number)
    again = ledger.intents.note_missing(number)
    assert again is not None
    assert again > since


def test_a_person_clears_an_intent(ledger: Ledger, number: int) -> None:
    ledger.intents.win(number, ledger.filings.begin_attempt(number, "甲机"))
    at, since = ledger.filings.state(number).intent_at, ledger.intents.note_missing(number)
    assert since is not None
    assert ledger.intents.clear(number, who="王经办", missing_since=since)
    assert not ledger.intents.clear(number, who="王经办", missing_since=since)
    assert ledger.filings.state(number).intent_at is None
    (cleared,) = ledger.intents.cleared(number)
    assert (cleared.at, cleared.missing_since, cleared.cleared_by) == (at, since, "王经办")
    assert cleared.cleared_at >= since
    assert ledger.intents.win(number, ledger.filings.begin_attempt(number, "乙机"))


def test_what_was_seen_meanwhile_is_not_cleared(ledger: Ledger, number: int) -> None:
    ledger.intents.win(number, ledger.filings.begin_attempt(number, "甲机"))
    since = ledger.intents.note_missing(number)
    assert since is not None
    ledger.intents.note_found(number)
    assert not ledger.intents.clear(number, who="王经办", missing_since=since)
    ledger.intents.note_missing(number)
    assert not ledger.intents.clear(number, who="王经办", missing_since=since - timedelta(seconds=1))
    assert ledger.filings.state(number).intent_at is not None
    assert ledger.intents.cleared(number) == []


def test_what_is_being_filed_is_not_cleared(ledger: Ledger, batch: Batch) -> None:
    (ticket,) = planned(ledger, batch)
    number = filed(ledger, ticket, UNCONFIRMED).filing_id
    since = ledger.intents.note_missing(number)
    assert since is not None
    ledger.plans.make(batch.id, Work.FILE)
    (again,) = ledger.ready_tasks.find("henan", 1)
    claimed(ledger, again)
    assert not ledger.intents.clear(number, who="王经办", missing_since=since)
    ledger.tasks.put_back(again, "甲机")
    assert ledger.intents.clear(number, who="王经办", missing_since=since)


def test_a_proof_gives_an_intent_back(ledger: Ledger, number: int) -> None:
    attempt = ledger.filings.begin_attempt(number, "甲机")
    assert not ledger.intents.release(number, attempt, proof="没有请求离开浏览器"), "there is none"
    ledger.intents.win(number, attempt)
    at = ledger.filings.state(number).intent_at
    record = Record("稳岗返还", "示例公司", handling="审核退回", serial="S1")
    assert ledger.intents.release(number, attempt, proof="没有请求离开浏览器", record=record)
    assert not ledger.intents.release(number, attempt, proof="没有请求离开浏览器")
    assert ledger.filings.state(number).intent_at is None
    (released,) = ledger.intents.released(number)
    assert (released.attempt, released.at, released.proof) == (attempt, at, "没有请求离开浏览器")
    assert released.record == record
    assert ledger.intents.win(number, ledger.filings.begin_attempt(number, "乙机"))


def test_what_somebody_else_filed_and_the_portal_returned_is_kept(ledger: Ledger, number: int) -> None:
    record = Record("稳岗返还", "示例公司", handling="审核退回")
    attempt = ledger.filings.begin_attempt(number, "甲机")
    assert ledger.intents.release(number, attempt, proof="状态是“审核退回”", record=record)
    assert [one.record for one in ledger.intents.released(number)] == [record]
    assert ledger.intents.win(number, attempt)


def test_who_was_taken_over_gives_nothing_back(ledger: Ledger, number: int) -> None:
    zombie = ledger.filings.begin_attempt(number, "甲机")
    ledger.intents.win(number, zombie)
    ledger.filings.begin_attempt(number, "乙机")
    assert not ledger.intents.release(number, zombie, proof="没有请求离开浏览器")
    assert ledger.filings.state(number).intent_at is not None
    assert ledger.intents.released(number) == []


RACER = """
import sys
from pathlib import Path
from rpa.errors import Superseded
from rpa.ledger.ledger import Ledger
with Ledger.open(sys.argv[1], key=Path(sys.argv[2])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(1, 41):
        attempt = ledger.filings.begin_attempt(number, sys.argv[3])
        try:
            print(int(ledger.intents.win(number, attempt)), flush=True)
        except Superseded:
            print("-", flush=True)
"""


def test_processes_racing_for_an_intent(ledger: Ledger, batch: Batch, url: str, key: Path) -> None:
    ledger.filings.enrol(batch.id, [filing(number) for number in range(40)])
    won = race(RACER, url, key)
    assert {tuple(sorted(pair)) for pair in zip(*won, strict=True)} <= {("0", "1"), ("-", "1")}
    assert {state.attempts for state in ledger.filings.states_of_batch(batch.id)} == {2}
    assert all(state.intent_at for state in ledger.filings.states_of_batch(batch.id))


CRASHER = """
import sys
from pathlib import Path
from rpa.ledger.database import tables
from rpa.ledger.ledger import Ledger
ledger = Ledger.open(sys.argv[1], key=Path(sys.argv[2]))
print(int(ledger.intents.win(1, ledger.filings.begin_attempt(1, "甲机"))), flush=True)
at = ledger.filings.state(1).intent_at
with ledger.database.write() as connection:
    connection.execute(tables.intents.insert().values(filing_id=2, attempt=1, at=at))
    print("in the middle", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_kill_keeps_what_was_committed_and_nothing_else(
    ledger: Ledger, batch: Batch, url: str, key: Path
) -> None:
    ledger.filings.enrol(batch.id, [filing(1), filing(2)])
    crasher = start(CRASHER, url, key)
    assert crasher.stdout is not None
    assert [crasher.stdout.readline(), crasher.stdout.readline()] == ["1\n", "in the middle\n"]
    crasher.send_signal(signal.SIGKILL)
    crasher.communicate(timeout=120)
    assert not ledger.intents.win(1, ledger.filings.begin_attempt(1, "乙机"))
    assert ledger.intents.win(2, ledger.filings.begin_attempt(2, "乙机"))
