"""A robot's browser that a portal's page sends to the console gets nothing, and uses no link up."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from tests.support.console import served_console, settings_at
from tests.support.portal import portal_at
from tests.support.visiting import stranger
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_robot_does_not_reach_the_console(running: RunningBrowser, tmp_path: Path) -> None:
    with served_console(settings_at(tmp_path)) as served:
        link = served.link()
        portal = Wire({"/": f"<p>平台</p><a href='{link}'>办理</a><img src='{served.url}/static/icon.svg'>"})
        async with portal.listening(), Session.open(running, portal_at(portal.url)) as session:
            await session.page.goto(portal.url)
            picture = await session.page.evaluate("document.images[0].naturalWidth")
            try:
                answer = await session.page.goto(link)
                assert answer is None or answer.status == 403
            except PlaywrightError:  # refused before there was an answer
                pass
            cookies = await session.windows.context.cookies()
            assert not any(str(cookie.get("name")).startswith("rpa-console") for cookie in cookies)
        assert picture == 0
        assert stranger(served).get(link.removeprefix(served.url)).status == 303, "the link is unused"
