"""What a worker does with a ticket: the series of tasks that it opens.

For most filings that is one task. Where the task's row names a stored login, the series continues with the
next due task of the same login, whatever batch it is of: one session, one captcha. ``Tasks.end`` makes
that task this worker's as it ends the one before, so that nobody else finds the login free in between.
The series ends when none is due, when the worker stops, and when the portal is paused or closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from loguru import logger

from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker import circuit_breaker
from rpa.engine.worker.dispatcher import Dispatcher
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.maintenance import WorkerMaintenance
from rpa.engine.worker.performer import Performer
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import Interrupted, LedgerDown, Unanswered
from rpa.filing import Outcome, Verdict
from rpa.ledger.data.tasks import Continuation, Task, Ticket
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class TaskSeries:
    """Works on a ticket's task, and on what follows of its login."""

    settings: Settings
    ledger: Ledger
    worker: str
    dispatcher: Dispatcher
    performer: Performer
    maintenance: WorkerMaintenance
    shutdown: Shutdown
    tell: Callable[[WorkerEvent], None]

    async def run(self, ticket: Ticket) -> None:
        """See a ticket through, and what follows of its login.

        A lost database is treated like a crash: the task is taken up anew, and what became of the last
        question is asked of the ledger.
        """
        following: Ticket | None = ticket
        login = ""
        try:
            while following is not None:
                try:
                    if task := self._claim(following):
                        login = task.login
                        await self._perform(task)
                    following = await self._reserved(login)
                except LedgerDown:
                    await self.maintenance.ledger_back()
        finally:
            if login:
                await self.performer.end_series(login)

    def _claim(self, ticket: Ticket) -> Task | None:
        task = self.ledger.tasks.claim(
            ticket, self.worker, alive=self.maintenance.alive, limits=self.dispatcher.limits
        )
        if task and not self._may_begin(task):
            self.ledger.tasks.put_back(ticket, self.worker)
            return None
        return task

    def _may_begin(self, task: Task) -> bool:
        ours = self.dispatcher.scope is None or self.dispatcher.scope.covers(task)
        return ours and self._goes_on(task.filing.portal_key)

    def _goes_on(self, portal: str) -> bool:
        return not self.shutdown.requested and self.dispatcher.open_at(portal, datetime.now(UTC))

    async def _reserved(self, login: str) -> Ticket | None:
        """The login's next task, when the pace lets it begin; none when the series is over."""
        reserved = self.ledger.reservations.of(login, self.worker) if login else None
        if reserved is None:
            return None
        await self.shutdown.pause(max(reserved.wait, 0.0))
        return reserved.ticket

    # --- one task

    async def _perform(self, task: Task) -> None:
        try:
            done = await self.performer.perform(task)
        except Interrupted as interrupted:
            logger.info("{}：{}", task.filing.employer.name, interrupted)
            self.ledger.tasks.put_back(task.ticket, self.worker)
        except Unanswered as silence:
            self._unanswered(task, silence)
        else:
            self._ended(task, done, self._onward(task))

    def _unanswered(self, task: Task, silence: Unanswered) -> None:
        """The series is over: the login's next filing would ask the same people, who are not there now."""
        if task.silences < self.settings.operator.times_in_line:
            logger.info("{}：{}，排到队尾", task.filing.employer.name, silence.message)
            self.ledger.tasks.put_back(task.ticket, self.worker, silent=True)
            return
        attempts = self.ledger.filings.state(task.filing_id).attempts
        self._ended(
            task, TaskResult(attempts, Outcome(silence.verdict, silence.message, silence.advice)), None
        )

    def _onward(self, task: Task) -> Continuation | None:
        portal = task.filing.portal_key
        if not (task.login and self._goes_on(portal)):
            return None
        per_minute = self.dispatcher.limits[portal].per_minute
        return Continuation(portal, task.login, per_minute, self.dispatcher.scope)

    def _ended(self, task: Task, done: TaskResult, onward: Continuation | None) -> None:
        again = None
        if done.outcome.verdict is Verdict.UNAVAILABLE:
            again = circuit_breaker.retry_delay(task.failures, self.settings.engine)
        if not self._keep(task, done, again, onward):
            logger.warning("{}：已由另一个办理程序接手，本次结论不采用", task.filing.employer.name)
            return
        if again is not None:
            what = f"{done.outcome.verdict.chinese}（{done.outcome.explanation}），{again:.0f} 秒后自动重试"
            self._tell(task, what)
        if done.refused:
            self._tell(task, "登录被平台拒绝：同一登录账号的其余办件一并转为需人工处理")
        self._count(task.filing.portal_key, done.outcome.verdict)

    def _keep(self, task: Task, done: TaskResult, again: float | None, onward: Continuation | None) -> bool:
        """Write down how a task ended; False where another worker took it over."""
        ticket, attempt, outcome = task.ticket, done.attempt, done.outcome
        if done.refused:
            return self.ledger.tasks.refuse_login(
                ticket, self.worker, attempt, outcome, login=task.login, refusal=done.refused
            )
        return self.ledger.tasks.end(ticket, self.worker, attempt, outcome, again_after=again, onward=onward)

    def _count(self, portal: str, verdict: Verdict) -> None:
        """Let the circuit breaker know; it may pause the portal."""
        state = self.ledger.portals.count_ending(portal, verdict)
        trip = circuit_breaker.trip(state, self.settings.engine, datetime.now(UTC))
        if trip and self.ledger.portals.pause(portal, trip.why, probe_at=trip.probe_at):
            self.tell(WorkerEvent(what=f"平台“{self.dispatcher.name(portal)}”：{trip.why}"))

    def _tell(self, task: Task, what: str) -> None:
        self.tell(WorkerEvent(task.batch_id, task.filing.row, task.filing.employer.name, what))
