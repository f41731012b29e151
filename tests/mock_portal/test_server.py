"""The server, the world under many hands, and the plugin for other people's tests."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from mock_portal.server import MockPortal
from mock_portal.world import REFUND, World
from tests.mock_portal import guangdong
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER

pytestmark = pytest.mark.counts_commits


def test_two_portals_do_not_know_each_other() -> None:
    with MockPortal() as one, MockPortal(edition="2023") as two:
        assert one.url != two.url
        assert one.token != two.token
        assert Clerk(two).control("/hello").json["edition"] == "2023"
        assert Clerk(one).control("/state", token=two.token).status == 403


def test_two_provinces_share_a_world(province: World) -> None:
    province.add(replace(EMPLOYER, portal="henan"))
    province.look = "classic"
    with (
        MockPortal(world=province) as henan,
        MockPortal(world=province, portal="guangdong") as south,
    ):
        north, visitor = Clerk(henan), guangdong.Clerk(south)
        north.sign_in(EMPLOYER.code)
        visitor.sign_in()
        north.submit(north.saved())
        visitor.submit()
        assert "查询到" in north.try_sign_in(guangdong.EMPLOYER.code).text
        assert visitor.try_own(EMPLOYER.code)["code"] == 1
        assert len(visitor.mine()) == 1
        assert north.control("/journal").json == visitor.control("/journal").json
    assert [entry.code for entry in province.journal("submit")] == [EMPLOYER.code, guangdong.EMPLOYER.code]


def test_the_identity_provider_has_the_next_port() -> None:
    with MockPortal() as probe:
        port = int(probe.url.rpartition(":")[2])
        with pytest.raises(AttributeError, match="henan"):
            _ = probe.identity_url
    portal = MockPortal(portal="guangdong", port=port)
    assert portal.identity_url.endswith(str(port + 1))


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="2022"), MockPortal(edition="2022"):
        pass
    with pytest.raises(ValueError, match="2023"), MockPortal(edition="2023", portal="guangdong"):
        pass


def test_a_stopped_portal_no_longer_listens() -> None:
    with MockPortal() as portal:
        clerk = Clerk(portal)
        clerk.get("/")
    with pytest.raises(OSError, match="refused"):
        clerk.get("/")


def test_commits_of_many_threads_are_all_kept_in_order() -> None:
    world = World([EMPLOYER])
    draft = world.save(EMPLOYER.code, REFUND, 2024, {})
    with ThreadPoolExecutor(8) as pool:
        filings = list(pool.map(lambda _: world.submit(draft), range(200)))
    assert len({filing.serial for filing in filings}) == 200
    assert [entry.sequence for entry in world.journal()] == list(range(1, 202))


def test_many_visitors_at_once(portal: MockPortal, world: World) -> None:
    def file(_: int) -> None:
        clerk = Clerk(portal)
        clerk.get("/captcha.png")
        clerk.get("/unit/login/free")
        session = next(iter(clerk.jar)).value
        captcha = next(each.text for each in world.captchas() if each.session_id == session)
        clerk.post("/unit/login/free", account=EMPLOYER.code, captcha=captcha)
        assert "我的待提交业务" in clerk.get("/unit/home").text

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(file, range(12)))
    assert len(world.journal("login")) == 12


def test_the_pytest_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "from urllib.request import ProxyHandler, build_opener\n"
        "def test_it(world, henan_portal):\n"
        "    assert henan_portal.world is world\n"
        "    with build_opener(ProxyHandler({})).open(henan_portal.url) as answer:\n"
        "        assert '模拟平台' in answer.read().decode()\n"
        "def test_both(henan_portal, guangdong_portal):\n"
        "    assert guangdong_portal.world is henan_portal.world\n"
        "    with build_opener(ProxyHandler({})).open(guangdong_portal.identity_url) as answer:\n"
        "        assert '模拟平台' in answer.read().decode()\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mock_portal.pytest_plugin", str(tmp_path)]
    top = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
