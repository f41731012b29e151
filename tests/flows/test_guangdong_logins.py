"""Every way of logging in at Guangdong: by the program, by a person, the first time, and refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.guangdong.identity import Identity
from flows.guangdong.login import open_login
from mock_portal.records import PASSWORD, Handler
from mock_portal.world import World
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.engine.batch.data import BatchResult
from rpa.filing import Verdict
from rpa.operator.request import Kind
from rpa.settings.settings import Settings
from tests.support import batch, guangdong
from tests.support.batch import Clerk

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

IDENTITY, SCAN = "省统一身份认证-账号密码", "省统一身份认证-微信扫码"
UNIT_LOGIN = "示例单位账号"
DOTS = "•" * len(PASSWORD)
S, P = Verdict.SUBMITTED, Verdict.NEEDS_PERSON


class Case:
    """One row that logs in by one way, at a portal that knows its unit."""

    def __init__(self, folder: Path, way: str, login_name: str = UNIT_LOGIN, **facts: Any) -> None:
        self.folder = folder
        (self.row,) = guangdong.rows(1, login=way, login_name=login_name)
        guangdong.write(folder / "批次.xlsx", [self.row])
        self.code = str(self.row["code"])
        unit = guangdong.employer(self.row, username="gd-unit-1", handlers=(), **facts)
        self.world = World([unit])
        self.logins = {UNIT_LOGIN: "gd-unit-1"}
        """Name of a stored login → account."""

    async def run(self, clerk: Clerk | None = None, **options: Any) -> BatchResult:
        more = options.pop("settings", {})
        with guangdong.serve(self.world) as portal:
            configured = guangdong.settings(self.folder, portal, **more)
            self._store(configured)
            chosen = {"approve": "none"} | options
            return await batch.run(
                self.folder / "批次.xlsx", configured, clerk or Clerk(self.world), **chosen
            )

    def _store(self, configured: Settings) -> None:
        for name, account in self.logins.items():
            guangdong.store(configured, name, account)

    @property
    def done(self) -> list[str]:
        """What the portal's journal has."""
        return [entry.kind for entry in self.world.journal()]


@pytest.mark.parametrize(("way", "captchas"), [("单位登录", 1), (IDENTITY, 0)])
async def test_a_unit_logs_in_by_its_own_account(tmp_path: Path, way: str, captchas: int) -> None:
    case = Case(tmp_path, way)
    clerk = Clerk(case.world)
    result = await case.run(clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA] * captchas
    (login,) = case.world.journal("login")
    assert login.values == {"账号": "gd-unit-1", "登录方式": way}
    assert case.done == ["login", "submit"]


