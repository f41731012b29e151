"""Fault × verdict × commits in the portal's own journal: what our code believes is not asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from tests.support import batch, henan

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

FOREVER = None
S, U, A, P, R = (
    Verdict.SUBMITTED,
    Verdict.UNCONFIRMED,
    Verdict.UNAVAILABLE,
    Verdict.NEEDS_PERSON,
    Verdict.REFUSED,
)

BEFORE_A_LOGIN = [
    # fault, where, how often, verdict, commits
    (FaultKind.LATENCY, Place.ANY, FOREVER, S, 1),
    (FaultKind.MAINTENANCE, Place.LANDING, FOREVER, A, 0),
]
OF_ONE_EMPLOYER: list[batch.FaultRow] = [
    (FaultKind.HTTP_500, Place.FORM, 1, S, 1),
    (FaultKind.HTTP_500, Place.FORM, FOREVER, A, 0),
    (FaultKind.HTTP_500, Place.SAVE, 1, S, 1),
    (FaultKind.HTTP_500, Place.SUBMIT, 1, U, 0),
    (FaultKind.HTTP_500, Place.PROGRESS, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.FORM, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.SAVE, 1, S, 1),
    (FaultKind.SESSION_EXPIRY, Place.SUBMIT, 1, S, 1),  # answered, and the saved form still stands
    (FaultKind.SESSION_EXPIRY, Place.PENDING, FOREVER, A, 0),
    (FaultKind.MAINTENANCE, Place.SUBMIT, 1, U, 0),
    (FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, 1, S, 1),
    (FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SAVE, 1, S, 1),
    (FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SUBMIT, 1, U, 0),
    (FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SAVE, 1, S, 1),
    (FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SAVE, FOREVER, A, 0),
]


async def _run(
    tmp_path: Path, world: World, *, clerk: henan.Clerk | None = None, **waits: float
) -> BatchResult:
    book = tmp_path / "批次.xlsx"
    with MockPortal(world=world) as portal:
        configured = henan.settings(tmp_path, portal.url, portal=waits)
        return await henan.run(book, configured, clerk or henan.Clerk(world), approve="none")


@pytest.fixture
def rows(tmp_path: Path) -> henan.Rows:
    employers = henan.rows(1)
    henan.write(tmp_path / "批次.xlsx", employers)
    return employers


@pytest.mark.parametrize(("kind", "where", "times", "verdict", "commits"), BEFORE_A_LOGIN)
async def test_fault(
    tmp_path: Path,
    rows: henan.Rows,
    kind: FaultKind,
    where: Place,
    times: int | None,
    verdict: Verdict,
    commits: int,
) -> None:
    world = henan.world(rows)
    world.faults.arm(Fault(kind, where, times, milliseconds=150))
    result = await _run(tmp_path, world)
    assert len(world.journal("submit")) == commits, "commits in the portal's journal"
    assert result.counts == {verdict: 1}, result.entries[0].outcome.explanation


@pytest.mark.parametrize("table", batch.parts(OF_ONE_EMPLOYER), ids=batch.told)
async def test_faults_of_one_employer(tmp_path: Path, table: list[batch.FaultRow]) -> None:
    """Each strikes another employer; they are filed in one batch."""
    employers = henan.rows(len(table))
    book = henan.write(tmp_path / "批次.xlsx", employers)
    world = henan.world(employers)
    batch.arm_each(world, table, employers)
    with MockPortal(world=world) as portal:
        waits = {"step_seconds": 12.0, "save_seconds": 12.0}  # several faults take all of it
        configured = henan.settings(tmp_path, portal.url, portal=waits, engine={"unavailable_in_a_row": 100})
        result = await henan.run(book, configured, henan.Clerk(world), approve="none")
    batch.assert_each(world, table, employers, result)


STUCK: list[batch.FaultRow] = [
    (FaultKind.STUCK, Place.FORM, 1, S, 1),
    (FaultKind.STUCK, Place.SUBMIT, 1, S, 1),
]


@pytest.mark.thorough
async def test_a_page_that_is_stuck_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright alone would wait for it for ever."""
    monkeypatch.setattr("rpa.browser.timeouts.ANSWER_SECONDS", 4.0)
    employers = henan.rows(len(STUCK))
    henan.write(tmp_path / "批次.xlsx", employers)
    world = henan.world(employers)
    batch.arm_each(world, STUCK, employers)
    result = await _run(tmp_path, world, step_seconds=8.0, save_seconds=8.0)  # each look takes all of it
    assert not world.faults.armed()
    batch.assert_each(world, STUCK, employers, result)


