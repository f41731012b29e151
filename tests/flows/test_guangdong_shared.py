"""One login of a handler serves many units: one captcha, one session, one commit each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.records import Employer
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.filing import Verdict
from rpa.operator.request import Kind
from rpa.workbook.template import write_sample
from tests.support import batch, guangdong, henan
from tests.support.batch import Clerk

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

UNITS = 8


@pytest.fixture
def rows(tmp_path: Path) -> batch.Rows:
    employers = guangdong.rows(UNITS)
    guangdong.write(tmp_path / "批次.xlsx", employers)
    return employers


@pytest.fixture
def world(rows: batch.Rows) -> World:
    return guangdong.world(rows)


@pytest.fixture
def portal(world: World) -> Iterator[MockPortal]:
    with guangdong.serve(world) as served:
        yield served


async def test_eight_units_need_one_captcha(tmp_path: Path, rows: batch.Rows, portal: MockPortal) -> None:
    clerk = Clerk(portal.world)
    configured = guangdong.settings(tmp_path, portal)
    result = await batch.run(tmp_path / "批次.xlsx", configured, clerk, approve="none")
    assert result.counts == {Verdict.SUBMITTED: UNITS}
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA]
    assert len(portal.world.journal("login")) == 1
    commits = sorted(entry.code for entry in portal.world.journal("submit"))
    assert commits == sorted(str(row["code"]) for row in rows)
    (use,) = portal.world.sessions.uses()
    assert (use.concurrent, use.overlaps, use.refusals) == (0, 0, 0)


@pytest.mark.thorough
async def test_an_expired_session_costs_one_more_captcha(
    tmp_path: Path, rows: batch.Rows, portal: MockPortal
) -> None:
    middle = str(rows[UNITS // 2]["code"])
    portal.world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.FORM_DATA, 1, code=middle))
    clerk = Clerk(portal.world)
    configured = guangdong.settings(tmp_path, portal)
    result = await batch.run(tmp_path / "批次.xlsx", configured, clerk, approve="none")
    assert result.counts == {Verdict.SUBMITTED: UNITS}
    assert len(clerk.asked) == 2
    assert len(portal.world.journal("login")) == 2
    assert len(portal.world.journal("submit")) == UNITS


@pytest.mark.thorough
async def test_a_unit_that_is_not_bound_or_differs_stops_only_itself(
    tmp_path: Path, rows: batch.Rows
) -> None:
    known = list(guangdong.world(rows).known_employers())
    unbound = guangdong.employer(rows[1], handlers=("别人",))
    renamed = guangdong.employer(rows[2], name="广东另一家有限公司")
    world = World([known[0], unbound, renamed, *known[3:]])
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        clerk = Clerk(world)
        result = await batch.run(tmp_path / "批次.xlsx", configured, clerk, approve="none")
    verdicts = [entry.verdict for entry in result.entries]
    person, submitted = Verdict.NEEDS_PERSON, Verdict.SUBMITTED
    assert verdicts == [submitted, person, person, *[submitted] * (UNITS - 3)]
    assert "没有绑定该单位" in result.entries[1].outcome.explanation
    assert len(clerk.asked) == 1
    assert len(world.journal("submit")) == UNITS - 2


@pytest.mark.thorough
async def test_windows_of_the_business_page_are_closed_between_units(
    tmp_path: Path, rows: batch.Rows, portal: MockPortal
) -> None:
    portal.world.opens = "window"
    clerk = Clerk(portal.world)
    configured = guangdong.settings(tmp_path, portal)
    result = await batch.run(tmp_path / "批次.xlsx", configured, clerk, approve="none")
    assert result.counts == {Verdict.SUBMITTED: UNITS}
    assert len(clerk.asked) == 1
    assert len(portal.world.journal("submit")) == UNITS


@pytest.mark.thorough
@pytest.mark.parametrize(("minutes_later", "captchas"), [(1, 0), (31, 1)])
async def test_a_kept_session_serves_a_later_run_while_it_lives(
    tmp_path: Path, rows: batch.Rows, portal: MockPortal, minutes_later: int, captchas: int
) -> None:
    configured = guangdong.settings(tmp_path, portal, portal={"keep_session_minutes": 60})
    counts = []
    clerk = Clerk(portal.world)
    for name, row in (("上午.xlsx", rows[0]), ("下午.xlsx", rows[1])):
        clerk = Clerk(portal.world)
        book = guangdong.write(tmp_path / name, [row])
        counts.append((await batch.run(book, configured, clerk, approve="none")).counts)
        portal.world.clock.advance(timedelta(minutes=minutes_later))
    assert counts == [{Verdict.SUBMITTED: 1}] * 2
    assert len(clerk.asked) == captchas
    assert len(portal.world.journal("login")) == 1 + captchas
    assert len(portal.world.journal("submit")) == 2


@pytest.mark.thorough
async def test_one_workbook_for_both_provinces(tmp_path: Path) -> None:
    of_henan, of_guangdong = henan.rows(2), guangdong.rows(3)
    mixed = [of_guangdong[0], of_henan[0], of_guangdong[1], of_henan[1], of_guangdong[2]]
    book = tmp_path / "两省.xlsx"
    write_sample(book, mixed, portals=["河南", "广东"])
    units: list[Employer] = [
        *henan.world(of_henan).known_employers(),
        *guangdong.world(of_guangdong).known_employers(),
    ]
    world = World(units, countdown_seconds=0)
    with MockPortal(world=world) as first, guangdong.serve(world) as second:
        portals = {"henan": {"base_url": first.url}, "guangdong": guangdong.addresses(second)}
        configured = batch.hurried(tmp_path, portals)
        guangdong.store(configured, guangdong.HANDLER)
        clerk = Clerk(world)
        result = await batch.run(book, configured, clerk, approve="none")
    assert result.counts == {Verdict.SUBMITTED: 5}
    assert len(clerk.asked) == 3, "one for each of Henan's units, one for the handler"
    commits = sorted(entry.code for entry in world.journal("submit"))
    assert commits == sorted(str(row["code"]) for row in mixed)
