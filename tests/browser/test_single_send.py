"""What changes something leaves once, whatever its method, though Chromium would send it again."""

from __future__ import annotations

from collections import Counter

import pytest

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.sent import Fate, Sent
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.errors import Unavailable
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

SCRIPT = """<script>
const ask = {
  fetch: (url, how) => fetch(url, how),
  keepalive: (url, how) => fetch(url, { ...how, keepalive: true, signal: AbortSignal.timeout(3000) }),
  xhr,
  sync: xhr,
};
function xhr(url, { method, body, headers = {}, sync }) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(method, url, !sync);
    for (const name in headers) request.setRequestHeader(name, headers[name]);
    request.onload = () => done(request);
    request.onerror = fail;
    request.send(body);
  });
}
async function change(kind, method) {
  await (await fetch('/')).text();  // leaves a connection that is kept alive
  const headers = { 'Content-Type': 'application/json' };
  try {
    await ask[kind]('/submit', { method, body: '{"name":"单位"}', headers, sync: kind == 'sync' });
    return 'answered';
  } catch { return 'lost'; }
}
</script>"""
PAGES = {
    "/": "<p>首页</p><iframe src='/form'></iframe>" + SCRIPT,
    "/form": "<form method=post action=/submit><input name=name value=单位><button>提交</button></form>",
    "/done": "<p>提交成功</p>",
}
CLICKS = 20
ANSWERED = {"/submit": ("200 OK", "")}
METHODS = ["POST", "PUT", "PATCH", "DELETE"]
KINDS = ["fetch", "keepalive", "xhr", "sync"]
CUTS = ["before", "middle", "body", "after"]


async def _clicks(session: Session, wire: Wire, kind: str, method: str) -> list[tuple[str, Sent]]:
    """As many acts as the table wants, and how each seemed to the page."""
    done = []
    await session.go(wire.url + "/")
    await session.see(Sign("首页"))
    for _ in range(CLICKS):
        async with session.single_send() as sent:
            seemed = await session.page.evaluate("([kind, method]) => change(kind, method)", [kind, method])
        done.append((seemed, sent))
    return done


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_each_click_is_one_request(running: RunningBrowser, kind: str, cut: str) -> None:
    wire = Wire(PAGES, cut=cut, redirects=ANSWERED)
    async with wire.listening(), Session.open(running, portal_at(wire.url)) as session:
        done = {method: await _clicks(session, wire, kind, method) for method in METHODS}
    assert Counter(one.method for one in wire.journal) == dict.fromkeys(METHODS, CLICKS)
    assert {one.body for one in wire.journal} == {'{"name":"单位"}'.encode()}
    fate = Fate.ANSWERED if cut == "after" else Fate.UNANSWERED
    for method, clicks in done.items():
        if kind != "keepalive":  # in Chromium such a call may never end once it is intercepted
            assert [seemed for seemed, _ in clicks] == ["answered" if cut == "after" else "lost"] * CLICKS
        for _, sent in clicks:
            (one,) = sent.requests
            assert (one.method, one.address, one.fate) == (method, wire.url + "/submit", fate)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
async def test_switched_off_it_leaves_as_chromium_sends_it(
    running: RunningBrowser, kind: str, method: str
) -> None:
    """And why the guard is there: should this ever fail, Chromium has changed its ways."""
    wire = Wire(PAGES, cut="before", redirects=ANSWERED)
    async with wire.listening(), Session.open(running, portal_at(wire.url, single_send=False)) as session:
        done = await _clicks(session, wire, kind, method)
    assert len(wire.journal) >= 2 * CLICKS
    assert all(sent == Sent(guarded=False) and sent.doubtful for _, sent in done)


async def _navigate(session: Session, wire: Wire) -> None:
    """A form's own navigation, in a frame; what its answer makes of the page is not looked at."""
    await session.go(wire.url + "/")
    await session.see(Sign("提交"))
    await session.page.wait_for_load_state("load")
    arrived = len(wire.journal)
    await session.page.frames[1].click("button")
    await wire.arrives(arrived + 1)


@pytest.mark.parametrize("cut", CUTS)
async def test_a_forms_own_navigation_is_one_request(running: RunningBrowser, cut: str) -> None:
    wire = Wire(PAGES, cut=cut)
    async with wire.listening(), Session.open(running, portal_at(wire.url)) as session:
        for _ in range(CLICKS):
            async with session.single_send() as sent:
                await _navigate(session, wire)
                if cut == "after":
                    await session.see(Sign("提交成功"))
                else:
                    with pytest.raises(Unavailable):
                        await session.see(Sign("提交成功"))
            assert [one.doubtful for one in sent.requests] == [cut != "after"]
    assert len(wire.journal) == CLICKS


async def test_switched_off_a_forms_navigation_leaves_more_often(running: RunningBrowser) -> None:
    wire = Wire(PAGES, cut="before")
    async with wire.listening(), Session.open(running, portal_at(wire.url, single_send=False)) as session:
        for _ in range(CLICKS):
            await _navigate(session, wire)
            with pytest.raises(Unavailable):
                await session.see(Sign("提交成功"))
    assert len(wire.journal) > CLICKS


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_block_that_ends_before_the_answer_leaves_nothing_to_the_browser(
    running: RunningBrowser, method: str
) -> None:
    """A route that goes while a request is under way has the browser send it once more."""
    wire = Wire(PAGES, silent={"/submit"})
    async with (
        wire.listening(),
        Session.open(running, portal_at(wire.url, save_seconds=2.0)) as session,
    ):
        await session.go(wire.url + "/")
        await session.see(Sign("首页"))
        async with session.single_send() as sent:
            await session.page.evaluate("method => void change('fetch', method)", method)
            await wire.arrives(1)
        for _ in range(CLICKS):
            await session.page.evaluate("fetch('/').then((answer) => answer.text())")
    assert [one.fate for one in sent.requests] == [Fate.UNANSWERED]
    assert len(wire.journal) == 1
