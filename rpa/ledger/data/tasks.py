"""What is to do, and a right to do it: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from rpa.filing import Filing


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
    """One turn of a task: what the queue holds. It says nothing about anybody."""

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
class PortalLimits:
    """How much of a portal may go on."""

    per_minute: int
    """So many of its filings may begin in any minute, over all workers."""
    at_once: int
    """So many may run at the same time, over all workers."""
    here: int
    """So many of these at one worker."""


@dataclass(frozen=True, slots=True)
class Continuation:
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
class Reservation:
    """A login's next task, which is this worker's already."""

    ticket: Ticket
    wait: float
    """Seconds until the pace lets it begin; not more than 0: now."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """How long a portal's filings take lately, and how much of that they wait for a person."""

    filings: int
    """So many were looked at."""
    person_seconds: float
    """S: of a person's time for each filing; 0 where nobody was needed."""
    other_seconds: float
    """Z: of the machine and the portal, for each filing."""
    spread_seconds: float = 0.0
    """By so much Z differs from filing to filing: one standard deviation."""
