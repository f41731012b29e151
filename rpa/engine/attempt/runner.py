"""One filing from its start to its outcome: attempts, restarts before the commit, look-ups after it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rpa.browser.session import Session
from rpa.browser.translate import translated
from rpa.engine.attempt.attempt import Attempt, IntentTaken
from rpa.engine.attempt.catalog import Flow, flow, province
from rpa.engine.attempt.commit import Commit, StillPending
from rpa.engine.attempt.job import AttemptContext, Job, TaskResult
from rpa.engine.attempt.outcomes import already_filed, ending, filed, returned, submitted
from rpa.errors import LoginRefused, Refused, Stop, Unanswered, Unconfirmed
from rpa.filing import CHINA, Outcome, Record, Verdict
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import Work
from rpa.operator.request import decision

_AGAIN = "请稍后用 rpa reconcile 再次核实；确认平台从未收到后，才能重新办理"


@dataclass
class _Course:
    """What a run has done so far."""

    commit: Commit | None = None
    """Its own commit; an earlier run's is not known here."""
    made_anew: bool = False
    """Whether it files again after a commit that provably submitted nothing: it does so once."""


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

        Before the commit an unwell portal restarts the attempt, a limited number of times. While an
        intent stands, nothing but looking up is done.

        Raises:
            Unanswered: nobody answered a request; nothing was committed.
            Interrupted: this worker stops, or another one took over; nothing was committed by it.
        """
        ledger, recorder = self._context.ledger, job.recorder
        most = self._context.settings.engine.restarts
        restarts = {False: 0, True: 0}  # before and after the commit
        course = _Course()
        while True:
            number = ledger.filings.begin_attempt(job.filing_id, self._context.worker, ticket=job.ticket)
            try:
                if outcome := await self._attempt(job, number, work, course):
                    return TaskResult(number, outcome)
                work, restarts = Work.FILE, {False: 0, True: 0}  # the intent is gone: made anew
                course.commit = None
            except Stop as stop:
                state = ledger.filings.state(job.filing_id)
                after = state.intent_at is not None
                if isinstance(stop, Unanswered) and not after:
                    raise
                if restarts[after] >= most or not _worth_another(stop, state):
                    told = ending(stop, state, course.commit, work, self._list_of(job))
                    return TaskResult(number, told, _refused_login(stop))
                restarts[after] += 1
                what = "转为查询" if after else "重新开始"
                recorder.line(what, attempt=number, reason=stop.message)
                job.on_step(f"{what}（{stop.message}）")

    async def _attempt(self, job: Job, number: int, work: Work, course: _Course) -> Outcome | None:
        """One attempt's outcome; none when the intent is gone, so that the commit may be made again."""
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
                        if record and state.intent_at and attempt.is_old(record):
                            record = None  # not what was submitted since
                        if record is None and await self._proved_unsent(attempt, how, course):
                            return None
                        return await self._looked_up(attempt, job, state, record, work)
                    return await self._file(attempt, how, course)
                finally:
                    await session.camera.done()

    async def _file(self, attempt: Attempt, how: Flow, course: _Course) -> Outcome | None:
        """File; none where the commit provably submitted nothing, and may be made again."""
        try:
            return filed(await how.file(attempt, attempt.filing.employer), attempt)
        except IntentTaken:
            raise
        except Unconfirmed:  # looked at the list, and it is not there
            course.commit = attempt.committed
            if await self._proved_unsent(attempt, how, course):
                return None
            raise
        finally:
            course.commit = attempt.committed or course.commit

    async def _proved_unsent(self, attempt: Attempt, how: Flow, course: _Course) -> bool:
        """Whether this run's commit submitted nothing, now that the list does not have it, and is made anew.

        Its intent is then released.

        Raises:
            Refused: nothing was submitted since the portal refused.
            NothingSent: nothing had left the browser, whatever the page said.
            StillPending: nothing was submitted, for the second time.
        """
        commit = course.commit
        if commit is None:
            return False
        if commit.alarm and attempt.release_intent(f"没有请求离开浏览器，{attempt.portal.list_name}中也没有"):
            raise commit.alarm
        if how.still_pending is None or not commit.undone:
            return False  # what the portal did not clearly decline may still do its work
        commit.pending = await how.still_pending(attempt, attempt.filing.employer)
        if not commit.pending:
            return False
        if not attempt.release_intent(f"待提交的申报仍在，{attempt.portal.list_name}中没有"):
            return False
        if commit.refusal:
            raise Refused(commit.refusal)
        if course.made_anew:
            raise StillPending("两次提交都没有成功：待提交的申报仍在平台上")
        course.made_anew = True
        return True

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
            if record.is_returned(attempt.portal.returned_words):
                return returned(attempt, record, committed_at)
            found = already_filed(record, shown) if already else submitted(record, shown, committed_at)
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


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
