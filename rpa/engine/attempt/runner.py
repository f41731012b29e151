"""One filing from its start to its outcome: attempts, restarts before the commit, look-ups after it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rpa.browser.session import Session
from rpa.browser.translate import translated
from rpa.engine.attempt.attempt import Attempt, IntentTaken, Receipt
from rpa.engine.attempt.catalog import flow, province
from rpa.engine.attempt.job import AttemptContext, Job, TaskResult
from rpa.errors import LoginRefused, Refused, Stop, Unanswered, Unconfirmed
from rpa.filing import CHINA, Outcome, Record, Verdict
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import Work
from rpa.operator.request import decision

_AGAIN = "请稍后用 rpa reconcile 再次核实；确认平台从未收到后，才能重新办理"


class Runner:
    """Works on a filing, attempt by attempt.

    Args:
        context: what the filing is worked on with.
        session: gives each attempt its browser session, and is told how the attempt ended.
    """

    def __init__(
        self, context: AttemptContext, session: Callable[[], AbstractAsyncContextManager[Session]]
    ) -> None:
        self._context = context
        self._session = session

    async def run(self, job: Job, work: Work = Work.FILE) -> TaskResult:
        """Work on a filing until it has an outcome.

        Before the commit an unwell portal restarts the attempt, a limited number of times. Once an
        intent stands, nothing but looking up is done.

        Raises:
            Unanswered: nobody answered a request; nothing was committed.
            Interrupted: this worker stops, or another one took over; nothing was committed by it.
        """
        ledger, recorder = self._context.ledger, job.recorder
        most = self._context.settings.engine.restarts
        restarts = {False: 0, True: 0}  # before and after the commit
        refusal = ""
        while True:
            number = ledger.filings.begin_attempt(job.filing_id, self._context.worker, ticket=job.ticket)
            try:
                if outcome := await self._attempt(job, number, work):
                    return TaskResult(number, outcome)
                work, restarts, refusal = Work.FILE, {False: 0, True: 0}, ""  # cleared: made anew
            except Stop as stop:
                state = ledger.filings.state(job.filing_id)
                after = state.intent_at is not None
                if isinstance(stop, Unanswered) and not after:
                    raise
                if isinstance(stop, Refused) and after:
                    refusal = stop.message
                if restarts[after] >= most or not _worth_another(stop, state):
                    if refusal and isinstance(stop, Unconfirmed):
                        refusal += f"（{self._list_of(job)}中也没有这笔申报）"
                    return TaskResult(number, _ending(stop, state, refusal, work), _refused_login(stop))
                restarts[after] += 1
                what = "转为查询" if after else "重新开始"
                recorder.line(what, attempt=number, reason=stop.message)
                job.on_step(f"{what}（{stop.message}）")

    async def _attempt(self, job: Job, number: int, work: Work) -> Outcome | None:
        """One attempt's outcome; none when a person cleared the intent, so that it may be made again."""
        filing = job.filing
        how = flow(filing.portal, filing.item)
        with translated():
            async with self._session() as session:
                session.waiter.interruptions = province(filing.portal).interruptions
                attempt = Attempt(job, number, session, self._context)
                state = self._context.ledger.filings.state(job.filing_id)
                try:
                    if state.intent_at or work is not Work.FILE:
                        record = await how.look_up(attempt, filing.employer)
                        return await self._looked_up(attempt, job, state, record, work)
                    return _filed(await how.file(attempt, filing.employer), attempt)
                finally:
                    await session.camera.done()

    async def _looked_up(
        self, attempt: Attempt, job: Job, state: FilingState, record: Record | None, work: Work
    ) -> Outcome | None:
        """What the portal's list says about a filing that was, or may have been, committed.

        None: it is not there, was not there long ago either, and a person said that it never arrived.

        Raises:
            Unconfirmed: it is not there.
        """
        ledger, shown = self._context.ledger, attempt.portal.list_name
        if record:
            ledger.intents.note_found(job.filing_id)
            already = state.verdict is Verdict.ALREADY_FILED
            committed_at = state.intent_at or (state.outcome.submitted_at if state.outcome else None)
            found = _already(record, shown) if already else _submitted(record, shown, committed_at)
            return replace(found, explanation="已读取平台最新的办理状态") if work is Work.TRACK else found
        if work is Work.TRACK and state.outcome and state.outcome.verdict.final:
            said = f"{datetime.now(CHINA):%Y-%m-%d} 在{shown}中没有再查到，沿用上次查到的记录"
            return replace(state.outcome, explanation=said)
        since = ledger.intents.note_missing(job.filing_id)
        if since is None:
            raise Unconfirmed(f"在{shown}中没有找到")
        old = datetime.now(UTC) - since >= timedelta(seconds=self._context.settings.engine.clear_after)
        if work is Work.LOOK_UP and old and await self._clear(attempt, job, since):
            return None
        missing = f"曾经提交或可能已提交，但在{shown}中没有找到（首次查无记录：{_when(since)}）"
        raise Unconfirmed(missing, _AGAIN)

    def _list_of(self, job: Job) -> str:
        """What the filing's portal calls the list on which filings are proved."""
        return self._context.settings.portals[job.filing.portal].list_name

    async def _clear(self, attempt: Attempt, job: Job, since: datetime) -> bool:
        """Have a person declare that the commit never arrived; true when they did and the intent is gone."""
        now = datetime.now(UTC)
        question = (
            f"{self._list_of(job)}于 {_when(since)} 和 {_when(now)} 两次都没有这笔申报。"
            "确认平台从未收到、允许重新办理吗？拿不准就不要确认，请到平台人工核实"
        )
        answer = await attempt.person.confirm_never_arrived(question)
        cleared = decision(answer.text).approved and self._context.ledger.intents.clear(
            job.filing_id, who=answer.who, missing_since=since
        )
        if cleared:
            job.recorder.cleared(answer.who, seen_missing=(since, now))
        return cleared


