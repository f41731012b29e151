"""Filings without a browser: the queue, the ledger and a portal that is one file.

The portal keeps a line for each commit, as the mock portal's journal does, so that one can count what
arrived. What a worker does around it (claim, intent, look-up instead of a second click, clearing) is
the real thing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stdnum.cn import uscc

from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker.shutdown import Shutdown
from rpa.filing import Employer, Filing, Outcome, Record, Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import Task, Work
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

YEAR = 2026


@dataclass
class FilePortal:
    """A portal's journal: one line for each commit."""

    path: Path

    def commit(self, code: str) -> None:
        """Let a filing arrive."""
        _add(self.path, code)

    def commits(self) -> Counter[str]:
        """How often each filing arrived."""
        return Counter(_lines(self.path))

    def sign(self, what: str, login: str) -> None:
        """Let somebody sign ``in`` or ``out``."""
        _add(self._visits, f"{what} {login}")

    def sign_ins(self) -> Counter[str]:
        """How often each login was made."""
        return Counter(login for what, login in self._visited() if what == "in")

    def most_at_once(self) -> int:
        """How many sessions of one login there were at the same time, at most."""
        open_now: Counter[str] = Counter()
        most = 0
        for what, login in self._visited():
            open_now[login] += 1 if what == "in" else -1
            most = max(most, open_now[login])
        return most

    @property
    def _visits(self) -> Path:
        return self.path.with_suffix(".visits")

    def _visited(self) -> Sequence[Sequence[str]]:
        return [line.split() for line in _lines(self._visits)]


def _add(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def _lines(path: Path) -> Sequence[str]:
    return path.read_text().splitlines() if path.exists() else []


@dataclass
class StubPerformer:
    """Files at a :class:`FilePortal`; a third of ``seconds`` each to intent, commit and end.

    For a task with a login it signs in, and stays so until it is told to let go.
    """

    ledger: Ledger
    settings: Settings
    portal: FilePortal
    worker: str
    shutdown: Shutdown
    seconds: float = 0.0
    person: str = "测试员"
    """Declares that a commit never arrived, where the list says so twice."""
    guarded: bool = True
    """False: clicks whatever the ledger says of the intent. To see that a test would notice."""
    signed_in: set[str] = field(default_factory=set)

    async def perform(self, task: Task) -> TaskResult:
        """A filing's attempts, as ``rpa.engine.attempt.runner`` makes them."""
        if task.login and task.login not in self.signed_in:
            self.signed_in.add(task.login)
            self.portal.sign("in", task.login)
        code, work = task.filing.employer.code, task.work
        while True:
            number = self.ledger.filings.begin_attempt(task.filing_id, self.worker, ticket=task.ticket)
            standing = self.guarded and self.ledger.filings.state(task.filing_id).intent_at
            if standing or work is not Work.FILE:
                outcome = self._look_up(task, work)
                if outcome is None:
                    work = Work.FILE
                    continue
                return TaskResult(number, outcome)
            await self._wait()
            self.shutdown.check()
            won = self.ledger.intents.win(task.filing_id, number, batch_id=task.batch_id)
            if self.guarded and not won:
                continue
            await self._wait()
            self.portal.commit(code)
            await self._wait()
            return TaskResult(number, _submitted(code))

    async def end_series(self, login: str) -> None:
        """Sign out."""
        if login in self.signed_in:
            self.signed_in.remove(login)
            self.portal.sign("out", login)

    async def probe(self, portal: str) -> None:
        """The file is always well."""

    async def close(self) -> None:
        """Nothing is held."""

    def _look_up(self, task: Task, work: Work) -> Outcome | None:
        """What the journal says; none when the intent was cleared."""
        code = task.filing.employer.code
        if self.portal.commits()[code]:
            self.ledger.intents.note_found(task.filing_id)
            return _submitted(code)
        since = self.ledger.intents.note_missing(task.filing_id)
        waited = timedelta(seconds=self.settings.engine.clear_after)
        old = since is not None and datetime.now(UTC) - since >= waited
        if since and old and work is Work.LOOK_UP:
            cleared = self.ledger.intents.clear(task.filing_id, who=self.person, missing_since=since)
            return None if cleared else Outcome(Verdict.UNCONFIRMED, "没有查到")
        return Outcome(Verdict.UNCONFIRMED, "没有查到")

    async def _wait(self) -> None:
        if self.seconds:
            await self.shutdown.pause(self.seconds / 3)


def _submitted(code: str) -> Outcome:
    return Outcome(
        Verdict.SUBMITTED, "已核实", record=Record("稳岗返还", code), submitted_at=datetime.now(UTC)
    )


def filings(count: int, *, logins: int = 0) -> Sequence[Filing]:
    """Filings of fictional employers, who share so many stored logins, if any, in turn."""
    made = []
    for number in range(count):
        body = f"91410100MA{number:07d}"
        employer = Employer(
            name=f"试验企业{number}有限公司",
            code=body + uscc.calc_check_digit(body),
            login_name=f"经办{number % logins}" if logins else "",
        )
        made.append(Filing("henan", "南阳", "2024", "稳岗返还", YEAR, employer, row=number + 2))
    return made


def planned(ledger: Ledger, folder: Path, rows: Sequence[Filing]) -> Batch:
    """A batch of these filings, to be worked on."""
    batch = ledger.batches.open(name="批次", workbook=folder / "批次.xlsx", workbook_sha256="0" * 64)
    ledger.filings.enrol(batch.id, rows)
    batch = ledger.batches.start(batch.id, until="submit", approve="none", blocked=[])
    ledger.plans.make(batch.id, Work.FILE)
    return batch
