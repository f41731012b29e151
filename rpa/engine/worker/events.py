"""What a worker tells while it works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkerEvent:
    """What a worker tells while it works; without a batch it concerns the whole worker."""

    batch_id: str = ""
    row: int = 0
    employer: str = ""
    what: str = ""
    """The step that begins, or what happened, in Chinese."""