def _worth_another(stop: Stop, state: FilingState) -> bool:
    """Whether another attempt can help: filing again before the commit, only looking up after it."""
    if isinstance(stop, LoginRefused):
        return False
    if state.intent_at is None:
        return stop.restartable
    # Looked at the list and did not find it: looking again at once shows the same list.
    return isinstance(stop, IntentTaken) or not isinstance(stop, Unconfirmed)


def _refused_login(stop: Stop) -> Outcome | None:
    """How other filings end that would log in the same way."""
    return Outcome(stop.verdict, stop.message, stop.advice) if isinstance(stop, LoginRefused) else None


def _ending(stop: Stop, state: FilingState, refusal: str, work: Work) -> Outcome:
    committed = state.intent_at
    if work is Work.TRACK and state.outcome and state.outcome.verdict.final:
        # What was proved stays proved, however unwell the portal is today.
        return replace(state.outcome, explanation=f"未能读取最新的办理状态：{stop.message}")
    if committed is None:
        return Outcome(stop.verdict, stop.message, stop.advice)
    if isinstance(stop, Unconfirmed) and refusal:
        # The portal said no, and its own list agrees: that is a clear ending.
        return Outcome(Verdict.REFUSED, refusal, submitted_at=committed)
    if isinstance(stop, Unconfirmed):
        return Outcome(Verdict.UNCONFIRMED, stop.message, stop.advice, submitted_at=committed)
    return Outcome(Verdict.UNCONFIRMED, f"提交已发出，未能在平台核实：{stop.message}", submitted_at=committed)


def _filed(receipt: Receipt, attempt: Attempt) -> Outcome:
    shown = attempt.portal.list_name
    if receipt.already_there:
        return _already(receipt.record, shown)
    return _submitted(receipt.record, shown, attempt.submitted_at)


def _already(record: Record, shown: str) -> Outcome:
    return Outcome(Verdict.ALREADY_FILED, f"平台的{shown}中早已有这笔申报，未再提交", record=record)


def _submitted(record: Record, shown: str, at: datetime | None) -> Outcome:
    return Outcome(Verdict.SUBMITTED, f"已在平台的{shown}中核实", record=record, submitted_at=at)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
