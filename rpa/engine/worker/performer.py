"""Does what a task asks for, in a browser: the part of a worker that knows portals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Protocol

from rpa.browser.session import Session
from rpa.browser.shared_browser import SharedBrowser
from rpa.browser.surroundings import Surroundings
from rpa.browser.translate import translated
from rpa.credentials.store import Credentials
from rpa.engine.attempt.approvals import Approvals
from rpa.engine.attempt.catalog import province
from rpa.engine.attempt.job import AttemptContext, Job, TaskResult
from rpa.engine.attempt.personal_data import masking_personal_data
from rpa.engine.attempt.runner import Runner
from rpa.engine.attempt.session_pool import SessionPool
from rpa.engine.attempt.session_store import SessionStore
from rpa.engine.attempt.surroundings import recording_environment
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.live_view import LiveView
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import Drained
from rpa.evidence.recorder import Recorder
from rpa.ledger.data.tasks import Task, Work
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Channel, Desk
from rpa.privacy.masks import hiding, redact, redact_outcome
from rpa.settings.settings import Settings


class Performer(Protocol):
    """What a worker leaves to others."""

    async def perform(self, task: Task) -> TaskResult:
        """Do a task.

        Raises:
            Unanswered: nobody answered a request; nothing was committed.
            Interrupted: it ended without a verdict; nothing was committed by it.
        """

    async def end_series(self, login: str) -> None:
        """No other task of a login (:attr:`Task.login`) follows: end what was kept for it."""

    async def probe(self, portal: str) -> None:
        """See whether a portal (a key of the settings) is well.

        Raises:
            Stop: it is not.
        """

    async def close(self) -> None:
        """Let go of what it holds."""


class BrowserPerformer:
    """Performs in a real browser at the real portal (or the mock one).

    Args:
        settings: of the machine and the portals.
        ledger: the truth about filings.
        worker: who works, for the ledger.
        channels: the ways to ask a person in this process.
        shutdown: whether the worker was asked to stop.
        tell: told of every step.
    """

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        worker: str,
        channels: Sequence[Channel],
        shutdown: Shutdown,
        tell: Callable[[WorkerEvent], None],
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._worker = worker
        self._shutdown = shutdown
        self._tell = tell
        self._browser = SharedBrowser(settings.browser)
        self._sessions = SessionPool(
            self._browser.running, SessionStore(settings.home / "sessions", ledger.seal)
        )
        self._live = LiveView(ledger.live_pictures, worker)
        self._surroundings = Surroundings()
        self._decided: defaultdict[str, set[str]] = defaultdict(set)
        """Batch → what a person has said yes to for all of its filings."""
        self._desk = Desk(
            ledger.requests, channels, settings=settings.operator, shutdown=shutdown, worker=worker
        )

    async def perform(self, task: Task) -> TaskResult:
        """See :meth:`Performer.perform`; evidence goes into the batch's folder."""
        state = self._ledger.filings.state(task.filing_id)
        if task.work is Work.FILE and state.outcome and state.outcome.verdict.final:
            return TaskResult(state.attempts, state.outcome)  # done meanwhile, from another workbook
        folder = self._settings.evidence_root / task.batch_id
        hidden = hiding(task.filing.employer.personal)
        with Recorder(folder, task.filing, operator=self._settings.person) as recorder, hidden:
            job = Job(task.filing, task.filing_id, task.ticket, recorder, self._steps_of(task))
            try:
                done = await Runner(self._context(task), partial(self._session, task, recorder)).run(
                    job, task.work
                )
            except Drained as drained:
                recorder.line("停下", message=str(drained))
                raise
            done = replace(done, outcome=redact_outcome(done.outcome))
            recorder.ended(done.outcome)
        return done

    async def end_series(self, login: str) -> None:
        """Close the login's browser session, see :meth:`Performer.end_series`."""
        await self._sessions.end_series(login)

    async def probe(self, portal: str) -> None:
        """See :meth:`Performer.probe`: opens the portal's first page and types nothing."""
        with translated():
            async with Session.open(await self._browser.running(), self._settings.portals[portal]) as session:
                session.waiter.interruptions = province(portal).interruptions
                await province(portal).probe(session)

    async def warm(self) -> None:
        """Start the browser before the first task needs it.

        Raises:
            UserError: none can be started.
        """
        await self._browser.running()

    async def close(self) -> None:
        """End the sessions, and the browser."""
        await self._live.close()
        await self._sessions.close()
        await self._browser.close()

    @asynccontextmanager
    async def _session(self, task: Task, recorder: Recorder) -> AsyncIterator[Session]:
        """The session of an attempt, shown to whoever looks; where it works is written down."""
        portal = self._settings.portals[task.filing.portal]
        async with self._sessions.open(task.filing, task.login, portal) as session:
            credentials = Credentials(self._settings.home)
            with self._live.showing(task.ticket.task_id, session):
                async with (
                    recording_environment(self._surroundings, session, recorder),
                    masking_personal_data(session, task.filing, credentials),
                ):
                    yield session

    def _context(self, task: Task) -> AttemptContext:
        batch = self._ledger.batches.get(task.batch_id)
        approvals = Approvals(batch.approve, self._ledger.batches, batch.id, task.ticket, self._shutdown)
        return AttemptContext(
            batch_id=batch.id,
            settings=self._settings,
            ledger=self._ledger,
            desk=self._desk,
            approvals=approvals,
            shutdown=self._shutdown,
            worker=self._worker,
            until=batch.until,
            decided=self._decided[batch.id],
        )

    def _steps_of(self, task: Task) -> Callable[[str], None]:
        def on_step(name: str) -> None:
            name = redact(name)  # may tell what the portal said
            self._live.step(task.ticket.task_id, name)
            self._tell(WorkerEvent(task.batch_id, task.filing.row, task.filing.employer.name, name))

        return on_step
