"""Fault × verdict × commits in the portal's own journal, as for Henan."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.world import World
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from tests.support import batch, guangdong
from tests.support.batch import Clerk
from tests.support.guangdong import Look, Phrasing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

FOREVER = None
S, U, A = Verdict.SUBMITTED, Verdict.UNCONFIRMED, Verdict.UNAVAILABLE
LATENCY, FAILS, EXPIRES = FaultKind.LATENCY, FaultKind.HTTP_500, FaultKind.SESSION_EXPIRY
CLOSED, LOST = FaultKind.MAINTENANCE, FaultKind.ANSWER_LOST_AFTER_COMMIT
PRETENDS, TWICE = FaultKind.SUCCESS_WITHOUT_COMMIT, FaultKind.DUPLICATE_ROW

LOOKS = [
    ("classic", "own"),
    ("spa", "other"),
    pytest.param("spa", "own", marks=pytest.mark.thorough),
    pytest.param("classic", "other", marks=pytest.mark.thorough),
]
"""How the pages are made, and in whose words they speak."""

BEFORE_A_UNIT_IS_CHOSEN: list[batch.FaultRow] = [
    # fault, where, how often, verdict, commits
    (LATENCY, Place.ANY, FOREVER, S, 1),
    (FAILS, Place.LOGIN, 1, S, 1),
    (FAILS, Place.SIGN_IN, 1, S, 1),
    (FAILS, Place.UNITS, 1, S, 1),
    (EXPIRES, Place.UNITS, 1, S, 1),
    (CLOSED, Place.LOGIN, FOREVER, A, 0),
    (LOST, Place.SIGN_IN, 1, S, 1),
    (LOST, Place.UNIT, 1, S, 1),
]
OF_ONE_UNIT = [
    (FAILS, Place.PROFILE, 1, S, 1),
    (FAILS, Place.ITEMS, 1, S, 1),
    (FAILS, Place.OPEN, 1, S, 1),
    (FAILS, Place.FORM, 1, S, 1),
    (FAILS, Place.FORM_DATA, FOREVER, A, 0),
    (FAILS, Place.SUBMIT, 1, U, 0),
    (FAILS, Place.PROGRESS, 1, S, 1),
    (EXPIRES, Place.PROGRESS, 1, S, 1),
    (EXPIRES, Place.OPEN, 1, S, 1),
    (EXPIRES, Place.FORM, 1, S, 1),
    (EXPIRES, Place.FORM_DATA, 1, S, 1),
    (EXPIRES, Place.FORM_DATA, FOREVER, A, 0),
    (EXPIRES, Place.SUBMIT, 1, U, 0),
    (CLOSED, Place.OPEN, 1, A, 0),
    (CLOSED, Place.SUBMIT, 1, U, 0),
    (LOST, Place.SUBMIT, 1, S, 1),
    (PRETENDS, Place.SUBMIT, 1, U, 0),
    (TWICE, Place.SUBMIT, 1, S, 1),
]


def _name(fault: batch.FaultRow) -> str:
    return f"{fault[0]} at {fault[1]}"


@pytest.fixture
def rows(tmp_path: Path) -> batch.Rows:
    employers = guangdong.rows(1)
    guangdong.write(tmp_path / "批次.xlsx", employers)
    return employers


async def _run(tmp_path: Path, world: World, clerk: Clerk | None = None) -> BatchResult:
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        return await batch.run(tmp_path / "批次.xlsx", configured, clerk or Clerk(world), approve="none")


@pytest.mark.parametrize(("look", "phrasing"), [("classic", "own"), ("spa", "other")])
@pytest.mark.parametrize("fault", BEFORE_A_UNIT_IS_CHOSEN, ids=_name)
async def test_fault(
    tmp_path: Path, rows: batch.Rows, fault: batch.FaultRow, look: Look, phrasing: Phrasing
) -> None:
    kind, where, times, verdict, commits = fault
    world = guangdong.world(rows)
    world.look, world.phrasing = look, phrasing
    world.faults.arm(Fault(kind, where, times, milliseconds=150))
    result = await _run(tmp_path, world)
    assert result.counts == {verdict: 1}, result.entries[0].outcome.explanation
    assert len(world.journal("submit")) == commits, "commits in the portal's journal"


@pytest.mark.parametrize(("look", "phrasing"), LOOKS)
async def test_every_answer_comes_late(
    tmp_path: Path, rows: batch.Rows, look: Look, phrasing: Phrasing
) -> None:
    """Slow is not changed, and no captcha is spent that was too old when it was shown."""
    world = guangdong.world(rows)
    world.look, world.phrasing = look, phrasing
    world.faults.arm(Fault(LATENCY, Place.ANY, FOREVER, milliseconds=600))
    clerk = Clerk(world)
    result = await _run(tmp_path, world, clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert len(world.journal("submit")) == 1
    assert len(clerk.asked) == 1


@pytest.mark.parametrize("table", batch.parts(OF_ONE_UNIT), ids=batch.told)
@pytest.mark.parametrize(("look", "phrasing"), LOOKS)
async def test_faults_of_one_unit(
    tmp_path: Path, look: Look, phrasing: Phrasing, table: list[batch.FaultRow]
) -> None:
    """Each strikes another unit, with a handler of its own; they are filed in one batch."""
    employers = [row | {"login_name": f"经办{n}"} for n, row in enumerate(guangdong.rows(len(table)))]
    guangdong.write(tmp_path / "批次.xlsx", employers)
    world = guangdong.world(employers)
    world.look, world.phrasing = look, phrasing
    batch.arm_each(world, table, employers)
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal, engine={"unavailable_in_a_row": 100})
        for row in employers:
            guangdong.store(configured, str(row["login_name"]))
        result = await batch.run(tmp_path / "批次.xlsx", configured, Clerk(world), approve="none")
    batch.assert_each(world, table, employers, result)


@pytest.mark.thorough
@pytest.mark.parametrize("opens", ["iframe", "window"])
async def test_a_form_that_is_stuck_is_left(
    tmp_path: Path, rows: batch.Rows, monkeypatch: pytest.MonkeyPatch, opens: Literal["iframe", "window"]
) -> None:
    """It takes the shell around it along; Playwright alone would wait for it for ever."""
    monkeypatch.setattr("rpa.browser.timeouts.ANSWER_SECONDS", 8.0)
    world = guangdong.world(rows)
    world.opens = opens
    world.faults.arm(Fault(FaultKind.STUCK, Place.FORM, 1))
    result = await _run(tmp_path, world)
    assert not world.faults.armed()
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert len(world.journal("submit")) == 1


@pytest.mark.parametrize(
    ("kind", "opens", "commits", "verdict"),
    [
        (LOST, "iframe", 1, S),
        (LOST, "window", 1, S),
        (PRETENDS, "iframe", 0, U),
        (PRETENDS, "window", 0, U),
    ],
)
async def test_after_an_unclear_ending_a_second_run_looks_up_and_never_submits(
    tmp_path: Path,
    rows: batch.Rows,
    kind: FaultKind,
    opens: Literal["iframe", "window"],
    commits: int,
    verdict: Verdict,
) -> None:
    world = guangdong.world(rows)
    world.opens = opens
    world.faults.arm(Fault(kind, Place.SUBMIT, FOREVER))
    first = await _run(tmp_path, world)
    world.faults.clear()
    second = await _run(tmp_path, world)
    assert first.counts == second.counts == {verdict: 1}
    assert len(world.journal("submit")) == commits


async def test_a_list_out_of_reach_after_the_commit_is_asked_again_by_the_next_run(
    tmp_path: Path, rows: batch.Rows
) -> None:
    world = guangdong.world(rows)
    world.faults.arm(Fault(LOST, Place.SUBMIT, FOREVER))
    clerk = Clerk(world, approval=lambda _: _break_the_list(world))
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        book = tmp_path / "批次.xlsx"
        first = await batch.run(book, configured, clerk, approve="each")
        assert first.counts == {U: 1}
        world.faults.clear()
        second = await batch.run(book, configured, Clerk(world), approve="none")
    assert second.counts == {S: 1}
    assert len(world.journal("submit")) == 1


def _break_the_list(world: World) -> str:
    world.faults.arm(Fault(FAILS, Place.PROGRESS, FOREVER))
    return "y"
