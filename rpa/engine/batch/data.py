"""What a run is told and what it leaves: plain data for commands, screen and result workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rpa.evidence.files import REPORT, payload
from rpa.filing import EndedRow, Outcome, Verdict
from rpa.ledger.data.tasks import Work
from rpa.settings.settings import Approve, Until


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a person chose for one run."""

    until: Until = "submit"
    approve: Approve = "first"
    work: Work = Work.FILE
    """What is done for the batch's rows; where something else is still to do, it waits."""
    concurrency: int | None = None
    """None: as configured."""
    today: date | None = None
    """None: today in China."""
    password: Callable[[], str] | None = None
    """Asked for when the workbook is encrypted."""
    who: str = ""
    """The person who chose it, as the audit trail names them; empty: who sits at this machine."""


@dataclass(frozen=True, slots=True)
class ProgressUpdate:
    """One piece of news for the screen."""

    row: int
    """0 when it concerns no single row."""
    employer: str
    step: str
    """The step that begins, or what happened; empty when the filing has ended."""
    outcome: Outcome | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a run leaves."""

    batch_id: str
    name: str
    entries: tuple[EndedRow, ...]
    results: Path
    """The result workbook."""
    evidence: Path
    """The batch's bag; :attr:`report` is in it."""
    unfinished: int = 0
    """Rows that still wait in the queue."""
    notes: tuple[str, ...] = ()
    """What the operator has to know besides, in Chinese."""

    @property
    def report(self) -> Path:
        """The page to open."""
        return payload(self.evidence) / REPORT

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows have each verdict."""
        return Counter(row.verdict for row in self.entries)
