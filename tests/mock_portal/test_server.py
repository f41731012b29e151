"""The server, the world under many hands, and the plugin for other people's tests."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mock_portal.server import MockPortal
from mock_portal.world import REFUND, World
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER


def test_two_portals_do_not_know_each_other() -> None:
    with MockPortal() as one, MockPortal(edition="2023") as two:
        assert one.url != two.url
        assert one.token != two.token
        assert Clerk(two).control("/hello").json["edition"] == "2023"
        assert Clerk(one).control("/state", token=two.token).status == 403


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="2022"), MockPortal(edition="2022"):
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
        "        assert '模拟平台' in answer.read().decode()\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mock_portal.pytest_plugin", str(tmp_path)]
    top = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
