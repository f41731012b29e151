"""What the portal refuses, in its own words, and what it keeps."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mock_portal.henan.words import Words
from mock_portal.records import Employer, EmployerState
from mock_portal.server import MockPortal
from mock_portal.visit import NOT_OFFERED
from mock_portal.world import World
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER

pytestmark = pytest.mark.counts_commits

OTHER = Employer("郑州示例科技有限公司", "91410100MA00019860", "410100000456")


def test_login_by_code_and_captcha(clerk: Clerk, world: World) -> None:
    assert clerk.try_sign_in(EMPLOYER.code.lower()).url.endswith("/unit/home")
    assert [entry.code for entry in world.journal("login")] == [EMPLOYER.code]


@pytest.mark.parametrize(
    ("code", "captcha", "message"),
    [
        ("91410100MA00019860", "", Words.UNKNOWN_UNIT.own),
        (EMPLOYER.code, "0000", Words.WRONG_CAPTCHA.own),
        ("", "0000", "账号不能为空"),
        (EMPLOYER.code, " ", "验证码不能为空"),
    ],
)
def test_login_refused(clerk: Clerk, world: World, code: str, captcha: str, message: str) -> None:
    assert message in _popup(clerk.try_sign_in(code, captcha).text)
    assert not world.journal()


def test_certificate_only_employer_is_refused(clerk: Clerk, world: World) -> None:
    world.add(replace(EMPLOYER, state=EmployerState.CERTIFICATE_ONLY))
    assert Words.NEEDS_CERTIFICATE.own in _popup(clerk.try_sign_in(EMPLOYER.code).text)


def test_captcha_lives_120_seconds_of_the_mocks_clock(clerk: Clerk, world: World) -> None:
    for seconds, accepted in ((121, False), (119, True)):
        clerk.get("/captcha.png")
        text = world.captchas()[-1].text
        world.clock.advance(timedelta(seconds=seconds))
        answer = clerk.post("/unit/login/free", account=EMPLOYER.code, captcha=text)
        assert answer.url.endswith("/unit/home") is accepted


def test_captcha_can_be_tried_once_and_a_new_picture_replaces_it(clerk: Clerk, world: World) -> None:
    clerk.get("/captcha.png")
    first = world.captchas()[-1].text
    clerk.get("/captcha.png")
    second = world.captchas()[-1].text
    assert len(world.captchas()) == 1
    wrong = first if first != second else "0000"
    assert (
        Words.WRONG_CAPTCHA.own in clerk.post("/unit/login/free", account=EMPLOYER.code, captcha=wrong).text
    )
    assert (
        Words.WRONG_CAPTCHA.own in clerk.post("/unit/login/free", account=EMPLOYER.code, captcha=second).text
    )


def test_password_step(clerk: Clerk, world: World) -> None:
    world.asks_password = True
    assert 'type="password"' in clerk.try_sign_in(EMPLOYER.code).text
    assert clerk.get("/unit/home").text.count(Words.EXPIRED.own)
    assert Words.WRONG_PASSWORD.own in clerk.post("/unit/login/password", password="no").text
    assert clerk.post("/unit/login/password", password=EMPLOYER.password).url.endswith("/unit/home")


@pytest.mark.parametrize(
    "path", ["/unit/home", "/unit/main", "/unit/refund", "/unit/pending", "/unit/progress"]
)
def test_business_pages_need_a_login(clerk: Clerk, path: str) -> None:
    assert Words.EXPIRED.own in clerk.get(path).text


def test_session_expires_by_the_mocks_clock(member: Clerk, world: World) -> None:
    world.clock.advance(timedelta(minutes=29))
    assert Words.EXPIRED.own not in member.get("/unit/refund").text
    world.clock.advance(timedelta(minutes=31))
    assert Words.EXPIRED.own in member.get("/unit/refund").text
    assert member.save() == {"ok": False, "message": Words.EXPIRED.own, "expired": True}


def test_logging_out(member: Clerk) -> None:
    assert member.get("/unit/logout").url.endswith("/unit/login")
    assert Words.EXPIRED.own in member.get("/unit/home").text


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("year", "申请年度不能为空"),
        ("contact", "联系人不能为空"),
        ("phone", "联系方式不能为空"),
        ("payment", "发放方式不能为空"),
    ],
)
def test_required_fields(member: Clerk, world: World, field: str, message: str) -> None:
    member.acknowledge()
    assert member.save(**{field: " "}) == {"ok": False, "message": message}
    assert not world.journal("save")


def test_save_needs_the_acknowledgement(member: Clerk, world: World) -> None:
    assert member.save()["message"] == Words.NOT_ACKNOWLEDGED.own
    member.acknowledge()
    assert member.save()["message"] == Words.SAVED.own
    assert [entry.kind for entry in world.journal()] == ["login", "acknowledge", "save", "notice"]


def test_save_keeps_every_value_and_replaces_the_years_draft(member: Clerk, world: World) -> None:
    member.saved()
    member.save(contact="李四")
    member.save(year="2023")
    first, second = world.drafts(EMPLOYER.code)
    assert (first.year, first.values["联系人"]) == (2024, "李四")
    assert second.year == 2023
    assert dict(second.values) == {
        "申请年度": "2023",
        "联系人": "张三",
        "联系方式": "13812345678",
        "发放方式": "单位",
        "户名": "河南示例商贸有限公司",
        "开户银行": "中国工商银行长垣支行",
        "银行账号": "1702020109000012345",
    }


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (EmployerState.ALREADY_FILED, "已经申请过稳岗补贴,请在受理进度页面查询申请进度"),
        (EmployerState.UNDER_12_MONTHS, "去年缴费不满12个月不能申请稳岗补贴"),
    ],
)
def test_business_refusals(clerk: Clerk, world: World, state: EmployerState, message: str) -> None:
    world.add(replace(EMPLOYER, state=state))
    clerk.sign_in(EMPLOYER.code)
    clerk.acknowledge()
    assert clerk.save() == {"ok": False, "message": message}


def test_an_old_filing_stands_on_the_list_of_its_month(clerk: Clerk, world: World) -> None:
    world.add(replace(EMPLOYER, state=EmployerState.ALREADY_FILED, filed_at=datetime(2024, 6, 3, 10, 0)))
    world.add(replace(EMPLOYER, state=EmployerState.ALREADY_FILED))
    clerk.sign_in(EMPLOYER.code)
    assert "没有查询到" in clerk.progress("202408")
    assert clerk.progress("202406").count('class="row"') == 1


def test_a_submitted_filing_is_refused_a_second_time(member: Clerk) -> None:
    member.submit(member.saved())
    assert member.save()["message"] == Words.ALREADY_FILED.own


def test_materials(member: Clerk, world: World) -> None:
    assert Words.SAVE_FIRST.own in member.get("/unit/refund/materials").text
    draft = member.saved()
    path = f"/unit/refund/materials?draft={draft}"
    page = member.get(path).text
    assert "0/1" in page
    assert "1/1" in page
    assert "本次上传1页" in page
    uploaded = member.upload(path, "证明.pdf", b"%PDF-1.4 x")
    assert uploaded.text.count("1/1") == 2
    assert [(entry.values["文件名"]) for entry in world.journal("upload")] == ["证明.pdf"]
    assert "请选择要上传的文件" in member.upload(path, "", b"").text


def test_submission(member: Clerk, world: World) -> None:
    draft = member.saved()
    assert "全部申报(1)" in member.get("/unit/pending").text
    answer = member.submit(draft)
    assert Words.SUBMITTED.own in _popup(answer.text)
    assert "全部申报(0)" in answer.text
    (filing,) = world.filings(EMPLOYER.code)
    page = member.progress()
    for shown in ("稳岗返还申请", "2024-08-21 09:30:00", EMPLOYER.name, "已受理", "待办理", EMPLOYER.area):
        assert shown in page
    assert filing.serial in member.get(f"/unit/progress/{filing.serial}").text
    assert filing.serial in member.get(f"/unit/progress/{filing.serial}/receipt").text
    assert (
        member.get("/unit/progress", kind="受理流水号", serial=filing.serial).text.count('class="row"') == 1
    )
    assert "没有查询到" in member.get("/unit/progress", kind="人员业务", month="202408").text


def test_each_submission_that_arrives_is_a_commit(member: Clerk, world: World) -> None:
    draft = member.saved()
    member.submit(draft)
    assert Words.SUBMITTED.own in _popup(member.submit(draft).text)
    assert len(world.journal("submit")) == 2
    assert member.progress().count('class="row"') == 2


def test_a_portal_that_refuses_duplicates(member: Clerk, world: World) -> None:
    world.refuses_duplicates = True
    draft = member.saved()
    member.submit(draft)
    assert Words.TWICE.own in _popup(member.submit(draft).text)
    assert len(world.journal("submit")) == 1


def test_nothing_chosen_is_nothing_submitted(member: Clerk, world: World) -> None:
    member.saved()
    assert Words.CHOOSE.own in _popup(member.submit("").text)
    assert not world.journal("submit")


def test_deleting_a_draft(member: Clerk, world: World) -> None:
    draft = member.saved()
    assert "全部申报(0)" in member.post("/unit/pending/delete", draft=draft).text
    assert [entry.kind for entry in world.journal()][-1] == "delete"


def test_the_progress_list_is_empty_until_asked(member: Clerk) -> None:
    member.submit(member.saved())
    page = member.get("/unit/progress").text
    assert 'value="202408"' in page
    assert 'class="row"' not in page
    assert "总行数" not in page
    assert "请输入办理月份" in _popup(member.progress(""))
    assert "请输入受理流水号" in _popup(member.get("/unit/progress", kind="受理流水号").text)


def test_statuses_advance_by_the_clock(member: Clerk, world: World) -> None:
    member.submit(member.saved())
    seen = []
    for days in (0, 1, 2):
        world.clock.advance(timedelta(days=days))
        seen.append(world.filings(EMPLOYER.code)[0].handling)
    assert seen == ["待办理", "审核中", "已通过"]


def test_statuses_advance_per_look(member: Clerk, world: World) -> None:
    world.advance_per_look = True
    world.add(replace(EMPLOYER, state=EmployerState.RETURNED))
    member.submit(member.saved())
    pages = [member.progress() for _ in range(3)]
    for page, status in zip(pages, ("待办理", "审核中", "审核退回"), strict=True):
        assert f"<td>{status}</td>" in page
    assert "<em>1</em>审核退回业务" in member.get("/unit/home").text


def test_an_employer_sees_only_its_own(member: Clerk, world: World, portal: MockPortal) -> None:
    draft = member.saved()
    world.add(OTHER)
    stranger = Clerk(portal)
    stranger.sign_in(OTHER.code)
    assert stranger.get(f"/unit/pending/{draft}").url.endswith("/unit/pending")
    assert Words.CHOOSE.own in _popup(stranger.submit(draft).text)
    member.submit(draft)
    serial = world.filings()[0].serial
    assert stranger.get(f"/unit/progress/{serial}").url.endswith("/unit/progress")
    assert not world.journal("submit", OTHER.code)


def test_markup_in_data_is_text(clerk: Clerk, world: World) -> None:
    world.add(replace(EMPLOYER, name="<script>alert(1)</script>公司"))
    clerk.sign_in(EMPLOYER.code)
    clerk.acknowledge()
    draft = clerk.save(contact='"><script>alert(2)</script>')["draft"]
    for path in ("/unit/home", "/unit/refund", "/unit/pending", f"/unit/refund/print?draft={draft}"):
        assert "<script>alert(" not in clerk.get(path).text


@pytest.mark.parametrize("path", ["/later/person", "/later/register"])
def test_screens_of_later_versions_say_so(clerk: Clerk, path: str) -> None:
    assert NOT_OFFERED in clerk.get(path).text


def test_every_page_is_marked_and_light(member: Clerk, world: World) -> None:
    draft = member.saved()
    member.submit(draft)
    serial = world.filings()[0].serial
    paths = [
        *("/", "/unit/login", "/unit/login/free", "/unit/home", "/unit/main?to=items", "/unit/items"),
        *("/unit/refund", "/unit/pending", f"/unit/pending/{draft}", "/unit/progress", "/unit/later"),
        *(f"/unit/refund/materials?draft={draft}", f"/unit/refund/print?draft={draft}"),
        *(f"/unit/progress/{serial}", f"/unit/progress/{serial}/receipt"),
    ]
    for path in paths:
        answer = member.get(path)
        assert answer.status == 200
        assert "模拟平台" in answer.text
        assert len(answer.body) < 30_000
        assert answer.headers["Cache-Control"] == "no-store"
    assert "max-age" in member.get("/static/portal.css").headers["Cache-Control"]


def _popup(page: str) -> str:
    """What the page's script says in a drawn dialog when it has loaded."""
    said = re.findall(r"<script>portal\.alert\((.*?)\);</script>", page)
    return str(json.loads(said[0])) if said else ""
