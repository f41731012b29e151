"""Follows a batch in the ledger, whoever works on it, and keeps its results and report up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from rpa.engine.batch.data import BatchResult, ProgressUpdate
from rpa.engine.batch.intake import Intake
from rpa.engine.batch.output import Output
from rpa.engine.batch.sealing import seal_batch
from rpa.engine.worker.events import WorkerEvent
from rpa.errors import LedgerDown
from rpa.filing import EndedRow, Filing, Outcome, PortalKey, Verdict
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import Work
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings
from rpa.workbook.preflight import Blocked

_LOOK_SECONDS = 0.25
_OVERLAP = timedelta(seconds=30)
"""Endings of other machines may appear a little late, by clocks that differ a little."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


class Follower:
    """One batch's way from its tasks to its result workbook.

    Args:
        batch: which.
        intake: its workbook as it was read.
        settings: for names, folders and the pace of rewriting.
        ledger: the truth.
        progress: told of every step and ending.
        work: what is done for the rows now.
    """

    def __init__(
        self,
        batch: Batch,
        intake: Intake,
        settings: Settings,
        ledger: Ledger,
        progress: Callable[[ProgressUpdate], None],
        *,
        work: Work | None = None,
    ) -> None:
        self._batch = batch
        self._work = work
        self._settings = settings
        self._ledger = ledger
        self._progress = progress
        self._preflight = intake.preflight
        self._filings = {filing.row: filing for filing in intake.preflight.filings}
        self._output = Output(batch, intake.sheet, settings)
        self._rows: dict[int, EndedRow] = {}
        self._told: dict[int, tuple[int, Outcome]] = {}
        self._since = _EVER
        self._total = len(intake.preflight.filings) + len(intake.preflight.blocked)

    async def begin(self) -> None:
        """Take up the rows that have ended already, and write the results once.

        Before anything is filed: a folder that cannot take the results must not be found out at the end.
        """
        for blocked in self._preflight.blocked:
            self._end_blocked(blocked)
        for filing in self._filings.values():
            self._output.show(filing, self._name(filing.portal_key))
        self._catch_up()
        await self._output.refresh(force=True)

    async def follow(self) -> None:
        """Take up endings as they come, until cancelled."""
        while True:
            with suppress(LedgerDown):  # the worker says so
                await self.look()
            await asyncio.sleep(_LOOK_SECONDS)  # the ledger may be another machine's: it cannot call us

    async def look(self) -> None:
        """Take up what has ended since the last look, and write it when it is time to."""
        self._catch_up()
        await self._output.refresh()

    async def finish(self) -> BatchResult:
        """Take up the last endings, write everything, and say how the batch stands."""
        self._catch_up()
        notes, waiting = self._left_over()
        await self._output.finish()
        if not self._ledger.counts.running(self._batch.id):
            notes += await asyncio.to_thread(seal_batch, self._batch.id, self._ledger, self._settings)
        return BatchResult(
            self._batch.id,
            self._batch.name,
            tuple(self._rows[row] for row in sorted(self._rows)),
            self._output.results,
            self._settings.evidence_root / self._batch.id,
            unfinished=waiting,
            notes=notes,
        )

    def done(self) -> bool:
        """Whether nothing of the batch goes on by itself any more."""
        left = self._ledger.counts.unfinished(self._batch.id, self._work)
        if not left:
            return True
        stopped = self._ledger.batches.get(self._batch.id).state is not BatchState.ACTIVE
        stuck = stopped or left.keys() <= self._held().keys()
        return stuck and self._ledger.counts.running(self._batch.id) == 0

    def hear(self, news: WorkerEvent) -> None:
        """Pass a worker's news on to the screen."""
        if news.batch_id in ("", self._batch.id):
            self._tell(news.row, news.employer, news.what, None)

    def _held(self) -> dict[str, str]:
        """Portals that wait for a person, and why."""
        states = self._ledger.portals.states()
        return {one.portal: one.why for one in states if one.paused_at and not one.probe_at}

    def _catch_up(self) -> None:
        """Take up what has ended since the last look."""
        now = datetime.now(UTC)
        rows = self._ledger.counts.ended_since(self._batch.id, self._since)
        for state in self._ledger.filings.states_of_rows(self._batch.id, rows):
            self._take_up(state)
        self._since = now - _OVERLAP

    def _take_up(self, state: FilingState) -> None:
        filing = self._filings.get(state.row or 0)
        if filing is None or state.outcome is None:
            return
        mark = (state.attempts, state.outcome)
        if self._told.get(filing.row) != mark:
            self._told[filing.row] = mark
            self._end(filing, state.outcome, state.attempts)

    def _left_over(self) -> tuple[tuple[str, ...], int]:
        """What to tell about rows that have not ended, and how many simply wait."""
        left = self._ledger.counts.unfinished(self._batch.id)
        held = self._held()
        rows = [row for row in self._filings if row not in self._rows]
        states = {state.row: state for state in self._ledger.filings.states_of_rows(self._batch.id, rows)}
        for row, state in states.items():
            filing = self._filings[row or 0]
            if why := held.get(filing.portal_key):
                outcome = state.outcome or Outcome(Verdict.PORTAL_CHANGED, f"{why}；本户未开始办理")
                self._end(filing, outcome, state.attempts)
            elif state.outcome and state.outcome.verdict.final:
                self._end(filing, state.outcome, state.attempts)  # to be looked at again, but proved already
        notes = tuple(f"平台“{self._name(key)}”：{held[key]}" for key in left if key in held)
        return notes, sum(number for key, number in left.items() if key not in held)

    def _end(self, filing: Filing, outcome: Outcome, attempts: int) -> None:
        portal = self._name(filing.portal_key)
        self._take(EndedRow.of(filing, portal=portal, outcome=outcome, attempts=attempts))

    def _end_blocked(self, blocked: Blocked) -> None:
        """A row that the check refused: no filing, but a row of the results like any other."""
        outcome = Outcome(Verdict.NEEDS_PERSON, blocked.explanation, blocked.advice)
        self._take(EndedRow(blocked.row, blocked.name, blocked.code, blocked.portal, outcome))

    def _take(self, row: EndedRow) -> None:
        self._output.ended(row)
        self._rows[row.row] = row
        self._tell(row.row, row.employer, "", row.outcome)

    def _name(self, key: str) -> str:
        return self._settings.portals[PortalKey(key).name].name

    def _tell(self, row: int, employer: str, step: str, outcome: Outcome | None) -> None:
        self._progress(ProgressUpdate(row, employer, step, outcome, len(self._rows), self._total))


async def write_results(batch: Batch, intake: Intake, settings: Settings, ledger: Ledger) -> BatchResult:
    """Bring a batch's result workbook and report up to date, without working on it."""
    follower = Follower(batch, intake, settings, ledger, lambda _: None)
    await follower.begin()
    return await follower.finish()
