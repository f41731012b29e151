"""How work on one filing ended."""

from __future__ import annotations

from dataclasses import dataclass

from rpa.filing import Outcome


@dataclass(frozen=True, slots=True)
class TaskResult:
    """How a task was done."""

    attempt: int
    """The number of the last attempt."""
    outcome: Outcome
    refused: Outcome | None = None
    """The portal refused its stored login: how the login's other filings end."""
