"""What an attempt is given, its context and the one filing, and how the work on that ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rpa.credentials.store import Credentials
from rpa.engine.attempt.approvals import Approvals
from rpa.evidence.recorder import Recorder
from rpa.filing import Filing, Outcome
from rpa.ledger.data.tasks import Ticket
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Desk, StopSignal
from rpa.settings.settings import Settings, Until


@dataclass(frozen=True, slots=True)
class AttemptContext:
    """What a filing's attempts are made with."""

    batch_id: str
    settings: Settings
    ledger: Ledger
    desk: Desk
    approvals: Approvals
    shutdown: StopSignal
    worker: str
    until: Until = "submit"
    decided: set[str] = field(default_factory=set)
    """What a person has said yes to for all filings of this run that ask the same."""

    @property
    def credentials(self) -> Credentials:
        """The logins that this machine knows."""
        return Credentials(self.settings.home)


@dataclass(frozen=True, slots=True)
class Job:
    """One filing to work on."""

    filing: Filing
    filing_id: int
    """In the ledger."""
    ticket: Ticket
    """This worker's right to work on it."""
    recorder: Recorder
    on_step: Callable[[str], None]
    """Told the name of each step as it begins."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """How a task was done."""

    attempt: int
    """The number of the last attempt."""
    outcome: Outcome
    refused: Outcome | None = None
    """The portal refused its stored login: how the login's other filings end."""
