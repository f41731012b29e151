"""When a portal is paused and probed, and when a filing is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rpa.engine.worker.circuit_breaker import Trip, next_probe, retry_delay, trip
from rpa.ledger.data.fleet import PortalState
from rpa.settings.settings import EngineSettings

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTINGS = EngineSettings(
    changed_in_a_row=3,
    unavailable_in_a_row=5,
    retry_delays=(60.0, 300.0),
    probe_delays=(60.0, 120.0, 300.0),
)


def tripped(**state: object) -> Trip | None:
    return trip(PortalState("henan", **state), SETTINGS, NOW)  # type: ignore[arg-type]


def test_changed_pages_wait_for_a_person() -> None:
    assert tripped(changed=2) is None
    found = tripped(changed=3)
    assert found is not None
    assert found.probe_at is None
    assert "连续 3 笔遇到页面变更" in found.why
    assert "rpa resume" in found.why


def test_an_unwell_portal_is_probed() -> None:
    assert tripped(unavailable=4) is None
    found = tripped(unavailable=6)
    assert found is not None
    assert found.probe_at == NOW + timedelta(seconds=60)
    assert "连续 6 笔遇到平台不可用" in found.why


def test_a_paused_portal_is_not_paused_again() -> None:
    assert tripped(changed=3, unavailable=5, paused_at=NOW) is None


@pytest.mark.parametrize(("failed", "seconds"), [(0, 120), (1, 300), (2, 300), (90, 300)])
def test_probes_grow_rare_and_never_end(failed: int, seconds: int) -> None:
    state = PortalState("henan", paused_at=NOW, probe_at=NOW, probes=failed)
    assert next_probe(state, SETTINGS, NOW) == NOW + timedelta(seconds=seconds)


def test_a_filing_is_tried_again_later_each_time_and_then_no_more() -> None:
    assert [retry_delay(failures, SETTINGS) for failures in range(4)] == [60.0, 300.0, None, None]
