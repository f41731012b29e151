"""The control API: who may call it, and what it tells and does."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from mock_portal.app import build_app
from mock_portal.control import MOCK
from mock_portal.server import MockPortal
from mock_portal.world import World
from tests.mock_portal import guangdong
from tests.mock_portal.clerk import Clerk
from tests.mock_portal.conftest import EMPLOYER

pytestmark = pytest.mark.counts_commits


def test_hello_needs_no_token(clerk: Clerk) -> None:
    assert clerk.control("/hello", token="").json == {"mock": MOCK, "portal": "henan", "edition": "2024"}


@pytest.mark.parametrize("token", ["", "wrong", "错"])
@pytest.mark.parametrize("path", ["/state", "/journal", "/captcha", "/faults", "/clock"])
def test_the_rest_needs_the_token(clerk: Clerk, path: str, token: str) -> None:
    quoted = token.encode().decode("latin-1")
    assert clerk.control(path, token=quoted).status == 403


def test_captcha_by_picture_and_by_session(clerk: Clerk, portal: MockPortal, world: World) -> None:
    picture = clerk.get("/captcha.png").body
    other = Clerk(portal)
    other.get("/captcha.png")
    session = next(cookie.value for cookie in clerk.jar if cookie.name == "JSESSIONID")
    by_picture = clerk.control(f"/captcha?sha256={sha256(picture).hexdigest()}").json
    assert by_picture["text"] == world.captchas()[0].text
    assert clerk.control(f"/captcha?session={session}").json == by_picture
    assert clerk.control("/captcha?session=none").status == 404


def test_journal_and_state(member: Clerk) -> None:
    draft = member.saved()
    member.submit(draft)
    entries = member.control("/journal").json
    assert [entry["kind"] for entry in entries] == ["login", "acknowledge", "save", "notice", "submit"]
    assert [entry["sequence"] for entry in entries] == [1, 2, 3, 4, 5]
    (submitted,) = member.control("/journal?kind=submit").json
    assert submitted["values"]["银行账号"] == "1702020109000012345"
    assert submitted["at"] == "2024-08-21 09:30:00+08:00"
    state = member.control("/state").json
    assert [filing["handling"] for filing in state["filings"]] == ["待办理"]
    assert state["drafts"] == []


def test_reset_keeps_the_employers(member: Clerk, world: World) -> None:
    member.saved()
    member.control("/clock", {"advance": 86400})
    member.control("/faults", {"kind": "http_500"})
    assert member.control("/reset", {}).json == {"reset": True}
    assert not world.journal()
    assert not world.faults.armed()
    assert f"{world.clock.now():%Y-%m-%d}" == "2024-08-21"
    member.sign_in(EMPLOYER.code)


def test_clock(clerk: Clerk) -> None:
    assert clerk.control("/clock").json == {"now": "2024-08-21T09:30:00+08:00"}
    assert clerk.control("/clock", {"advance": 90}).json == {"now": "2024-08-21T09:31:30+08:00"}
    assert clerk.control("/clock", {"set": "2024-12-31T16:00:00+00:00"}).json == {
        "now": "2025-01-01T00:00:00+08:00"
    }


def test_faults(clerk: Clerk) -> None:
    armed = clerk.control("/faults", {"kind": "latency", "where": "save", "times": 3, "milliseconds": 5}).json
    assert (armed["kind"], armed["where"], armed["times"]) == ("latency", "save", 3)
    assert clerk.control("/faults").json == [armed]
    assert clerk.control("/faults", method="DELETE").json == []
    assert clerk.control("/faults").json == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"kind": "earthquake"}),
        ("/faults", {"kind": "latency", "where": "nowhere"}),
        ("/faults", {"kind": "latency", "colour": "red"}),
        ("/faults", {}),
        ("/clock", {"set": "yesterday"}),
        ("/switches", {"colour": "red"}),
        ("/switches", {"asks_password": "yes"}),
        ("/employers", [{"name": "无代码公司"}]),
        ("/handlers", [{"name": "无账号"}]),
        ("/scan", {"code": "没有这家"}),
        ("/device", {"kind": "网银证书", "code": "没有这家"}),
        ("/device", {"kind": "钥匙", "code": EMPLOYER.code}),
    ],
)
def test_wrong_calls_are_refused(clerk: Clerk, path: str, body: object) -> None:
    answer = clerk.control(path, body)
    assert answer.status == 400
    assert answer.json["error"]


def test_employers_and_switches(clerk: Clerk, world: World) -> None:
    clerk.control("/employers", [{"name": "郑州示例科技有限公司", "code": "91410100MA00019860"}])
    clerk.control("/switches", {"submit_label": "提交", "asks_password": True})
    assert world.submit_label == "提交"
    assert 'type="password"' in clerk.try_sign_in("91410100MA00019860").text


async def test_without_a_token_the_api_is_closed() -> None:
    app = build_app(World(), token="")
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/__mock__/state", "headers": [(b"x-mock-token", b"")]}
    await app({**scope, "query_string": b"", "root_path": ""}, receive, send)
    assert sent[0]["status"] == 403


def test_hello_of_guangdong_names_the_identity_provider(visitor: guangdong.Clerk, south: MockPortal) -> None:
    assert visitor.control("/hello", token="").json == {
        "mock": MOCK,
        "portal": "guangdong",
        "edition": "2024",
        "identity": south.identity_url,
        "business": south.urls[2],
    }


def test_handlers_scans_and_devices(visitor: guangdong.Clerk, south: MockPortal, province: World) -> None:
    code = guangdong.EMPLOYER.code
    added = visitor.control("/handlers", [{"account": "新经办", "name": "新", "units": [code]}]).json
    assert added == [guangdong.HANDLER, "新经办"]
    visitor.try_handler("新经办")
    assert visitor.choose(code)["code"] == 0
    visitor.get(f"{south.identity_url}/qr.png")
    assert visitor.control("/scan", {"code": code, "session": "none"}).status == 404
    assert visitor.control("/scan", {"code": code}).json["code"] == code
    assert visitor.control("/device").json == {}
    visitor.insert("CA证书", pin="9")
    assert visitor.control("/device").json == {"kind": "CA证书", "code": code, "pin": "9"}
    assert visitor.control("/device", method="DELETE").json == {}
    assert province.people.device is None


def test_switches_of_guangdong(visitor: guangdong.Clerk, province: World) -> None:
    visitor.control("/switches", {"opens": "window", "closed": True, "qr_seconds": 5, "one_session": False})
    assert (province.opens, province.closed, province.qr_seconds) == ("window", True, 5)
    assert visitor.control("/state").json["switches"]["one_session"] is False
