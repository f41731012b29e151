"""What the ledger is told and what it answers: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rpa.filing import Outcome, Verdict

FilingKey = tuple[str, str, int, str]
"""Portal, item, year, credit code: see :attr:`rpa.filing.Filing.key`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The filings of one workbook."""

    id: str
    """Short and readable, e.g. ``B20261121-3``: the third batch of that day (UTC+8)."""
    name: str
    workbook: Path
    workbook_sha256: str
    """Of the workbook as it was read last (hex)."""
    evidence: Path
    """The batch's own evidence folder."""
    created_at: datetime


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
    picture: bytes | None = field(default=None, repr=False)
    picture_type: str = "image/png"
    refreshable: bool = False
    """Whether another picture can be had."""
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What an approval shows beside the picture; plain JSON values."""


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
