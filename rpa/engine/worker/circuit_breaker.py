"""The circuit breaker's rules: when a portal is paused, probed, and when a filing is tried again.

Pure: the ledger keeps the counts (:class:`~rpa.ledger.data.PortalState`), the worker acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rpa.ledger.data.fleet import PortalState
from rpa.settings.settings import EngineSettings


@dataclass(frozen=True, slots=True)
class Trip:
    """A portal is to be paused."""

    why: str
    """In Chinese, for the operator."""
    probe_at: datetime | None
    """When to see whether it is well again; none: a person resumes it."""


def trip(state: PortalState, settings: EngineSettings, now: datetime) -> Trip | None:
    """Whether a portal is to be paused after its newest endings; never one that is paused already.

    A changed page stays changed until somebody has looked at it; a portal that is down comes back by itself.
    """
    if state.paused_at is not None:
        return None
    if state.changed >= settings.changed_in_a_row:
        return Trip(
            f"连续 {state.changed} 笔遇到页面变更，已暂停该平台；"
            "请把截图发给开发人员，处理后用 rpa resume 恢复",
            probe_at=None,
        )
    if state.unavailable >= settings.unavailable_in_a_row:
        return Trip(
            f"连续 {state.unavailable} 笔遇到平台不可用，已暂停该平台；程序会自行探测，平台恢复后继续办理",
            probe_at=now + _delay(settings.probe_delays, 0),
        )
    return None


def next_probe(state: PortalState, settings: EngineSettings, now: datetime) -> datetime:
    """When to probe again after a probe that failed: later each time, the last delay on and on.

    Args:
        state: as it stood for that probe, which ``probes`` does not count yet.
        settings: the delays.
        now: when it failed.
    """
    return now + _delay(settings.probe_delays, state.probes + 1)


def retry_delay(failures: int, settings: EngineSettings) -> float | None:
    """Seconds until a filing that ended 平台不可用 is tried again; none when it has been often enough.

    Args:
        failures: how often it ended so before.
        settings: the delays.
    """
    return settings.retry_delays[failures] if failures < len(settings.retry_delays) else None


def _delay(delays: Sequence[float], number: int) -> timedelta:
    return timedelta(seconds=delays[min(number, len(delays) - 1)])
