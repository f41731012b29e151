"""Whoever is not meant gets nothing: attacks by raw requests, and what became of them in the ledger."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rpa.console.server import serving
from rpa.errors import UserError
from rpa.ledger.data.requests import NewRequest
from tests.support.console import Served, reserved_port, served_console, settings_at
from tests.support.visiting import Caller, admitted, stranger

PAGES = ["/", "/batches", "/start", "/portals"]


@pytest.fixture
def waiting(served: Served) -> Iterator[str]:
    """A captcha that waits for somebody."""
    deadline = datetime.now(UTC) + timedelta(minutes=5)
    request_id = served.ledger.requests.ask(NewRequest("captcha", "请输入图中的验证码", deadline))
    yield request_id
    served.ledger.requests.withdraw(request_id)


def _answered(served: Served, request_id: str) -> bool:
    return all(one.id != request_id for one in served.ledger.requests.waiting())


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_with_a_session_and_not_without(served: Served, caller: Caller, path: str) -> None:
    assert caller.get(path, Accept="text/html").status == 200
    refused = stranger(served).get(path, Accept="text/html")
    assert (refused.status, refused.headers["Location"]) == (303, "/login")
    assert stranger(served).get(path).status == 401


@pytest.mark.parametrize(
    "path", ["/requests/events", "/changes", "/uploads", "/batches/B1/evidence/index.html"]
)
def test_without_a_session_there_is_nothing(served: Served, path: str) -> None:
    assert stranger(served).get(path).status == 401
    assert stranger(served).post(path).status == 401


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""],
)
def test_a_foreign_host_is_turned_away_though_it_has_the_cookie(caller: Caller, host: str) -> None:
    """A name that an attacker's DNS lets point here (rebinding) is not ours, whatever cookie comes along."""
    port = caller.host.partition(":")[2]
    for path in (*PAGES, "/open?code=x", "/static/console.css"):
        assert caller.get(path, Host=host.format(port=port)).status in (400, 421)


def test_both_names_of_loopback_are_ours(caller: Caller) -> None:
    port = caller.host.partition(":")[2]
    assert caller.get("/", Host=f"localhost:{port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://{host}"},
        {"X_RPA_Console": "", "X-RPA-Console": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_change_that_our_page_did_not_send_does_nothing(
    served: Served, caller: Caller, waiting: str, headers: dict[str, str]
) -> None:
    sent = {name: value.format(host=caller.host) for name, value in headers.items()}
    answer = caller.post(f"/requests/{waiting}/answer", {"text": "8K3F", "holder": "t"}, **sent)
    assert answer.status == 403
    assert not _answered(served, waiting)


def test_the_same_change_from_our_page_is_made(served: Served, caller: Caller, waiting: str) -> None:
    answer = caller.post(f"/requests/{waiting}/answer", {"text": "8K3F", "holder": "t"})
    assert answer.status == 200, answer.body
    assert _answered(served, waiting)


def test_another_pages_link_or_frame_shows_nothing(caller: Caller) -> None:
    assert caller.get("/", Sec_Fetch_Site="cross-site").status == 403
    assert caller.get("/", Origin="http://evil.example").status == 403
    assert caller.get("/", Sec_Fetch_Site="same-origin").status == 200


def test_a_code_opens_once(served: Served) -> None:
    path = served.link().removeprefix(served.url)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: stranger(served).get(path), range(8)))
    assert sorted(answer.status for answer in answers) == [303] + [401] * 7
    later = stranger(served).get(path)
    assert "Set-Cookie" not in later.headers
    assert "已用过" in later.body


def test_an_old_code_opens_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    path = served.link().removeprefix(served.url)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert stranger(served).get(path).status == 401


@pytest.mark.parametrize("code", ["", "x", "../sessions", "%00", "a" * 5000])
def test_a_made_up_code_opens_nothing(served: Served, code: str) -> None:
    assert stranger(served).get(f"/open?code={code}").status == 401


def test_the_cookie_is_for_this_server_alone(served: Served) -> None:
    answer = stranger(served).get(served.link().removeprefix(served.url))
    cookie = answer.headers["Set-Cookie"]
    port = served.url.rpartition(":")[2]
    assert cookie.startswith(f"rpa-console-{port}=")
    assert {"httponly", "samesite=strict", "path=/"} <= set(re.split(r";\s*", cookie.lower()))


@pytest.mark.parametrize("cookie", ["rpa-console-1=x", "{name}=", "{name}=../codes", "{name}=\x7f", ";;=;"])
def test_a_made_up_cookie_is_nobodys(served: Served, cookie: str) -> None:
    caller = stranger(served)
    caller.cookie = cookie.format(name=f"rpa-console-{served.url.rpartition(':')[2]}")
    assert caller.get("/").status == 401


def test_a_session_that_was_left_is_over(served: Served) -> None:
    caller = admitted(served)
    assert caller.post("/leave").status == 200
    assert caller.get("/").status == 401


@pytest.mark.parametrize("path", [*PAGES, "/login", "/static/console.css", "/nowhere", "/requests/1/picture"])
def test_every_answer_carries_the_headers_of_safety(caller: Caller, path: str) -> None:
    headers = caller.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "server" not in headers


@pytest.mark.parametrize("path", [*PAGES, "/login"])
def test_no_page_asks_for_anything_from_elsewhere_or_has_script_in_it(caller: Caller, path: str) -> None:
    body = caller.get(path).body
    assert not re.search(r"""(src|href|action)=["']?(https?:|//|data:)""", body)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", body)


def test_a_body_that_is_too_large_is_not_read(served: Served, caller: Caller) -> None:
    assert caller.post("/name", b"x" * 70_000).status == 413
    assert caller.post("/name", b"", Content_Length="99999999999").status in (400, 413)


def test_a_persons_name_is_theirs_alone(served: Served) -> None:
    one, other = admitted(served), admitted(served)
    assert one.post("/name", {"name": "李<b>强"}).status == 200
    assert "李&lt;b&gt;强" in one.get("/").body
    assert "王芳" in other.get("/").body
    for name in ("", " ", "x" * 31, "a\nb"):
        assert one.post("/name", {"name": name}).status == 409


def test_what_lies_on_the_disk_opens_nothing_and_is_private(served: Served) -> None:
    caller = admitted(served)
    secret = caller.cookie.partition("=")[2]
    code = served.link().rpartition("=")[2]
    console = served.settings.home / "console"
    files = [*(console / "codes").iterdir(), *(console / "sessions").iterdir()]
    assert files
    for path in files:
        assert secret not in path.name + path.read_text(encoding="utf-8")
        assert code not in path.name + path.read_text(encoding="utf-8")
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in files:
        caller.cookie = f"{caller.cookie.partition('=')[0]}={path.name}"
        assert caller.get("/").status == 401


def test_a_restart_loses_nobody(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    with reserved_port() as port:
        with served_console(settings, port=port) as before:
            caller = admitted(before)
        with served_console(settings, port=port):
            assert caller.get("/").status == 200


async def test_no_robot_is_sent_to_the_console(tmp_path: Path) -> None:
    """Its address as a portal's, by mistake or --base-url: a robot would sit before the operator's page."""
    with reserved_port() as port:
        for name in ("127.0.0.1", "localhost"):
            settings = settings_at(tmp_path, portals={"henan": {"base_url": f"http://{name}:{port}"}})
            with pytest.raises(UserError, match="操作台自己的地址"):
                async with serving(settings, port=port):
                    pass
