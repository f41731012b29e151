"""One filing from its start to its outcome: attempts, restarts before the commit, look-ups after it."""

from __future__ import annotations

from datetime import datetime

from rpa.browser.session import Robot, Session
from rpa.browser.translate import translated
from rpa.engine.attempt import Attempt, IntentTaken, Job, Receipt, Run
from rpa.engine.catalog import flow, province
from rpa.errors import Refused, Stop, Unanswered, Unconfirmed
from rpa.filing import Outcome, Record, Verdict

_WORKER = "run"


class Runner:
    """Works on filings, each in browser contexts of its own.

    Args:
        robot: the browser that all share.
        run: what all filings share.
    """

    def __init__(self, robot: Robot, run: Run) -> None:
        self._robot = robot
        self._run = run

    async def run(self, job: Job) -> Outcome:
        """Work on a filing until it has an outcome, and record that outcome.

        Before the commit an unwell portal restarts the attempt, a limited number of times. Once an
        intent stands, nothing but looking up is done.

        Raises:
            Unanswered: nobody answered a request; nothing was committed and no outcome is recorded.
        """
        ledger, recorder = self._run.ledger, job.recorder
        most = self._run.settings.engine.restarts
        restarts = {False: 0, True: 0}  # before and after the commit
        refusal = ""
        while True:
            number = ledger.begin_attempt(job.filing_id, _WORKER)
            try:
                outcome = await self._attempt(job, number)
                break
            except Stop as stop:
                committed = ledger.state(job.filing_id).intent_at
                if isinstance(stop, Unanswered) and not committed:
                    raise
                if isinstance(stop, Refused) and committed:
                    refusal = stop.message
                after = committed is not None
                if restarts[after] >= most or not _worth_another(stop, committed):
                    outcome = _ending(stop, committed, refusal)
                    break
                restarts[after] += 1
                what = "转为查询" if after else "重新开始"
                recorder.line(what, attempt=number, reason=stop.message)
                job.on_step(f"{what}（{stop.message}）")
        ledger.record(job.filing_id, number, outcome)
        recorder.ended(outcome)
        return outcome

    async def _attempt(self, job: Job, number: int) -> Outcome:
        filing = job.filing
        how = flow(filing.portal, filing.item)
        with translated():
            async with Session.open(self._robot, self._run.settings.portals[filing.portal]) as session:
                session.lookout.interruptions = province(filing.portal).interruptions
                attempt = Attempt(job, number, session, self._run)
                intent_at = self._run.ledger.state(job.filing_id).intent_at
                try:
                    if intent_at:
                        return _looked_up(await how.look_up(attempt, filing.employer), intent_at)
                    return _filed(await how.file(attempt, filing.employer), attempt)
                finally:
                    await session.camera.done()


def _worth_another(stop: Stop, committed: datetime | None) -> bool:
    """Whether another attempt can help: filing again before the commit, only looking up after it."""
    if committed is None:
        return stop.restartable
    # Looked at the list and did not find it: looking again at once shows the same list.
    return isinstance(stop, IntentTaken) or not isinstance(stop, Unconfirmed)


def _ending(stop: Stop, committed: datetime | None, refusal: str) -> Outcome:
    if committed is None:
        return Outcome(stop.verdict, stop.message, stop.advice)
    if isinstance(stop, Unconfirmed) and refusal:
        # The portal said no, and its own list agrees: that is a clear ending.
        return Outcome(Verdict.REFUSED, f"{refusal}（办理进度查询中也没有这笔申报）", submitted_at=committed)
    if isinstance(stop, Unconfirmed):
        return Outcome(Verdict.UNCONFIRMED, stop.message, stop.advice, submitted_at=committed)
    return Outcome(Verdict.UNCONFIRMED, f"提交已发出，未能在平台核实：{stop.message}", submitted_at=committed)


def _filed(receipt: Receipt, attempt: Attempt) -> Outcome:
    if receipt.already_there:
        return Outcome(
            Verdict.ALREADY_FILED, "平台的办理进度查询中早已有这笔申报，未再提交", record=receipt.record
        )
    return _submitted(receipt.record, attempt.submitted_at)


def _looked_up(record: Record | None, intent_at: datetime) -> Outcome:
    if record is None:
        raise Unconfirmed("曾经提交或可能已提交，但在办理进度查询中没有找到")
    return _submitted(record, intent_at)


def _submitted(record: Record, at: datetime | None) -> Outcome:
    return Outcome(Verdict.SUBMITTED, "已在平台的办理进度查询中核实", record=record, submitted_at=at)
