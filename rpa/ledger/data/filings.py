"""How a filing stands: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rpa.filing import FilingKey, Outcome, Verdict


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
