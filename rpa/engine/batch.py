"""A whole batch: workbook in, filings worked on several at a time, results and evidence out."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from loguru import logger
from playwright.async_api import async_playwright

from rpa.browser.launch import launch
from rpa.browser.session import robot
from rpa.engine.approvals import Approvals
from rpa.engine.attempt import Job, Run
from rpa.engine.output import Output
from rpa.engine.pace import Pace
from rpa.engine.records import BatchResult, Entry, Progress, RunOptions
from rpa.engine.runner import Runner
from rpa.errors import Unanswered, UserError
from rpa.evidence.files import sha256_of
from rpa.filing import CHINA, Filing, Outcome, Verdict
from rpa.ledger.ledger import Ledger
from rpa.ledger.records import Batch, FilingState
from rpa.operator.desk import Channel, Desk
from rpa.settings import Settings
from rpa.workbook.preflight import Blocked, Preflight, check
from rpa.workbook.reader import read_sheet

__all__ = ["BatchResult", "Entry", "Progress", "RunOptions", "run_batch"]

_CHANGED_IN_A_ROW = 3
"""So many PORTAL_CHANGED one after the other stop the portal's part of the batch."""


@dataclass
class _Line:
    """The filings still to do; several workers take from its front."""

    waiting: deque[tuple[Filing, FilingState]]
    asked: Counter[int] = field(default_factory=Counter)
    """Filing → how often nobody answered."""
    changed: Counter[str] = field(default_factory=Counter)
    """Portal → PORTAL_CHANGED in a row."""
    paces: dict[str, Pace] = field(default_factory=dict)
    """Portal → its pace."""

    def pace(self, portal: str, seconds: float) -> Pace:
        """The pace of one portal, which all workers keep together."""
        return self.paces.setdefault(portal, Pace(seconds))


