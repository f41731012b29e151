"""Guangdong as its pages may be: other widgets, words, years, longer lists; the verdicts are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from mock_portal.records import EmployerState, Handler
from mock_portal.world import World
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from rpa.operator.request import Kind
from tests.support import batch, guangdong
from tests.support.batch import Clerk
from tests.support.guangdong import SHAPES, Look, Phrasing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

S, F, R, P, C = (
    Verdict.SUBMITTED,
    Verdict.ALREADY_FILED,
    Verdict.REFUSED,
    Verdict.NEEDS_PERSON,
    Verdict.CANCELLED,
)
PHRASINGS: tuple[Phrasing, ...] = ("own", "other")
LAST_YEAR = batch.YEAR - 1


def spa(employers: batch.Rows, phrasing: Phrasing = "own", **switches: Any) -> World:
    """The look of the real front end, set to so many ways."""
    world = guangdong.world(employers, **switches.pop("states", {}))
    world.look, world.phrasing = "spa", phrasing
    for name, value in switches.items():
        setattr(world, name, value)
    return world


async def _run(folder: Path, world: World, employers: batch.Rows, clerk: Clerk | None = None) -> BatchResult:
    book = guangdong.write(folder / "批次.xlsx", employers)
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(folder, portal)
        for name in {str(row["login_name"]) for row in employers}:
            guangdong.store(configured, name)
        return await batch.run(book, configured, clerk or Clerk(world), approve="none")


def _captchas(clerk: Clerk) -> int:
    return sum(request.kind == Kind.CAPTCHA for request in clerk.asked)


@pytest.mark.parametrize(
    "switches",
    [
        {"submit_method": "PUT", "other_filings": 25},
        {"opens": "window", "captcha_as": "background", "phrasing": "other"},
    ],
    ids=["put", "window"],
)
async def test_a_filing_whatever_the_portal_is_made_of(tmp_path: Path, switches: dict[str, Any]) -> None:
    """Its unit stands on the third page of the handler's, its record on the third of the list."""
    others, rows = guangdong.rows(22), guangdong.rows(24)[-1:]
    world = spa([*others, *rows], **switches)
    newest = world.captchas  # a background is pictured, not handed out as it was made
    clerk = Clerk(world, captcha=lambda _: newest()[-1].text)
    result = await _run(tmp_path, world, rows, clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert result.entries[0].record is not None
    assert result.entries[0].record.serial == world.filings()[0].serial
    assert len(world.journal("submit")) == 1
    assert _captchas(clerk) == 1


AT_THE_DATA = [
    (EmployerState.NOT_LISTED, R),
    (EmployerState.CLOSED, R),
    (EmployerState.NOT_AUTHORISED, R),
    (EmployerState.ALREADY_FILED, F),
]


@pytest.mark.parametrize(("look", "phrasing"), SHAPES)
async def test_refusals_that_come_with_the_data(tmp_path: Path, look: Look, phrasing: Phrasing) -> None:
    """Each costs one captcha: that of its login."""
    rows = [row | {"login_name": f"经办{n}"} for n, row in enumerate(guangdong.rows(len(AT_THE_DATA)))]
    states = {str(row["code"]): state for row, (state, _) in zip(rows, AT_THE_DATA, strict=True)}
    world = spa(rows, phrasing, states=states, look=look)
    clerk = Clerk(world)
    result = await _run(tmp_path, world, rows, clerk)
    told = {entry.code: entry for entry in result.entries}
    for row, (state, verdict) in zip(rows, AT_THE_DATA, strict=True):
        outcome = told[str(row["code"])].outcome
        assert outcome.verdict is verdict, f"{state}: {outcome.explanation}"
    assert world.journal("submit") == ()
    assert _captchas(clerk) == len(rows)


@pytest.mark.parametrize("refuses_by", ["toast", "notification", "box", "inline"])
@pytest.mark.parametrize("phrasing", PHRASINGS)
async def test_a_refusal_of_the_submission(
    tmp_path: Path, phrasing: Phrasing, refuses_by: Literal["toast", "notification", "box", "inline"]
) -> None:
    rows = guangdong.rows(1)
    states = {str(rows[0]["code"]): EmployerState.ACCOUNT_MISSING}
    world = spa(rows, phrasing, states=states, refuses_by=refuses_by)
    result = await _run(tmp_path, world, rows)
    explanation = result.entries[0].outcome.explanation
    assert result.counts == {R: 1}, explanation
    assert {"own": "银行账户信息不完整", "other": "收款账户缺少必要内容"}[phrasing] in explanation
    assert world.journal("submit") == ()


@pytest.mark.parametrize("year_in", ["field", "title", "prose"])
async def test_the_year_that_the_page_names_is_the_one_that_counts(
    tmp_path: Path, year_in: Literal["field", "title", "prose"]
) -> None:
    rows = guangdong.rows(2)
    last = rows[1]
    last["year"] = LAST_YEAR
    world = spa(rows, year_in=year_in, business_year=LAST_YEAR)
    clerk = Clerk(world)
    result = await _run(tmp_path, world, rows, clerk)
    assert [entry.verdict for entry in result.entries] == [P, S], [
        entry.outcome.explanation for entry in result.entries
    ]
    assert "年度" in result.entries[0].outcome.explanation
    assert [entry.code for entry in world.journal("submit")] == [last["code"]]
    assert {request.kind for request in clerk.asked} == {Kind.CAPTCHA}


@pytest.mark.parametrize(("answer", "verdict", "asked"), [("y", S, 1), ("n", C, 2)])
async def test_where_the_page_names_no_year_a_person_says_so_once(
    tmp_path: Path, answer: str, verdict: Verdict, asked: int
) -> None:
    rows = guangdong.rows(2)
    world = spa(rows, year_in="nowhere")
    clerk = Clerk(world, approval=lambda _: answer)
    result = await _run(tmp_path, world, rows, clerk)
    assert result.counts == {verdict: 2}, result.entries[0].outcome.explanation
    assert sum(request.kind == Kind.APPROVAL for request in clerk.asked) == asked
    assert len(world.journal("submit")) == (2 if verdict is S else 0)


async def test_what_was_not_passed_may_be_filed_again(tmp_path: Path) -> None:
    rows = guangdong.rows(1)
    states = {str(rows[0]["code"]): EmployerState.RETURNED}
    world = spa(rows, states=states, returned_label="不通过", advance_per_look=True)
    world.confirm("guangdong", str(rows[0]["code"]), batch.YEAR, {})
    for _ in range(2):
        world.filings(looked_at=True)
    first = await _run(tmp_path, world, rows)
    assert first.counts == {Verdict.RETURNED: 1}, first.entries[0].outcome.explanation
    assert "不通过" in first.entries[0].outcome.explanation


async def test_a_first_login_that_asks_who_the_handler_is(tmp_path: Path) -> None:
    """The identity number stands nowhere in the workbook: a person is asked before a password is typed."""
    (row,) = rows = guangdong.rows(1, login="省统一身份认证-账号密码", login_name="示例单位账号")
    unit = guangdong.employer(row, username="示例单位账号", handlers=(), first_login=True)
    world = World([unit])
    world.look, world.setup_asks_identity = "spa", True
    handler = Handler(str(row["handler"]), name=str(row["handler"]), id_number="440101199001011234")
    world.people.add(handler)
    asked: list[int] = []

    def identity(_: object) -> str:
        asked.append(len(world.journal("setup")))
        return handler.id_number

    clerk = Clerk(world, password=identity)
    book = guangdong.write(tmp_path / "批次.xlsx", rows)
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        for name in ("示例单位账号", handler.account):
            guangdong.store(configured, name)
        result = await batch.run(book, configured, clerk, approve="none")
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert asked == [0]
    assert [entry.kind for entry in world.journal()] == ["setup", "login", "submit"]


async def test_the_search_box_leads_there_where_no_menu_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.guangdong.home._MENUS", ("没有的菜单",))
    rows = guangdong.rows(1)
    world = spa(rows)
    result = await _run(tmp_path, world, rows)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert len(world.journal("submit")) == 1
