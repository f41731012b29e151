"""The Guangdong filing against the mock portal, in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from mock_portal.records import EmployerState
from mock_portal.world import World
from rpa.engine.batch.data import BatchResult, ProgressUpdate
from rpa.evidence.bag.verify import verify
from rpa.filing import Verdict
from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Reply
from rpa.operator.request import Kind
from tests.support import batch, guangdong
from tests.support.batch import Clerk
from tests.support.trails import pictured

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

STEPS = [
    "登录网上服务平台",
    "查询是否已申报",
    "打开单位信息确认",
    "填写单位信息",
    "核对页面与表格",
    "提交单位信息确认",
    "在我的办件中核实",
]

S, F, R, P = Verdict.SUBMITTED, Verdict.ALREADY_FILED, Verdict.REFUSED, Verdict.NEEDS_PERSON


@pytest.fixture
def rows(tmp_path: Path) -> batch.Rows:
    employers = guangdong.rows(1)
    guangdong.write(tmp_path / "批次.xlsx", employers)
    return employers


async def _run(tmp_path: Path, world: World, *, clerk: Clerk | None = None, **options: Any) -> BatchResult:
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        chosen = {"approve": "none"} | options
        return await batch.run(tmp_path / "批次.xlsx", configured, clerk or Clerk(world), **chosen)


@pytest.mark.parametrize("opens", ["iframe", "window"])
async def test_a_filing_is_submitted_once_and_proved(
    tmp_path: Path, rows: batch.Rows, opens: Literal["iframe", "window"]
) -> None:
    world = guangdong.world(rows)
    world.opens = opens
    clerk = Clerk(world)
    heard: list[ProgressUpdate] = []
    result = await _run(tmp_path, world, clerk=clerk, approve="each", heard=heard)
    (entry,) = result.entries
    assert entry.verdict is S, entry.outcome.explanation
    (filing,) = world.filings()
    assert entry.record is not None
    assert entry.record.serial == filing.serial
    assert entry.record.handling == "已受理"
    (submit,) = world.journal("submit")
    wanted = {"户名": "account_name", "开户银行": "bank", "银行账号": "account", "联系人": "contact"}
    assert {label: submit.values[label] for label in wanted} == {
        label: rows[0][key] for label, key in wanted.items()
    }
    assert submit.values["联系电话"] == rows[0]["phone"]
    assert [news.step for news in heard if news.step] == STEPS
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA, Kind.APPROVAL]
    pictures = sorted(path.stem.partition("_")[2] for path in result.evidence.rglob("*.jpg"))
    assert pictures == sorted(STEPS)
    assert verify(result.evidence).intact
    hidden, (place,) = pictured(result.evidence)
    shell = {"经办人"} if opens == "iframe" else set()
    assert set(hidden["核对页面与表格"]) == {"联系人", "联系电话", "银行账号"} | shell
    assert hidden["登录网上服务平台"] == hidden["在我的办件中核实"] == ["经办人"]
    assert place["certificate_problem"]


@pytest.mark.parametrize("until", ["fill", "save"])
async def test_a_rehearsal_submits_nothing(tmp_path: Path, rows: batch.Rows, until: str) -> None:
    world = guangdong.world(rows)
    result = await _run(tmp_path, world, until=until)
    assert result.counts == {Verdict.REHEARSED: 1}
    assert [entry.kind for entry in world.journal()] == ["login", "unit"]


async def test_what_the_portal_had_before_is_found_not_filed(tmp_path: Path, rows: batch.Rows) -> None:
    world = guangdong.world(rows, **{str(rows[0]["code"]): EmployerState.ALREADY_FILED})
    result = await _run(tmp_path, world)
    (entry,) = result.entries
    assert entry.verdict is F
    assert entry.record is not None
    assert entry.record.serial == world.filings()[0].serial
    assert world.journal("submit") == ()


@pytest.mark.parametrize(
    ("year_in", "verdict", "words"),
    [("field", P, "申请年度"), ("nowhere", Verdict.CANCELLED, "人工答复为否")],
)
async def test_another_year_than_the_portals_is_not_submitted(
    tmp_path: Path, year_in: Literal["field", "nowhere"], verdict: Verdict, words: str
) -> None:
    """It would be a filing that nobody asked for; where the page does not say, a person knows."""
    rows = guangdong.rows(1, year=batch.YEAR - 1)
    guangdong.write(tmp_path / "批次.xlsx", rows)
    world = guangdong.world(rows)
    world.year_in = year_in
    result = await _run(tmp_path, world, clerk=Clerk(world, approval=lambda _: "n"))
    assert result.counts == {verdict: 1}
    assert words in result.entries[0].outcome.explanation
    assert world.journal("submit") == ()


@pytest.mark.parametrize(
    ("state", "verdict", "words"),
    [
        (EmployerState.NOT_LISTED, R, "贵单位不在本年度失业保险稳岗返还名单内"),
        (EmployerState.CLOSED, R, "本年度失业保险稳岗返还工作已结束"),
        (EmployerState.ACCOUNT_MISSING, R, "银行账户信息不完整"),
        (EmployerState.DISPATCH, P, "劳务派遣单位请通过专用系统办理"),
    ],
)
async def test_the_portals_own_words_are_kept(
    tmp_path: Path, rows: batch.Rows, state: EmployerState, verdict: Verdict, words: str
) -> None:
    world = guangdong.world(rows, **{str(rows[0]["code"]): state})
    result = await _run(tmp_path, world)
    assert result.counts == {verdict: 1}, result.entries[0].outcome.explanation
    assert words in result.entries[0].outcome.explanation
    assert world.journal("submit") == ()


@pytest.mark.parametrize("opens", ["iframe", "window"])
async def test_a_page_of_another_unit_is_not_touched(
    tmp_path: Path, rows: batch.Rows, opens: Literal["iframe", "window"]
) -> None:
    other = [{**rows[0], "name": "广东另一家有限公司"}]
    world = guangdong.world(other)
    world.opens = opens
    result = await _run(tmp_path, world)
    assert result.counts == {P: 1}
    assert "单位名称" in result.entries[0].outcome.explanation
    assert [entry.kind for entry in world.journal()] == ["login", "unit"]


async def test_a_locked_account_is_compared_and_left(tmp_path: Path) -> None:
    same, other = rows = guangdong.rows(2)
    guangdong.write(tmp_path / "批次.xlsx", rows)
    locked = {str(row["code"]): EmployerState.ACCOUNT_LOCKED for row in rows}
    world = guangdong.world(rows, **locked)
    world.add(guangdong.employer(other, state=EmployerState.ACCOUNT_LOCKED, account="174499999999"))
    result = await _run(tmp_path, world, concurrency=1)
    assert [entry.verdict for entry in result.entries] == [S, P]
    explanation = result.entries[1].outcome.explanation
    assert "户名" in explanation
    assert "银行账号" in explanation
    assert [entry.code for entry in world.journal("submit")] == [same["code"]]


async def test_what_stood_on_the_page_is_replaced_by_the_row(tmp_path: Path, rows: batch.Rows) -> None:
    world = guangdong.world(rows)
    old = {"account_name": "旧户名", "bank": "旧银行", "account": "12345678", "contact": "旧联系人"}
    world.add(guangdong.employer(rows[0], **old, phone="13900000000"))
    result = await _run(tmp_path, world)
    assert result.counts == {S: 1}
    (submit,) = world.journal("submit")
    assert submit.values["户名"] == rows[0]["account_name"]
    assert submit.values["银行账号"] == rows[0]["account"]
    assert submit.values["联系电话"] == rows[0]["phone"]


async def test_the_item_is_known_by_its_other_name_and_announcements_are_closed(
    tmp_path: Path, rows: batch.Rows
) -> None:
    world = guangdong.world(rows)
    world.item_name = "失业保险稳岗返还信息确认"
    world.announcement = "平台将于周末升级\n请及时确认稳岗返还"
    result = await _run(tmp_path, world)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert result.entries[0].record is not None
    assert result.entries[0].record.item == world.item_name


async def test_the_approver_sees_the_page_and_the_rows_values_masked(
    tmp_path: Path, rows: batch.Rows
) -> None:
    world = guangdong.world(rows)
    seen: list[WaitingRequest] = []

    class Approver(Clerk):
        async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
            if request.kind == Kind.APPROVAL:
                seen.append(request)
                assert picture is not None
            await super().serve(request, picture, reply)

    await _run(tmp_path, world, clerk=Approver(world), approve="each")
    (request,) = seen
    shown = {label: expected for label, expected, _ in request.detail["rows"]}
    assert shown["单位名称"] == rows[0]["name"]
    assert shown["联系电话"].endswith(str(rows[0]["phone"])[-4:])
    assert str(rows[0]["phone"]) not in str(request.detail)
    assert str(rows[0]["account"]) not in str(request.detail)
    assert str(rows[0]["contact"]) not in str(request.detail)


async def test_a_second_run_looks_at_nothing_that_is_done(tmp_path: Path, rows: batch.Rows) -> None:
    world = guangdong.world(rows)
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        book = tmp_path / "批次.xlsx"
        first = await batch.run(book, configured, Clerk(world), approve="none")
        again = Clerk(world)
        second = await batch.run(book, configured, again, approve="none")
    assert first.counts == second.counts == {S: 1}
    assert again.asked == []
    assert len(world.journal("submit")) == 1