async def run_batch(
    workbook: Path,
    settings: Settings,
    options: RunOptions,
    *,
    channels: Sequence[Channel],
    progress: Callable[[Progress], None],
) -> BatchResult:
    """Run every filing of a workbook; run again, it goes on where it stopped.

    Args:
        workbook: read only; results go into a copy beside it.
        settings: of the machine and the portals.
        options: of this run.
        channels: the ways to ask a person in this process.
        progress: told of every step and ending.

    Raises:
        UserError: the workbook cannot be read, or no browser can be started.
    """
    today = options.today or datetime.now(CHINA).date()
    sheet = read_sheet(workbook, settings=settings.workbook, password=options.password)
    sheet_digest = sha256_of(workbook)
    preflight = check(sheet, portals=settings.portals, today=today)
    with Ledger.open(settings.ledger_url) as ledger:
        batch = ledger.open_batch(
            name=workbook.stem,
            workbook=workbook,
            workbook_sha256=sheet_digest,
            evidence=settings.evidence_root,
        )
        with _alone(settings.home / f"{batch.id}.lock"):
            ledger.withdraw_all(batch.id)
            states = ledger.enrol_all(batch.id, preflight.filings)
            output = Output(batch, sheet, settings)
            run = _Run(batch, preflight, settings, options, ledger, output, progress)
            return await run.run(list(zip(preflight.filings, states, strict=True)), channels)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time work on a batch: two would write into one evidence folder.

    Raises:
        UserError: another one does.
    """
    try:
        with FileLock(lock, blocking=False):
            yield
    except Timeout:
        raise UserError("这个工作簿正在另一个窗口办理，请等它结束；进度见那个窗口或 rpa requests") from None


class _Run:
    """The state of one run of one batch."""

    def __init__(
        self,
        batch: Batch,
        preflight: Preflight,
        settings: Settings,
        options: RunOptions,
        ledger: Ledger,
        output: Output,
        progress: Callable[[Progress], None],
    ) -> None:
        self._batch = batch
        self._preflight = preflight
        self._settings = settings
        self._options = options
        self._ledger = ledger
        self._output = output
        self._progress = progress
        self._entries: dict[int, Entry] = {}
        self._total = len(preflight.filings) + len(preflight.blocked)

    async def run(
        self, filings: Sequence[tuple[Filing, FilingState]], channels: Sequence[Channel]
    ) -> BatchResult:
        for blocked in self._preflight.blocked:
            self._end_blocked(blocked)
        for filing, _ in filings:
            self._output.show(filing, self._portal_name(filing))
        to_do: deque[tuple[Filing, FilingState]] = deque()
        for filing, state in filings:
            if state.outcome and state.outcome.verdict.final:
                self._end(filing, state.outcome, state.attempts)
            else:
                to_do.append((filing, state))
        # Before anything is filed: a folder that cannot take the results must not be found out at the end.
        await self._output.refresh(force=True)
        try:
            if to_do:
                await self._work(_Line(to_do), channels)
        finally:
            await self._output.finish()
        return BatchResult(
            self._batch.id,
            self._batch.name,
            tuple(self._entries[row] for row in sorted(self._entries)),
            self._output.results,
            self._batch.evidence,
        )

    async def _work(self, line: _Line, channels: Sequence[Channel]) -> None:
        settings = self._settings
        desk = Desk(self._ledger, channels, settings=settings.operator)
        async with async_playwright() as playwright:
            browser = await launch(playwright, settings.browser)
            async with robot(settings.browser, playwright, browser) as machine:
                approvals = Approvals(self._options.approve)
                run = Run(self._batch.id, settings, self._ledger, desk, approvals, self._options.until)
                runner = Runner(machine, run)
                workers = min(self._options.concurrency or settings.engine.concurrency, len(line.waiting))
                try:
                    async with asyncio.TaskGroup() as group:
                        for _ in range(workers):
                            group.create_task(self._take_turns(runner, line))
                except* UserError as errors:
                    raise _first(errors) from None
            await browser.close()

    async def _take_turns(self, runner: Runner, line: _Line) -> None:
        while line.waiting:
            filing, state = line.waiting.popleft()
            if line.changed[filing.portal] >= _CHANGED_IN_A_ROW:
                self._end(filing, _not_begun(), state.attempts)
                continue
            await line.pace(filing.portal, self._settings.portals[filing.portal].filing_pause).turn()
            await self._one(runner, line, filing, state)

    async def _one(self, runner: Runner, line: _Line, filing: Filing, state: FilingState) -> None:
        def on_step(name: str) -> None:
            self._tell(filing.row, filing.employer.name, name, None)

        try:
            with self._output.recorder(filing) as recorder:
                outcome = await runner.run(Job(filing, state.filing_id, recorder, on_step))
        except Unanswered as silence:
            line.asked[state.filing_id] += 1
            if line.asked[state.filing_id] <= self._settings.operator.times_in_line:
                logger.info("{}：{}，排到队尾", filing.employer.name, silence.message)
                line.waiting.append((filing, state))
                return
            outcome = Outcome(silence.verdict, silence.message, silence.advice)
            self._ledger.record(state.filing_id, self._ledger.state(state.filing_id).attempts, outcome)
        line.changed[filing.portal] = (
            line.changed[filing.portal] + 1 if outcome.verdict is Verdict.PORTAL_CHANGED else 0
        )
        self._end(filing, outcome, self._ledger.state(state.filing_id).attempts)
        await self._output.refresh()

    def _end(self, filing: Filing, outcome: Outcome, attempts: int) -> None:
        employer = filing.employer
        portal = self._portal_name(filing)
        entry = Entry(filing.row, employer.name, employer.code, portal, outcome, attempts)
        self._output.ended(entry, filing)
        self._take(entry)

    def _end_blocked(self, blocked: Blocked) -> None:
        """A row that the check refused: no filing, but a row of the results like any other."""
        outcome = Outcome(Verdict.NEEDS_PERSON, blocked.explanation, blocked.advice)
        entry = Entry(blocked.row, blocked.name, blocked.code, blocked.portal, outcome)
        self._output.ended(entry)
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        self._entries[entry.row] = entry
        self._tell(entry.row, entry.employer, "", entry.outcome)

    def _portal_name(self, filing: Filing) -> str:
        return self._settings.portals[filing.portal].name

    def _tell(self, row: int, employer: str, step: str, outcome: Outcome | None) -> None:
        self._progress(Progress(row, employer, step, outcome, len(self._entries), self._total))


def _not_begun() -> Outcome:
    return Outcome(
        Verdict.PORTAL_CHANGED,
        f"本平台连续 {_CHANGED_IN_A_ROW} 笔遇到页面变更，其余未开始办理",
    )


def _first(errors: BaseExceptionGroup[UserError]) -> UserError:
    for error in errors.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("an exception group is never empty")
