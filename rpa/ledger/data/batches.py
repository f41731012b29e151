"""A batch and how far it is: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from rpa.filing import RowStatus, Verdict
from rpa.ledger.data.tasks import TaskState
from rpa.settings.settings import Approve, Until


class BatchState(StrEnum):
    """Whether a batch's filings are worked on."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Batch:
    """The filings of one workbook."""

    id: str
    """Short and readable, e.g. ``B20261121-3``: the third batch of that day (UTC+8)."""
    name: str
    workbook: Path
    workbook_sha256: str
    """Of the workbook as it was read last (hex)."""
    created_at: datetime
    state: BatchState = BatchState.ACTIVE
    until: Until = "submit"
    approve: Approve = "first"
    blocked: tuple[int, ...] = ()
    """Rows that the check refused."""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is: counts alone, so that 50,000 rows take no time."""

    batch: Batch
    total: int
    """Rows, blocked ones included."""
    states: Mapping[TaskState, int]
    verdicts: Mapping[Verdict, int]
    """Of the rows that are done; blocked rows count as NEEDS_PERSON."""
    portals: Mapping[str, Mapping[str, int]]
    """Portal → verdict or, where not done, task state → rows."""
    recent: int
    """Rows that ended in the last :data:`rpa.ledger.batches.counts.RECENT`."""
    next_due: datetime | None
    """When the first row that waits for its time goes on."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person did beside answering."""

    at: datetime
    who: str
    what: str
    """In Chinese, as in “暂停批次”."""
    batch_id: str | None = None
    portal: str | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of a batch: how it stands, and where its task is."""

    status: RowStatus
    state: TaskState | None
    """None: nothing was ever planned for it."""
    due_at: datetime | None
    """When it goes on; of account only while it waits."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows of a batch; all of them where nothing is said."""

    kind: str = ""
    """A verdict, or the state of a task that is not done."""
    text: str = ""
    """In the employer's name, the credit code, or the row's number."""
    row: int | None = None
    """This row alone."""
