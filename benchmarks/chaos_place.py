"""Where the filings of a chaos run arrive, and what must be there in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from openpyxl import load_workbook

from benchmarks.chaos_worker import Orders
from benchmarks.portal import Portal, portal_process
from benchmarks.sides import TODAY
from benchmarks.stub import FilePortal, filings, planned
from rpa.engine.batch.data import ProgressUpdate, RunOptions
from rpa.engine.batch.follower import Follower
from rpa.engine.batch.intake import Intake, enter, read
from rpa.evidence.bag.verify import verify
from rpa.filing import Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings
from rpa.workbook.columns import BY_KEY
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample

_COMMIT_MILLISECONDS = 500
"""The mock portal takes so long over a submission: time to die between intent and answer."""


class Place(Protocol):
    """A portal with a journal."""

    at_once: int
    dead_seconds: float

    @property
    def spread(self) -> float:
        """Seconds over which a kill is put off, at random, once something runs."""

    @property
    def portal(self) -> Mapping[str, Any]:
        """Settings of the portal."""

    def plan(self, ledger: Ledger, settings: Settings) -> Batch:
        """Enter the filings."""

    def orders(self, home: Path, url: str, settings: dict[str, Any]) -> Orders:
        """What a worker is told."""

    def commits(self) -> Counter[str]:
        """Credit code → how often it arrived."""

    def faults(self, ledger: Ledger, batch: Batch, settings: Settings) -> Iterator[str]:
        """What is wrong with what the workers left."""


@dataclass
class FilePlace:
    """The stub's journal: many filings, and a wide window between intent and commit."""

    folder: Path
    filings: int
    seconds: float
    guarded: bool
    logins: int = 0
    at_once: int = 4
    dead_seconds: float = 1.0

    @property
    def spread(self) -> float:
        return 2 * self.seconds

    @property
    def portal(self) -> Mapping[str, Any]:
        return {}

    @cached_property
    def _file(self) -> FilePortal:
        return FilePortal(self.folder / "journal")

    def plan(self, ledger: Ledger, settings: Settings) -> Batch:
        return planned(ledger, settings.home, filings(self.filings, logins=self.logins))

    def orders(self, home: Path, url: str, settings: dict[str, Any]) -> Orders:
        return Orders(
            str(home),
            url,
            settings,
            journal=str(self._file.path),
            seconds=self.seconds,
            guarded=self.guarded,
        )

    def commits(self) -> Counter[str]:
        return self._file.commits()

    def faults(self, ledger: Ledger, batch: Batch, settings: Settings) -> Iterator[str]:
        yield from ()


@dataclass
class MockPlace:
    """The mock portal, with the real flow in a real browser."""

    folder: Path
    filings: int
    mock: Portal
    at_once: int = 3
    dead_seconds: float = 3.0
    spread: float = 10.0

    @property
    def portal(self) -> Mapping[str, Any]:
        return {"base_url": self.mock.url}

    @property
    def workbook(self) -> Path:
        return self.folder / "稳岗返还.xlsx"

    def intake(self, settings: Settings) -> Intake:
        return read(self.workbook, settings, RunOptions(today=TODAY))

    def plan(self, ledger: Ledger, settings: Settings) -> Batch:
        return enter(self.intake(settings), ledger, settings, RunOptions(approve="first", today=TODAY))

    def orders(self, home: Path, url: str, settings: dict[str, Any]) -> Orders:
        return Orders(str(home), url, settings, portal_url=self.mock.url, portal_token=self.mock.token)

    def commits(self) -> Counter[str]:
        return Counter(self.mock.commits())

    def faults(self, ledger: Ledger, batch: Batch, settings: Settings) -> Iterator[str]:
        if ledger.dialect == "postgresql":  # where nobody has the workbook until somebody asks
            asyncio.run(_results(Follower(batch, self.intake(settings), settings, ledger, _unheard)))
        found = verify(settings.evidence_root / batch.id)
        if not (found.sealed and found.intact):
            yield f"evidence: {found.summary} {'; '.join(map(str, found.problems[:5]))}"
        books = [path for path in self.folder.glob("*.xlsx") if path != self.workbook]
        if not books:
            yield "no result workbook"
            return
        said = _verdicts(max(books, key=lambda path: path.stat().st_mtime_ns))
        if said != {Verdict.SUBMITTED.chinese: self.filings}:
            yield f"results: {dict(said)}"


@contextmanager
def mock_place(folder: Path, count: int) -> Iterator[MockPlace]:
    """A mock portal that knows so many employers, and their workbook."""
    place = folder / "workbook"
    place.mkdir()
    workbook = write_sample(place / "稳岗返还.xlsx", sample_rows(count, TODAY.year), portals=["河南"])
    with portal_process(workbook) as mock:
        mock.call(
            "faults",
            {
                "kind": "latency",
                "where": "submit",
                "times": None,
                "milliseconds": _COMMIT_MILLISECONDS,
            },
        )
        yield MockPlace(place, count, mock)


async def _results(follower: Follower) -> None:
    """What ``rpa results`` does."""
    await follower.begin()
    await follower.finish()


def _unheard(_: ProgressUpdate) -> None:
    """Nobody watches."""


def _verdicts(book: Path) -> Counter[str]:
    """How many rows of a result workbook say what."""
    header = BY_KEY["verdict"].header
    with closing(load_workbook(book, read_only=True)) as opened:
        rows = iter(opened.worksheets[0].iter_rows(values_only=True))
        column = next(row.index(header) for row in rows if header in row)
        return Counter(str(row[column]) for row in rows if row[column])