async def test_a_captcha_of_the_identity_provider_is_read_by_a_person(tmp_path: Path) -> None:
    case = Case(tmp_path, IDENTITY)
    case.world.identity_captcha = True
    clerk = Clerk(case.world)
    result = await case.run(clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert [request.kind for request in clerk.asked] == [Kind.CAPTCHA]


async def test_a_qr_code_is_scanned_by_a_person_with_a_phone(tmp_path: Path) -> None:
    case = Case(tmp_path, SCAN, login_name="")

    def scan(_: object) -> str:
        case.world.people.scan(case.code)
        return "y"

    clerk = Clerk(case.world, scan=scan)
    result = await case.run(clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    (request,) = clerk.asked
    assert request.refreshable
    assert "电子营业执照" in request.question


async def test_a_qr_code_that_lapsed_is_shown_anew(tmp_path: Path) -> None:
    case = Case(tmp_path, SCAN, login_name="")
    pictures: list[str] = []

    def scan(_: object) -> str:
        pictures.append(case.world.people.scans()[-1].picture_sha256)
        if len(pictures) == 1:
            case.world.clock.advance(timedelta(seconds=case.world.qr_seconds + 1))
        else:
            case.world.people.scan(case.code, picture_sha256=pictures[-1])
        return "y"

    result = await case.run(Clerk(case.world, scan=scan))
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert len(set(pictures)) == 2


@pytest.mark.thorough
async def test_nobody_scanned_though_somebody_said_so(tmp_path: Path) -> None:
    case = Case(tmp_path, SCAN, login_name="")
    hurry = {"operator": {"times_in_line": 1}, "portal": {"step_seconds": 8.0}}
    clerk = Clerk(case.world, scan=lambda _: "y")
    result = await case.run(clerk, settings=hurry)
    assert result.counts == {P: 1}
    assert "扫码没有完成" in result.entries[0].outcome.explanation
    assert len(clerk.asked) == 2, "once more in line"
    assert case.done == []


async def test_a_person_without_the_phone_says_no(tmp_path: Path) -> None:
    case = Case(tmp_path, SCAN, login_name="")
    result = await case.run(Clerk(case.world, scan=lambda _: "n 手机不在身边"))
    assert result.counts == {P: 1}
    assert "手机不在身边" in result.entries[0].outcome.explanation


@pytest.mark.parametrize("certificate", ["网银证书", "CA证书"])
async def test_a_certificate_wants_a_window(tmp_path: Path, certificate: str) -> None:
    case = Case(tmp_path, f"省统一身份认证-{certificate}", login_name="")
    clerk = Clerk(case.world)
    result = await case.run(clerk)
    assert result.counts == {P: 1}
    assert "--headed" in result.entries[0].outcome.next_step
    assert clerk.asked == []


# --- the first login (G3)


def first_login(folder: Path) -> Case:
    case = Case(folder, IDENTITY, first_login=True)
    case.world.people.add(Handler("zhang-san"))
    case.logins[str(case.row["handler"])] = "zhang-san"
    return case


async def test_the_first_login_completes_the_units_data_and_logs_in_again(tmp_path: Path) -> None:
    case = first_login(tmp_path)
    result = await case.run()
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert result.entries[0].attempts == 1
    assert case.done == ["setup", "login", "submit"]
    (setup,) = case.world.journal("setup")
    row = case.row
    assert setup.values == {
        "经办人账号": "zhang-san",
        "联系人": row["contact"],
        "联系电话": row["phone"],
    }


async def test_a_rehearsal_completes_nothing(tmp_path: Path) -> None:
    case = first_login(tmp_path)
    result = await case.run(until="fill")
    assert result.counts == {Verdict.REHEARSED: 1}
    assert case.done == []


async def test_a_first_login_of_another_unit_changes_nothing(tmp_path: Path) -> None:
    case = first_login(tmp_path)
    (known,) = case.world.known_employers()
    case.world.add(guangdong.employer(case.row, name="另一家", username=known.username, first_login=True))
    result = await case.run()
    assert result.counts == {P: 1}
    assert "单位名称" in result.entries[0].outcome.explanation
    assert case.done == []


async def test_the_handlers_account_is_refused(tmp_path: Path) -> None:
    case = first_login(tmp_path)
    case.logins[str(case.row["handler"])] = "nobody"
    result = await case.run()
    assert result.counts == {P: 1}
    assert "个人账号或密码错误" in result.entries[0].outcome.explanation
    assert case.done == []


# --- refusals


async def test_a_level_under_four_is_for_a_person(tmp_path: Path) -> None:
    case = Case(tmp_path, IDENTITY, trust_level=3)
    result = await case.run()
    assert result.counts == {P: 1}
    assert "四级（L2）" in result.entries[0].outcome.explanation
    assert case.done == ["login"]


async def test_a_wrong_password_is_tried_once_for_all_units_of_the_login(tmp_path: Path) -> None:
    rows = guangdong.rows(3)
    guangdong.write(tmp_path / "批次.xlsx", rows)
    world = guangdong.world(rows)
    with guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        guangdong.store(configured, guangdong.HANDLER, password="wrong")
        clerk = Clerk(world)
        result = await batch.run(tmp_path / "批次.xlsx", configured, clerk, approve="none")
    assert result.counts == {P: 3}
    assert all("账号或密码错误" in entry.outcome.explanation for entry in result.entries)
    (use,) = world.sessions.uses()
    assert use.refusals == 1
    assert len(clerk.asked) == 1


async def test_a_wrong_captcha_is_asked_again(tmp_path: Path) -> None:
    case = Case(tmp_path, "单位登录")

    class Clumsy(Clerk):
        def _read(self, picture: Path | None) -> str:
            right = super()._read(picture)
            return "0000" if len(self.asked) == 1 else right

    clerk = Clumsy(case.world)
    result = await case.run(clerk)
    assert result.counts == {S: 1}, result.entries[0].outcome.explanation
    assert "验证码错误" in clerk.asked[1].question
    assert len(clerk.asked) == 2


async def test_a_login_that_nobody_stored_says_how_to(tmp_path: Path) -> None:
    case = Case(tmp_path, "单位登录")
    case.logins.clear()
    result = await case.run()
    assert result.counts == {P: 1}
    assert f"没有保存登录账号“{UNIT_LOGIN}”" in result.entries[0].outcome.explanation
    assert "rpa secrets set guangdong" in result.entries[0].outcome.next_step
    assert case.done == []


async def test_a_password_stays_where_it_is_stored(tmp_path: Path) -> None:
    case = Case(tmp_path, IDENTITY)
    result = await case.run(settings={"engine": {"restarts": 0}})
    assert result.counts == {S: 1}
    files = _files_but_the_logins(tmp_path)
    assert len(files) >= 10
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]


def _files_but_the_logins(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "logins.toml"]


async def test_pictures_of_the_login_pages_show_dots(running: RunningBrowser, tmp_path: Path) -> None:
    case = first_login(tmp_path)
    with guangdong.serve(case.world) as portal:
        configured = guangdong.settings(tmp_path, portal)
        async with Session.open(running, configured.portals["guangdong"]) as session:
            await (await open_login(session)).choose(("单位登录", "广东人社统一认证"))
            assert await _shown(session, "请输入密码") == DOTS
            await (await open_login(session)).choose(("单位登录", "省统一身份认证"))
            await (await Identity.arrive(session)).choose("账号密码")
            assert await _shown(session, "请输入密码") == DOTS
            await session.fill({"请输入账号": "gd-unit-1"})
            await session.click(Spot("登录", kind=ControlKind.BUTTON))
            await session.see(Sign("单位所属实名人员信息"))
            assert await _shown(session, "个人账号密码") == DOTS


async def _shown(session: Session, label: str) -> str:
    """What a password field shows of what is typed into it."""
    held = await session.fill({label: PASSWORD})
    return held[label].text
