"""The Henan filing against the mock portal, in a real browser: what goes well."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.engine.batch.data import ProgressUpdate
from rpa.errors import UserError
from rpa.evidence.bag.verify import verify
from rpa.filing import CHINA, Verdict
from rpa.ledger.data.requests import WaitingRequest
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Reply
from rpa.operator.request import Kind
from tests.support import henan
from tests.support.trails import pictured

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

STEPS = [
    "登录单位网厅",
    "查询是否已申报",
    "打开稳岗返还申请",
    "填写申请信息",
    "阅读资金用途告知",
    "核对页面与表格",
    "保存",
    "打印申报表",
    "打开我的待提交业务",
    "提交申报",
    "在办理进度查询中核实",
    "查看受理详情",
]


@pytest.mark.parametrize("edition", ["2024", "2023"])
async def test_a_filing_is_submitted_once_and_proved(tmp_path: Path, edition: str) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次 一.xlsx", rows)
    heard: list[ProgressUpdate] = []
    with MockPortal(world=henan.world(rows), edition=edition) as portal:
        configured = henan.settings(tmp_path, portal.url, portal={"default_edition": edition})
        clerk = henan.Clerk(portal.world)
        result = await henan.run(book, configured, clerk, heard=heard)
        (filing,) = portal.world.filings()
        submits = portal.world.journal("submit")

    (entry,) = result.entries
    assert entry.verdict is Verdict.SUBMITTED
    assert entry.record is not None
    assert entry.record.serial == filing.serial
    assert entry.record.handling == "待办理"
    assert len(submits) == 1
    assert submits[0].values["银行账号"] == rows[0]["account"]
    assert [news.step for news in heard if news.step] == STEPS
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA, Kind.APPROVAL]
    pictures = sorted(path.stem.partition("_")[2] for path in result.evidence.rglob("*.jpg"))
    assert pictures == sorted(STEPS)
    assert verify(result.evidence).intact
    hidden, (place,) = pictured(result.evidence)
    assert hidden["核对页面与表格"] == ["联系人", "联系方式", "银行账号"]
    assert hidden["打印申报表"] == hidden["查看受理详情"] == hidden["核对页面与表格"]
    assert hidden["登录单位网厅"] == hidden["在办理进度查询中核实"] == []
    assert place["browser"].startswith("chromium ")
    assert place["clock_offset"] is not None


async def test_running_again_files_nothing_twice_and_goes_on(tmp_path: Path) -> None:
    rows = henan.rows(3)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    before = hashlib.sha256(book.read_bytes()).hexdigest()
    known = henan.world(rows[:2])
    with MockPortal(world=known) as portal:
        configured = henan.settings(tmp_path, portal.url)
        first = await henan.run(book, configured, henan.Clerk(known), approve="none")
        known.add(*henan.world(rows).known_employers())
        second = await henan.run(book, configured, henan.Clerk(known), approve="none")
        commits = [entry.code for entry in known.journal("submit")]

    assert [entry.verdict for entry in first.entries] == [
        Verdict.SUBMITTED,
        Verdict.SUBMITTED,
        Verdict.NEEDS_PERSON,
    ]
    assert [entry.verdict for entry in second.entries] == [Verdict.SUBMITTED] * 3
    assert first.batch_id == second.batch_id
    assert sorted(commits) == sorted(str(row["code"]) for row in rows)
    assert hashlib.sha256(book.read_bytes()).hexdigest() == before


async def test_what_the_portal_had_before_is_found_not_filed(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    states = {str(rows[0]["code"]): EmployerState.ALREADY_FILED}
    with MockPortal(world=henan.world(rows, **states)) as portal:
        result = await henan.run(book, henan.settings(tmp_path, portal.url), henan.Clerk(portal.world))
        assert portal.world.journal("submit") == portal.world.journal("save") == ()
    (entry,) = result.entries
    assert entry.verdict is Verdict.ALREADY_FILED
    assert entry.record is not None
    assert entry.record.serial


@pytest.mark.parametrize(("until", "kinds"), [("fill", []), ("save", ["save", "notice"])])
async def test_a_rehearsal_stops_where_it_was_told(tmp_path: Path, until: str, kinds: list[str]) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        configured = henan.settings(tmp_path, portal.url)
        result = await henan.run(book, configured, henan.Clerk(portal.world), until=until)
        done = [entry.kind for entry in portal.world.journal()]
    (entry,) = result.entries
    assert entry.verdict is Verdict.REHEARSED
    assert until in entry.outcome.explanation
    assert done == ["login", "acknowledge", *kinds]
    with Ledger.open(configured.ledger_url) as ledger:
        (state,) = ledger.filings.states_of_batch(result.batch_id)
    assert state.intent_at is None


@pytest.mark.parametrize(
    ("mode", "asked"), [pytest.param("each", 3, marks=pytest.mark.thorough), ("first", 1)]
)
async def test_approval_is_asked_as_often_as_chosen(tmp_path: Path, mode: str, asked: int) -> None:
    rows = henan.rows(3)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        clerk = henan.Clerk(portal.world)
        result = await henan.run(book, henan.settings(tmp_path, portal.url), clerk, approve=mode)
    assert result.counts == {Verdict.SUBMITTED: 3}
    assert sum(request.kind == Kind.APPROVAL for request in clerk.asked) == asked


async def test_a_no_cancels_before_anything_is_submitted(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        clerk = henan.Clerk(portal.world, approval=lambda _: "n 账号要再核对")
        result = await henan.run(book, henan.settings(tmp_path, portal.url), clerk)
        assert portal.world.journal("submit") == ()
    (entry,) = result.entries
    assert entry.verdict is Verdict.CANCELLED
    assert "账号要再核对" in entry.outcome.explanation


async def test_materials_named_in_the_row_are_uploaded(tmp_path: Path) -> None:
    rows = henan.rows(1)
    (tmp_path / "营业执照.pdf").write_bytes(b"%PDF-1.4 fictional")
    rows[0]["materials"] = "营业执照.pdf"
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        result = await henan.run(book, henan.settings(tmp_path, portal.url), henan.Clerk(portal.world))
        (upload,) = portal.world.journal("upload")
        commits = len(portal.world.journal("submit"))
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert commits == 1
    assert upload.values["文件名"] == "营业执照.pdf"


async def test_every_row_is_in_the_results_and_the_original_is_untouched(tmp_path: Path) -> None:
    rows = henan.rows(3)
    rows[1]["code"] = "91410100MA000198X0"
    rows[2]["purpose_accepted"] = "否"
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows[:1])) as portal:
        result = await henan.run(book, henan.settings(tmp_path, portal.url), henan.Clerk(portal.world))
    assert [entry.verdict.chinese for entry in result.entries] == ["已提交", "需人工处理", "需人工处理"]
    sheet = openpyxl.load_workbook(result.results).worksheets[0]
    header = {cell.value: cell.column for cell in sheet[1]} | {cell.value: cell.column for cell in sheet[2]}
    column = header["办理结论"]
    assert column is not None
    written = [sheet.cell(entry.row, column).value for entry in result.entries]
    assert written == ["已提交", "需人工处理", "需人工处理"]


def _content(path: Path | None) -> bytes:
    assert path is not None
    return path.read_bytes()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_password_is_asked_of_a_person_and_kept_nowhere(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    portal_world = henan.world(rows)
    portal_world.asks_password = True
    (employer,) = portal_world.known_employers()
    with MockPortal(world=portal_world) as portal:
        clerk = henan.Clerk(portal_world, password=lambda _: employer.password)
        result = await henan.run(book, henan.settings(tmp_path, portal.url), clerk, approve="none")
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert not [path for path in _files(tmp_path) if employer.password.encode() in path.read_bytes()]


async def test_no_captcha_text_is_left_in_any_file(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    said: list[str] = []

    class Noting(henan.Clerk):
        def _read(self, picture: Path | None) -> str:
            said.append(super()._read(picture))
            return said[-1]

    with MockPortal(world=henan.world(rows)) as portal:
        result = await henan.run(book, henan.settings(tmp_path, portal.url), Noting(portal.world))
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert len(said) == 1
    texts = [path for path in _files(tmp_path) if path.suffix in (".jsonl", ".html", ".txt", ".db")]
    assert len(texts) >= 3
    for path in texts:
        content = path.read_bytes().decode("utf-8", errors="ignore")
        assert not re.search(rf"(?<![0-9A-Za-z]){said[0]}(?![0-9A-Za-z])", content), path


@pytest.mark.thorough
async def test_the_countdown_of_the_notice_is_waited_out(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    portal_world = henan.world(rows)
    portal_world.countdown_seconds = 4
    with MockPortal(world=portal_world) as portal:
        clerk = henan.Clerk(portal_world)
        result = await henan.run(book, henan.settings(tmp_path, portal.url), clerk, approve="none")
    (entry,) = result.entries
    assert entry.verdict is Verdict.SUBMITTED
    assert entry.attempts == 1


@pytest.mark.thorough
async def test_a_second_window_on_the_same_workbook_is_turned_away(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    with MockPortal(world=henan.world(rows)) as portal:
        configured = henan.settings(tmp_path, portal.url)
        refusals: list[str] = []

        class Second(henan.Clerk):
            async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
                with pytest.raises(UserError) as caught:
                    await henan.run(book, configured, henan.Clerk(portal.world))
                refusals.append(str(caught.value))
                await super().serve(request, picture, reply)

        result = await henan.run(book, configured, Second(portal.world), approve="none")
        commits = len(portal.world.journal("submit"))
    assert result.counts == {Verdict.SUBMITTED: 1}
    assert "已有办理程序在运行" in refusals[0]
    assert commits == 1
    assert verify(result.evidence).intact


async def test_a_filing_of_an_earlier_month_is_found_after_the_portal_says_so(tmp_path: Path) -> None:
    earlier = datetime.now(CHINA) - timedelta(days=75)
    rows = [row | {"year": earlier.year} for row in henan.rows(1)]
    book = henan.write(tmp_path / "批次.xlsx", rows)
    (known,) = henan.world(rows).known_employers()
    filed = replace(known, state=EmployerState.ALREADY_FILED, filed_at=earlier)
    with MockPortal(world=World([filed], countdown_seconds=0)) as portal:
        result = await henan.run(book, henan.settings(tmp_path, portal.url), henan.Clerk(portal.world))
        commits = portal.world.journal("submit")
    (entry,) = result.entries
    assert entry.verdict is Verdict.ALREADY_FILED
    assert entry.record is not None
    assert entry.record.accepted_at.startswith(f"{earlier:%Y-%m-%d}")
    assert commits == ()


async def test_the_approver_sees_the_form_and_the_rows_values_masked(tmp_path: Path) -> None:
    rows = henan.rows(1)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    seen: list[tuple[WaitingRequest, bytes]] = []

    class Approver(henan.Clerk):
        async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
            if request.kind == Kind.APPROVAL:
                seen.append((request, _content(picture)))
            await super().serve(request, picture, reply)

    with MockPortal(world=henan.world(rows)) as portal:
        clerk = Approver(portal.world)
        result = await henan.run(book, henan.settings(tmp_path, portal.url), clerk)
    ((request, picture),) = seen
    (form,) = (path for path in _files(result.evidence) if path.name.endswith("_核对页面与表格.jpg"))
    assert picture == form.read_bytes()
    shown = {label: (expected, page) for label, expected, page in request.detail["rows"]}
    assert shown["单位名称"] == (rows[0]["name"], rows[0]["name"])
    account = str(rows[0]["account"])
    assert shown["银行账号"][0].endswith(account[-4:])
    assert account not in str(request.detail)
