"""What a person is asked and answers: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
