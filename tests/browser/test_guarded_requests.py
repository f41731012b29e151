"""A guarded request is what the browser would have sent; what cannot be sent so is not sent at all."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.async_api import Browser, Playwright

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.sent import Fate
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.single_send import single_send
from rpa.errors import PortalChanged
from tests.support.authority import Owner
from tests.support.portal import portal_at
from tests.support.wire import Arrived, Wire, nobody_there

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

PAGES = {
    "/": "<p>首页</p>",
    "/form": "<form method=post action=/submit><input name=name value=单位><button>提交</button></form>",
    "/files": "<form method=post action=/submit enctype=multipart/form-data>"
    "<label>证明材料 <input type=file name=paper></label><button>提交</button></form>",
    "/done": "<p>提交成功</p>",
}
PUT = """async ([url, how]) => {
  const answer = await fetch(url, {
    method: 'PUT', body: '{"applyIdList":[1]}',
    headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': 't0' }, ...how,
  });
  return [answer.status, new URL(answer.url).pathname];
}"""
UPLOAD = """async kind => {
  const form = new FormData(), file = document.querySelector('[type=file]').files[0];
  form.append('paper', file);
  if (kind == 'fetch') return (await fetch('/submit', { method: 'PUT', body: form })).status;
  const request = new XMLHttpRequest();
  request.open('PUT', '/submit', false);
  request.send(form);
  return request.status;
}"""
MULTIPART = "multipart/form-data; boundary="
VARIES = {"connection", "accept-encoding", "pragma", "cache-control", "content-length", "host"}
"""How a request travels; what it says stands elsewhere."""


def _says(one: Arrived) -> tuple[dict[str, str], bytes]:
    return {name: value for name, value in one.headers.items() if value and name not in VARIES}, one.body


@pytest.mark.parametrize("how", [{}, {"credentials": "omit"}])
async def test_a_call_says_what_it_would_have_said(running: RunningBrowser, how: dict[str, object]) -> None:
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        for _ in range(2):  # the first answer sets cookies
            plain = await session.page.evaluate(PUT, [wire.url + "/submit?id=1", how])
        async with session.single_send() as sent:
            guarded = await session.page.evaluate(PUT, [wire.url + "/submit?id=1", how])
    assert guarded == plain == [200, "/done"]
    _, before, after = wire.journal
    assert _says(after) == _says(before)
    assert ("hidden=3" in after.headers.get("cookie", "")) == (how.get("credentials") != "omit")
    assert [str(one) for one in sent.requests] == [f"PUT {wire.url}/submit：HTTP 303"]


async def test_a_form_says_what_it_would_have_said(running: RunningBrowser) -> None:
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:

        async def send() -> None:
            await session.go(wire.url + "/form")
            await session.click("提交")
            await session.see(Sign("提交成功"))

        await send()
        await send()
        async with session.single_send():
            await send()
        cookies = {cookie["name"]: cookie["value"] for cookie in await session.windows.context.cookies()}
    _, before, after = wire.journal
    assert _says(after) == _says(before)
    assert cookies == {"before": "1", "after": "2", "hidden": "3"}


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect", "302 Found"])
async def test_a_redirect_that_keeps_the_method_is_guarded_too(running: RunningBrowser, status: str) -> None:
    wire = Wire(PAGES, redirects={"/submit": (status, "/elsewhere")})
    async with wire.listening(), Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        async with session.single_send() as sent:
            assert await session.page.evaluate(PUT, ["/submit", {}]) == [200, "/done"]
    assert [(one.method, one.path, one.body) for one in wire.journal] == [
        ("PUT", "/submit", b'{"applyIdList":[1]}'),
        ("PUT", "/elsewhere", b'{"applyIdList":[1]}'),
    ]
    assert [one.status for one in sent.requests] == [int(status[:3]), 303]


async def _submit(session: Session, kind: str) -> None:
    if kind == "form":
        await session.click("提交")
        await session.see(Sign("提交成功"))
    else:
        assert await session.page.evaluate(UPLOAD, kind) == 200


@pytest.mark.parametrize("kind", ["form", "fetch", "sync"])
async def test_files_are_sent_once_with_all_their_bytes(
    running: RunningBrowser, tmp_path: Path, kind: str
) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "证明.pdf").write_bytes(content)
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/files")
        await session.upload(Spot("证明材料"), [tmp_path / "证明.pdf"])
        async with session.single_send() as sent:
            await _submit(session, kind)
    (one,) = wire.journal
    head = 'name="paper"; filename="证明.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
    assert head + content + b"\r\n--" in one.body
    assert one.headers["content-type"].startswith(MULTIPART)
    assert [request.fate for request in sent.requests] == [Fate.ANSWERED]


@pytest.mark.parametrize("kind", ["form", "fetch", "sync"])
async def test_a_file_whose_bytes_nobody_gives_stops_before_anything_leaves(
    running: RunningBrowser, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "证明.pdf").write_bytes(b"%PDF")
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/files")
        await session.see(Sign("证明材料"))
        await session.page.set_input_files("[type=file]", tmp_path / "证明.pdf")
        with pytest.raises(PortalChanged, match="文件读不出来，为避免重复提交没有发出"):
            async with session.single_send() as sent:
                await _submit(session, kind)
    assert wire.journal == []
    assert (sent.left, [one.fate for one in sent.requests]) == ([], [Fate.UNSENT])


async def test_where_nobody_listens_nothing_has_left(running: RunningBrowser) -> None:
    with nobody_there() as gone:
        async with Wire(PAGES).listening() as wire:
            portal = portal_at(wire.url, extra_origins=(gone,))
            async with Session.open(running, portal) as session:
                await session.go(wire.url + "/")
                await session.see(Sign("首页"))
                async with session.single_send() as sent:
                    lost = await session.page.evaluate(
                        "url => fetch(url, { method: 'POST', mode: 'no-cors' }).catch(() => 'lost')", gone
                    )
    assert lost == "lost"
    assert [str(one) for one in sent.requests] == [f"POST {gone}/：未发出（连不上平台）"]
    assert not sent.left
    assert not sent.doubtful


async def test_what_a_page_sends_elsewhere_is_no_business_of_ours(running: RunningBrowser) -> None:
    wire, foreign, send = Wire(PAGES), Wire(PAGES), "url => fetch(url, { method: 'POST' }).catch(() => 0)"
    async with (
        foreign.listening(),
        wire.listening(),
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        async with session.single_send() as sent:
            await session.page.evaluate(send, foreign.url)
    assert foreign.journal == wire.journal == []
    assert sent.requests == []


async def test_what_is_under_way_when_the_block_ends_has_no_answer_yet(running: RunningBrowser) -> None:
    async with Wire(PAGES).listening() as wire, Session.open(running, portal_at(wire.url)) as session:
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        wire.silent.add("/submit")
        async with session.single_send() as sent:
            await session.page.evaluate("void fetch('/submit', { method: 'PUT' })")
            await wire.arrives(1)
        assert [one.fate for one in sent.requests] == [Fate.UNANSWERED]
        assert sent.doubtful


@pytest.mark.parametrize("trusted", [True, False])
async def test_over_tls_it_leaves_once_or_not_at_all(
    driver: Playwright, chromium: Browser, tmp_path: Path, trusted: bool
) -> None:
    owner = Owner.new("平台")
    pem = tmp_path / "portal.pem"
    pem.write_bytes(owner.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + owner.pem)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pem)
    wire = Wire(PAGES, cut="before")
    async with wire.listening(tls):
        context = await chromium.new_context(ignore_https_errors=True)
        sender = await driver.request.new_context(ignore_https_errors=trusted)
        page = await context.new_page()
        await page.goto(wire.url + "/")
        async with single_send(context, sender, origins={wire.url}, seconds=30) as sent:
            await page.evaluate("fetch('/submit', { method: 'PUT' }).catch(() => 0)")
        await sender.dispose()
        await context.close()
    fate = "没有答复" if trusted else "未发出（平台的证书不受信任）"
    assert [str(one) for one in sent.requests] == [f"PUT {wire.url}/submit：{fate}"]
    assert len(wire.journal) == len(sent.left) == int(trusted)