UNCLEAR: list[batch.FaultRow] = [
    (FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, FOREVER, S, 1),
    (FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SUBMIT, FOREVER, U, 0),
]


@pytest.mark.parametrize("submit_by", ["form", pytest.param("fetch", marks=pytest.mark.thorough)])
async def test_after_an_unclear_ending_a_second_run_looks_up_and_never_submits(
    tmp_path: Path, submit_by: str
) -> None:
    employers = henan.rows(len(UNCLEAR))
    henan.write(tmp_path / "批次.xlsx", employers)
    world = henan.world(employers)
    world.submit_by = "form" if submit_by == "form" else "fetch"
    batch.arm_each(world, UNCLEAR, employers)
    first = await _run(tmp_path, world)
    world.faults.clear()
    second = await _run(tmp_path, world)
    batch.assert_each(world, UNCLEAR, employers, first)
    batch.assert_each(world, UNCLEAR, employers, second)
    assert [len(world.journal("save", str(row["code"]))) for row in employers] == [1, 1]


@pytest.mark.thorough
async def test_a_portal_that_falls_silent_after_the_commit_is_asked_again_later(
    tmp_path: Path, rows: henan.Rows
) -> None:
    world = henan.world(rows)

    class Watch(henan.Clerk):
        async def serve(self, request, picture, reply) -> None:  # type: ignore[no-untyped-def]
            if world.journal("submit"):
                return  # nobody answers any more
            await super().serve(request, picture, reply)

    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SUBMIT, FOREVER))
    clerk = Watch(world, approval=lambda _: _break_everything(world))
    with MockPortal(world=world) as portal:
        configured = henan.settings(
            tmp_path, portal.url, operator={"captcha_seconds": 5.0}, portal={"step_seconds": 10.0}
        )
        book = tmp_path / "批次.xlsx"
        first = await henan.run(book, configured, clerk, approve="each")
        assert first.counts == {Verdict.UNCONFIRMED: 1}
        world.faults.clear()
        second = await henan.run(book, configured, henan.Clerk(world), approve="none")
    assert second.counts == {Verdict.SUBMITTED: 1}
    assert len(world.journal("submit")) == 1


def _break_everything(world: World) -> str:
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.PROGRESS, FOREVER))
    world.faults.arm(Fault(FaultKind.HTTP_500, Place.HOME, FOREVER))
    return "y"


async def test_an_expired_session_told_by_an_alert_starts_over(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)
    world.expiry_by = "alert"
    world.faults.arm(Fault(FaultKind.SESSION_EXPIRY, Place.FORM, 1))
    result = await _run(tmp_path, world)
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert len(world.journal("submit")) == 1


async def test_two_saved_forms_are_left_to_a_person(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)
    world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SAVE, 1))
    world.faults.arm(Fault(FaultKind.DUPLICATE_ROW, Place.SAVE, FOREVER))
    result = await _run(tmp_path, world)
    assert result.counts == {Verdict.NEEDS_PERSON: 1}
    assert world.journal("submit") == world.journal("delete") == ()


async def test_the_portals_own_words_are_kept(tmp_path: Path) -> None:
    states = {
        EmployerState.UNDER_12_MONTHS: (R, "去年缴费不满12个月不能申请稳岗补贴"),
        EmployerState.CERTIFICATE_ONLY: (P, "请使用数字证书登录"),
    }
    employers = henan.rows(len(states))
    henan.write(tmp_path / "批次.xlsx", employers)
    codes = [str(row["code"]) for row in employers]
    world = henan.world(employers, **dict(zip(codes, states, strict=True)))
    result = await _run(tmp_path, world)
    told = {entry.code: entry for entry in result.entries}
    for code, (verdict, words) in zip(codes, states.values(), strict=True):
        assert told[code].verdict is verdict
        assert words in told[code].outcome.explanation
    assert world.journal("submit") == ()


async def test_an_unknown_unit_needs_a_person(tmp_path: Path, rows: henan.Rows) -> None:
    world = World(())
    result = await _run(tmp_path, world)
    assert result.counts == {P: 1}
    assert "根据统一信用代码未查询到单位信息" in result.entries[0].outcome.explanation


