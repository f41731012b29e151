"""How a filing ends: by the portal's list first, then by what became of the requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rpa.engine.attempt.attempt import Attempt, Receipt
from rpa.engine.attempt.commit import Commit
from rpa.errors import Stop, Unconfirmed
from rpa.filing import Outcome, Record, Verdict
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import Work


def ending(stop: Stop, state: FilingState, commit: Commit | None, work: Work, shown: str) -> Outcome:
    """How a filing ends that was stopped.

    Args:
        stop: what stopped it.
        state: as the ledger has it: while an intent stands, it is perhaps submitted.
        commit: the run's own, where it made one.
        work: what was to be done.
        shown: what the portal calls its list.
    """
    committed = state.intent_at
    if work is Work.TRACK and state.outcome and state.outcome.verdict.final:
        # What was proved stays proved, however unwell the portal is today.
        return replace(state.outcome, explanation=f"未能读取最新的办理状态：{stop.message}")
    if committed is None:
        return Outcome(stop.verdict, stop.message, stop.advice)
    if not isinstance(stop, Unconfirmed):
        said = f"提交已发出，未能在平台核实：{stop.message}"
        return Outcome(Verdict.UNCONFIRMED, said, submitted_at=committed)
    if commit and commit.refusal and commit.pending is not False:
        # The portal said no to every request, and its own list agrees: that is a clear ending.
        said = f"{commit.refusal}（{shown}中也没有这笔申报）"
        return Outcome(Verdict.REFUSED, said, submitted_at=committed)
    return Outcome(Verdict.UNCONFIRMED, stop.message, stop.advice, submitted_at=committed)


def filed(receipt: Receipt, attempt: Attempt) -> Outcome:
    """How a filing ends that is on the portal's list.

    Raises:
        Unconfirmed: all that is there is what was returned before.
    """
    shown, record = attempt.portal.list_name, receipt.record
    if not receipt.already_there and attempt.is_old(record):
        raise Unconfirmed(f"在{shown}中只找到先前退回的那笔（{record.status}）")
    if record.is_returned(attempt.portal.returned_words):
        return returned(attempt, record, attempt.submitted_at)
    if receipt.already_there:
        return already_filed(receipt.record, shown)
    return submitted(receipt.record, shown, attempt.submitted_at)


def returned(attempt: Attempt, record: Record, submitted_at: datetime | None) -> Outcome:
    """The portal returned it: whoever corrects the row may file it again, so its intent is given back."""
    shown = attempt.portal.list_name
    if not attempt.is_old(record):
        attempt.release_intent(f"{shown}中的状态是“{record.status}”", record)
    which = f"（流水号 {record.serial}）" if record.serial else ""
    said = f"平台的{shown}中这笔申报{which}的状态是“{record.status}”"
    return Outcome(Verdict.RETURNED, said, record=record, submitted_at=submitted_at)


def already_filed(record: Record, shown: str) -> Outcome:
    """It was there before we came, and in this state."""
    state = f"（{record.status}）" if record.status else ""
    said = f"平台的{shown}中早已有这笔申报{state}，未再提交"
    return Outcome(Verdict.ALREADY_FILED, said, record=record)


def submitted(record: Record, shown: str, at: datetime | None) -> Outcome:
    """It is there since we submitted it.

    Args:
        record: the portal's.
        shown: what the portal calls its list.
        at: when it was submitted (aware).
    """
    return Outcome(Verdict.SUBMITTED, f"已在平台的{shown}中核实", record=record, submitted_at=at)
