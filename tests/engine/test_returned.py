"""审核退回 on the portal's list is neither filed nor final: a corrected row is filed again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mock_portal.henan import rules
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import REFUND, World
from rpa.evidence.audit import read_lines
from rpa.evidence.files import AUDIT
from rpa.filing import EndedRow, Record, Verdict
from rpa.settings.portal import shipped_portals
from tests.flows.conftest import one_browser
from tests.support import henan

__all__ = ["one_browser"]

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

RETURNED = Record("稳岗返还", "甲", accepted_at="2026-11-01", handling="审核退回", serial="S1")


async def _run(folder: Path, world: World) -> EndedRow:
    with MockPortal(world=world) as portal:
        configured = henan.settings(folder, portal.url)
        result = await henan.run(folder / "批次.xlsx", configured, henan.Clerk(world), approve="none")
    (entry,) = result.entries
    return entry


async def test_a_returned_filing_is_told_and_then_filed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = henan.rows(1)
    henan.write(tmp_path / "批次.xlsx", rows)
    code = str(rows[0]["code"])
    world = henan.world(rows, **{code: EmployerState.RETURNED})
    serial = world.submit(world.save(code, REFUND, henan.YEAR, {"申请年度": str(henan.YEAR)})).serial
    world.clock.advance(timedelta(days=4))

    first = await _run(tmp_path, world)
    assert first.verdict is Verdict.RETURNED, first.outcome.explanation
    assert serial in first.outcome.explanation
    assert "审核退回" in first.outcome.explanation
    assert first.record is not None
    assert first.record.serial == serial

    monkeypatch.setattr(rules, "_filed", lambda _visit, _code, _year: True)  # it has one, and takes no other
    held = await _run(tmp_path, world)
    assert held.verdict is Verdict.REFUSED, held.outcome.explanation
    assert "已被退回的那一笔还在" in held.outcome.explanation

    monkeypatch.setattr(rules, "_filed", lambda _visit, _code, _year: False)  # it takes another one beside it
    again = await _run(tmp_path, world)
    assert again.verdict in (Verdict.SUBMITTED, Verdict.UNCONFIRMED), again.outcome.explanation
    assert again.record is None or again.record.serial != serial
    assert len(world.journal("submit")) == 2
    assert set(_old_ones(tmp_path)) == {serial}


def _old_ones(folder: Path) -> list[object]:
    """Serials of returned filings that the trail names."""
    (audit,) = folder.rglob(f"data/*/{AUDIT}")
    lines = read_lines(audit.read_bytes())
    return [line.facts["serial"] for line in lines if line.event == "原办件已退回"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Record("稳岗返还", "甲", handling="审核中", serial="S1"), True),
        (Record("稳岗返还", "甲", accepted_at="2026-11-01", serial="S2"), False),
        (Record("稳岗返还", "甲", accepted_at="2026-11-01"), False),
    ],
)
async def test_a_record_is_known_by_its_serial(other: Record, same: bool) -> None:
    assert RETURNED.is_same(other) is same


async def test_a_record_without_a_serial_is_known_by_its_moment() -> None:
    mine, other = (Record("稳岗返还", "甲", accepted_at=at) for at in ("2026-11-01", "2026-12-01"))
    assert mine.is_same(mine)
    assert not mine.is_same(other)


async def test_the_shipped_words_tell_what_was_returned() -> None:
    for portal in shipped_portals().values():
        assert RETURNED.is_returned(portal.returned_words)
        assert not Record("稳岗返还", "甲", "已受理", "审核通过").is_returned(portal.returned_words)
