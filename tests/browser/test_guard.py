"""Nothing goes to, or is typed at, an origin that is not the portal's."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import Error as PlaywrightError

from rpa.browser.guard import require_allowed
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.translate import translated
from rpa.errors import ForeignOrigin, Stop
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _session(running: RunningBrowser, url: str) -> AbstractAsyncContextManager[Session]:
    return Session.open(running, portal_at(url))


async def _arrive(session: Session, url: str) -> None:
    """Go where a page leads elsewhere, and look for what the portal would show."""
    with translated():
        async with session.page.expect_event("framenavigated", lambda frame: url not in frame.url):
            await session.go(url + "/")
        await session.see(Sign("单位办事通道"), seconds=1)


async def test_only_the_portals_origin_is_reached(running: RunningBrowser) -> None:
    portal, foreign = Wire({"/": "<p>平台</p>"}), Wire({"/": "<p>外站</p>"})
    async with portal.listening(), foreign.listening():
        async with Session.open(running, portal_at(portal.url)) as session:
            await session.go(portal.url + "/")
            await session.see(Sign("平台"))
            sent = await session.page.evaluate(
                "url => fetch(url, {mode: 'no-cors'}).then(() => 'sent', () => 'refused')", foreign.url
            )
            picture = await session.page.evaluate(
                "url => new Promise(done => { const i = new Image(); i.onload = () => done('loaded');"
                " i.onerror = () => done('refused'); i.src = url; })",
                foreign.url + "/picture.png",
            )
        assert picture == "refused"
        assert foreign.gets == []
        assert foreign.url.removeprefix("http://") in running.proxy.refused
        assert sent in ("sent", "refused")  # the proxy itself answers 403, which no-cors hides


async def test_a_page_that_leads_away_stops_the_filing(running: RunningBrowser) -> None:
    foreign = Wire({"/": "<p>单位办事通道</p><input placeholder='账号'>"})
    async with foreign.listening():
        portal = Wire({"/": f"<script>location.href = '{foreign.url}/'</script>"})
        async with portal.listening(), Session.open(running, portal_at(portal.url)) as session:
            with pytest.raises(Stop):
                await _arrive(session, portal.url)
        assert foreign.gets == []


async def test_another_port_of_the_same_host_is_foreign(running: RunningBrowser) -> None:
    portal, other = Wire({"/": "<p>平台</p>"}), Wire({"/": "<p>别处</p>"})
    async with portal.listening(), other.listening(), _session(running, portal.url) as session:
        answer = await session.page.goto(other.url)
        assert answer is not None
        assert answer.status == 403
    assert other.gets == []


async def test_an_extra_origin_is_allowed(running: RunningBrowser) -> None:
    portal, identity = Wire({"/": "<p>平台</p>"}), Wire({"/": "<p>统一认证</p>"})
    async with portal.listening(), identity.listening():
        settings = portal_at(portal.url, extra_origins=(identity.url,))
        async with Session.open(running, settings) as session:
            await session.go(identity.url + "/")
            await session.see(Sign("统一认证"))
    assert identity.gets == ["/"]


async def test_require_allowed_names_the_origin_alone() -> None:
    with pytest.raises(ForeignOrigin, match=r"https://evil\.example") as caught:
        require_allowed("https://evil.example/path?secret=1", {"https://portal.example"})
    assert "secret" not in str(caught.value)


async def test_a_refused_https_address_fails(running: RunningBrowser) -> None:
    portal = Wire({"/": "<p>平台</p>"})
    async with portal.listening(), Session.open(running, portal_at(portal.url)) as session:
        with pytest.raises(PlaywrightError, match="ERR_TUNNEL_CONNECTION_FAILED"):
            await session.page.goto("https://elsewhere.example/")
    assert "elsewhere.example:443" in running.proxy.refused