async def test_a_page_of_another_unit_is_not_touched(tmp_path: Path, rows: henan.Rows) -> None:
    other = [{**rows[0], "name": "河南另一家有限公司"}]
    world = henan.world(other)
    result = await _run(tmp_path, world)
    assert result.counts == {P: 1}
    assert "单位名称" in result.entries[0].outcome.explanation
    assert [entry.kind for entry in world.journal()] == ["login"]


async def test_a_wrong_captcha_is_asked_again(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)

    class Clumsy(henan.Clerk):
        def _read(self, picture: Path | None) -> str:
            right = super()._read(picture)
            return "0000" if len(self.asked) == 1 else right

    clerk = Clumsy(world)
    result = await _run(tmp_path, world, clerk=clerk)
    assert result.counts == {S: 1}
    assert [request.kind for request in clerk.asked] == ["captcha", "captcha"]
    assert "验证码错误" in clerk.asked[1].question
    assert [one.first for one in clerk.asked[:2]] == [False, True]


async def test_nobody_at_the_desk_puts_the_filing_back_in_line(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)
    with MockPortal(world=world) as portal:
        configured = henan.settings(
            tmp_path, portal.url, operator={"captcha_seconds": 2.0, "times_in_line": 1}
        )
        clerk = henan.Clerk(world, captcha=lambda _: None)
        result = await henan.run(tmp_path / "批次.xlsx", configured, clerk)
    assert len(clerk.asked) == 2
    assert result.counts == {P: 1}
    assert "限时" in result.entries[0].outcome.explanation
    assert world.journal() == ()


@pytest.mark.thorough
async def test_a_missing_label_stops_the_portals_part_of_the_batch(tmp_path: Path) -> None:
    rows = henan.rows(5)
    henan.write(tmp_path / "批次.xlsx", rows)
    world = henan.world(rows)
    world.submit_label = "上报"
    with MockPortal(world=world) as portal:
        configured = henan.settings(tmp_path, portal.url, portal={"step_seconds": 6.0})
        clerk = henan.Clerk(world)
        book = tmp_path / "批次.xlsx"
        result = await henan.run(book, configured, clerk, approve="none", concurrency=1)
    assert result.counts == {Verdict.PORTAL_CHANGED: 5}
    explanations = [entry.outcome.explanation for entry in result.entries]
    assert [("提交申报" in one, "未开始" in one) for one in explanations] == [(True, False)] * 3 + [
        (False, True)
    ] * 2
    assert len(clerk.asked) == 3
    assert world.journal("submit") == ()


@pytest.mark.thorough
async def test_a_label_of_another_name_needs_only_a_setting(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)
    world.submit_label = "上报"
    with MockPortal(world=world) as portal:
        configured = henan.settings(tmp_path, portal.url, portal={"labels": {"提交申报": ["上报"]}})
        result = await henan.run(tmp_path / "批次.xlsx", configured, henan.Clerk(world), approve="none")
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert len(world.journal("submit")) == 1


async def test_a_saved_form_of_another_item_is_not_submitted(tmp_path: Path, rows: henan.Rows) -> None:
    world = henan.world(rows)
    world.save(str(rows[0]["code"]), "单位缓交登记申报", henan.YEAR, {"申请年度": str(henan.YEAR)})
    world.faults.arm(Fault(FaultKind.SUCCESS_WITHOUT_COMMIT, Place.SAVE, FOREVER))
    with MockPortal(world=world) as portal:
        configured = henan.settings(tmp_path, portal.url, portal={"step_seconds": 3.0})
        await henan.run(tmp_path / "批次.xlsx", configured, henan.Clerk(world), approve="none")
    assert world.journal("submit") == ()


@pytest.mark.thorough
async def test_a_form_without_the_inferred_fields_is_filed_all_the_same(
    tmp_path: Path, rows: henan.Rows
) -> None:
    world = henan.world(rows)
    world.shows_bank = False
    result = await _run(tmp_path, world)
    assert result.counts == {Verdict.SUBMITTED: 1}
    (submit,) = world.journal("submit")
    assert submit.values["银行账号"] == rows[0]["account"]
    assert submit.values["户名"] == submit.values["开户银行"] == ""
