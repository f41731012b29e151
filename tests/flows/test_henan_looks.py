"""At portals that look, speak and behave otherwise the verdicts are the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.henan.words import Words
from mock_portal.records import Employer, EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import REFUND, World
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from rpa.operator.request import Kind
from tests.flows.test_henan_faults import FOREVER, OF_ONE_EMPLOYER, A, R, S, U
from tests.support import batch, henan

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

OF_THE_PAGES_CALLS: list[batch.FaultRow] = [
    # In the look of the real front end a page and its data fail apart.
    (FaultKind.HTTP_500, Place.ITEMS, 1, S, 1),
    (FaultKind.HTTP_500, Place.FORM_DATA, 1, S, 1),
    (FaultKind.HTTP_500, Place.FORM_DATA, FOREVER, A, 0),
    (FaultKind.HTTP_500, Place.PROFILE, 1, S, 1),
    (FaultKind.HTTP_500, Place.ACKNOWLEDGE, 1, S, 1),
    (FaultKind.HTTP_500, Place.PENDING, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.ITEMS, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.FORM_DATA, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.PENDING, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.PROGRESS, 1, S, 1),
]
TABLES = {"classic": OF_ONE_EMPLOYER, "spa": [*OF_ONE_EMPLOYER, *OF_THE_PAGES_CALLS]}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a portal looks and speaks."""

    look: Literal["classic", "spa"]
    phrasing: Literal["own", "other"]

    def __str__(self) -> str:
        return f"{self.look}-{self.phrasing}"

    def world(self, employers: henan.Rows, **states: EmployerState) -> World:
        world = henan.world(employers, **states)
        world.look, world.phrasing = self.look, self.phrasing
        return world


SHORT = Manner("spa", "other")
"""Beside the classic look in its own words, which the other tests have."""
MANNERS = [SHORT, Manner("spa", "own"), Manner("classic", "other")]


def _marks(manner: Manner) -> list[pytest.MarkDecorator]:
    return [] if manner == SHORT else [pytest.mark.thorough]


everywhere = pytest.mark.parametrize(
    "manner", [pytest.param(manner, marks=_marks(manner), id=str(manner)) for manner in MANNERS]
)
each_fault = pytest.mark.parametrize(
    ("manner", "table"),
    [
        pytest.param(manner, part, marks=_marks(manner), id=f"{manner}, {batch.told(part)}")
        for manner in MANNERS
        for part in batch.parts(TABLES[manner.look])
    ],
)


async def _run(
    folder: Path,
    world: World,
    rows: henan.Rows,
    *,
    clerk: henan.Clerk | None = None,
    edition: str = "2024",
    approve: str = "none",
    seconds: float = 12.0,
) -> BatchResult:
    book = henan.write(folder / "批次.xlsx", rows)
    portal = {"step_seconds": seconds, "save_seconds": seconds, "default_edition": edition}
    with MockPortal(world=world, edition=edition) as mock:
        configured = henan.settings(folder, mock.url, portal=portal, engine={"unavailable_in_a_row": 100})
        return await henan.run(book, configured, clerk or henan.Clerk(world), approve=approve)


def _one(result: BatchResult) -> tuple[Verdict | None, str]:
    (entry,) = result.entries
    return entry.verdict, entry.outcome.explanation


@each_fault
async def test_each_fault_has_the_same_verdict(
    tmp_path: Path, manner: Manner, table: list[batch.FaultRow]
) -> None:
    """Each strikes another employer; they are filed in one batch."""
    rows = henan.rows(len(table))
    world = manner.world(rows)
    batch.arm_each(world, table, rows)
    result = await _run(tmp_path, world, rows)
    batch.assert_each(world, table, rows, result)


@everywhere
async def test_every_answer_late_and_two_wrong_captchas_change_nothing(
    tmp_path: Path, manner: Manner
) -> None:
    rows = henan.rows(1)
    world = manner.world(rows)
    world.faults.arm(Fault(FaultKind.LATENCY, Place.ANY, FOREVER, milliseconds=400))

    class Clumsy(henan.Clerk):
        def _read(self, picture: Path | None) -> str:
            right = super()._read(picture)
            return right if len(self.asked) > 2 else "0000"

    clerk = Clumsy(world)
    verdict, told = _one(await _run(tmp_path, world, rows, clerk=clerk, seconds=30.0))
    assert (verdict, len(world.journal("submit"))) == (S, 1), told
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA] * 3


