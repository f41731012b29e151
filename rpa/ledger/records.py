"""What the ledger is told and what it answers: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from rpa.filing import Filing, Outcome, Verdict
from rpa.settings import Approve, Until

FilingKey = tuple[str, str, int, str]
"""Portal, item, year, credit code: see :attr:`rpa.filing.Filing.key`."""


class BatchState(StrEnum):
    """Whether a batch's filings are worked on."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"


class Work(StrEnum):
    """What is to be done for a row."""

    FILE = "FILE"
    """File it; where an intent stands, look it up instead."""
    LOOK_UP = "LOOK_UP"
    """Only look on the portal's list whether it is there (核实)."""
    TRACK = "TRACK"
    """Read again how the portal handles what was submitted (跟踪)."""


class TaskState(StrEnum):
    """Where a task is."""

    WAITING = "WAITING"
    """For its time, its batch or its portal."""
    QUEUED = "QUEUED"
    """Handed to the queue."""
    RUNNING = "RUNNING"
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One go at a task: what the queue holds. It says nothing about anybody."""

    task_id: int
    number: int

    def __str__(self) -> str:
        """As the queue and the log name it, e.g. ``31.2``."""
        return f"{self.task_id}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The ticket that :meth:`__str__` wrote."""
        task_id, _, number = text.partition(".")
        return cls(int(task_id), int(number))


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed task: this worker's, until it is ended or put back."""

    ticket: Ticket
    batch_id: str
    filing: Filing
    filing_id: int
    work: Work
    failures: int
    """How often it ended 平台不可用 and was tried again."""
    silences: int
    """How often nobody answered."""
    login: str = ""
    """Names the stored login of its row, which others may share; opaque; empty where it names none."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One kind of work on one batch: what a person who gave a command meant, and nothing else."""

    batch_id: str
    work: Work

    def covers(self, task: Task) -> bool:
        """Whether a task belongs to it."""
        return (task.batch_id, task.work) == (self.batch_id, self.work)


@dataclass(frozen=True, slots=True)
class Onward:
    """What a worker may go on with as soon as it has ended a task of a login."""

    portal: str
    """Its key."""
    login: str
    """As :attr:`Task.login` names it."""
    per_minute: int
    """So many filings of the portal may begin in any minute."""
    scope: Scope | None = None
    """Only what belongs to it; none for everything."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A login's next task, which is this worker's already."""

    ticket: Ticket
    wait: float
    """Seconds until the pace lets it begin; not more than 0: now."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker as its heartbeat shows it."""

    id: str
    host: str
    pid: int
    begun_at: datetime
    beat_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class PortalState:
    """How a portal's queue stands."""

    portal: str
    """With its environment, as in the filing's key."""
    changed: int = 0
    """PORTAL_CHANGED in a row."""
    unavailable: int = 0
    """UNAVAILABLE in a row."""
    paused_at: datetime | None = None
    why: str = ""
    """In Chinese, for the operator."""
    probe_at: datetime | None = None
    """When it is looked at again; none while paused: a person resumes it."""
    probes: int = 0


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
    """Rows that ended in the last :data:`rpa.ledger.progress.RECENT`."""
    next_due: datetime | None
    """When the first row that waits for its time goes on."""


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
class FilingState:
    """How a filing stands."""

    filing_id: int
    key: FilingKey
    employer: str
    """Name of the employer."""
    attempts: int = 0
    """Attempts begun so far."""
    intent_at: datetime | None = None
    """When the commit was about to be made: set means it is never made again."""
    outcome: Outcome | None = None
    """The newest outcome; none while the first attempt runs, or after a crash in it."""
    row: int | None = None
    """Row number in the batch that was asked about."""

    @property
    def verdict(self) -> Verdict | None:
        """The newest outcome's verdict."""
        return self.outcome.verdict if self.outcome else None


@dataclass(frozen=True, slots=True)
class NewRequest:
    """Something that a person must answer."""

    kind: str
    """One of ``rpa.operator.request.Kind``."""
    question: str
    """What is asked, in Chinese."""
    deadline: datetime
    """When an answer is no longer of use (aware)."""
    employer: str = ""
    portal: str = ""
    batch_id: str | None = None
    filing_id: int | None = None
    worker: str = ""
    """Who waits for the answer; when that worker is dead, the request is withdrawn."""
    picture: bytes | None = field(default=None, repr=False)
    picture_type: str = "image/png"
    refreshable: bool = False
    """Whether another picture can be had."""
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What an approval shows beside the picture; plain JSON values."""
    first: bool = False
    """Comes before all others: the last answer was wrong, and its picture is already another one."""


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that nobody has answered yet."""

    id: str
    """Short enough to type, e.g. ``17``."""
    kind: str
    question: str
    deadline: datetime
    employer: str
    portal: str
    place: int
    """Place in line, 1 first."""
    batch_id: str | None = None
    filing_id: int | None = None
    picture_id: str | None = None
    """Names the picture that an answer answers, e.g. ``17.2``; none where there is no picture."""
    picture_type: str = ""
    refreshable: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)
    first: bool = False
    holder: str = ""
    """The page that shows it to a person now (opaque); empty for none."""
    held_by: str = ""
    """That person's name."""


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
class View:
    """What the browser session of a running task shows."""

    task_id: int
    batch_id: str
    row: int
    employer: str
    portal: str
    step: str
    number: int
    """Counts its frames; 0: there is none yet."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long a portal's filings take lately, and how much of that they wait for a person."""

    filings: int
    """So many were looked at."""
    person_seconds: float
    """S: of a person's time for each filing; 0 where nobody was needed."""
    other_seconds: float
    """Z: of the machine and the portal, for each filing."""
    spread_seconds: float = 0.0
    """By so much Z differs from filing to filing: one standard deviation."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a person looks at to answer."""

    id: str
    type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered."""

    text: str = field(repr=False)
    who: str
    at: datetime
