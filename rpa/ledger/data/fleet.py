"""Who works where: plain frozen data, without SQLAlchemy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


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
class LivePicture:
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
class LivePictureUpdate:
    """What a worker tells of one of its sessions."""

    task_id: int
    step: str
    frame: bytes | None = field(default=None, repr=False)
    """A JPEG; none: what it showed before."""