@everywhere
@pytest.mark.parametrize("edition", ["2024", pytest.param("2023", marks=pytest.mark.thorough)])
async def test_a_portal_that_is_hard_to_use(tmp_path: Path, manner: Manner, edition: str) -> None:
    """Clicks ignored, groups folded, dialogs in another order, materials, other business on both lists."""
    rows = henan.rows(1)
    Image.new("RGB", (80, 60), "white").save(tmp_path / "证明.jpg")
    rows[0]["materials"] = "证明.jpg"
    world = manner.world(rows)
    world.ignored_clicks, world.folded_menus, world.newest_first = 1, True, False
    world.materials_required = True
    world.other_drafts, world.other_filings = 2, 25
    verdict, told = _one(await _run(tmp_path, world, rows, edition=edition))
    assert verdict is S, told
    (filed,) = (each for each in world.filings() if each.item == REFUND)
    assert len(world.journal("submit")) == len(world.journal("save")) == len(world.journal("upload")) == 1
    assert filed.values["银行账号"] == rows[0]["account"]
    assert len(world.drafts(str(rows[0]["code"]))) == 2, "other business stays"


async def test_a_notice_that_opens_with_the_form_is_read_first(tmp_path: Path) -> None:
    rows = henan.rows(1)
    world = SHORT.world(rows)
    world.notice_opens = True
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (S, 1), told
    (filed,) = world.filings()
    assert filed.values["银行账号"] == rows[0]["account"]


@everywhere
async def test_a_list_that_lags_leaves_a_lost_answer_open_until_it_tells(
    tmp_path: Path, manner: Manner
) -> None:
    rows = henan.rows(1)
    world = manner.world(rows)
    world.list_lags = True
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, 1))
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (U, 1), told
    world.list_lags = False
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (S, 1), told


@everywhere
async def test_a_list_out_of_reach_leaves_a_lost_answer_open(tmp_path: Path, manner: Manner) -> None:
    rows = henan.rows(1)
    world = manner.world(rows)
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, 1))

    def approve(_: object) -> str:
        world.faults.arm(Fault(FaultKind.HTTP_500, Place.PROGRESS, FOREVER))
        return "y"

    clerk = henan.Clerk(world, approval=approve)
    verdict, told = _one(await _run(tmp_path, world, rows, clerk=clerk, approve="each"))
    assert (verdict, len(world.journal("submit"))) == (U, 1), told
    world.faults.clear()
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (S, 1), told


@everywhere
async def test_a_refusal_is_quoted_as_the_portal_says_it(tmp_path: Path, manner: Manner) -> None:
    rows = henan.rows(1)
    world = manner.world(rows, **{str(rows[0]["code"]): EmployerState.UNDER_12_MONTHS})
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (R, 0)
    assert Words.UNDER_12_MONTHS.said(manner.phrasing) in told


@everywhere
@pytest.mark.parametrize("days", [0, 40])
async def test_what_was_filed_before_is_found_however_the_portal_says_so(
    tmp_path: Path, manner: Manner, days: int
) -> None:
    """This month's stands on the list that is asked first; of an earlier one the portal speaks itself."""
    rows = henan.rows(1)
    world = manner.world(rows)
    world.advance_per_look = True  # in review, whatever day it is
    filed_at = world.clock.now() - timedelta(days=days)
    row = rows[0]
    employer = Employer(
        str(row["name"]),
        str(row["code"]),
        str(row["unit_number"]),
        state=EmployerState.ALREADY_FILED,
        filed_at=filed_at,
    )
    world.reset()
    world.add(employer)
    verdict, told = _one(await _run(tmp_path, world, rows))
    assert (verdict, len(world.journal("submit"))) == (Verdict.ALREADY_FILED, 0), told
