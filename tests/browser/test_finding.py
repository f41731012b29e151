"""Finding and pushing what nobody knows by its words."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.signs import Sign
from rpa.errors import PortalChanged
from tests.browser.test_conversation import showing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

NOTICE = Sign("资金用途")
GONE = Sign(NOTICE.text, gone=True)
COUNTS_DOWN = """box('告知', '资金用途：还需阅读 <b id=left>9</b> 秒', ['已知晓', () => { log('按'); return ++heard > %d; }]);
let heard = 0; setInterval(() => { const left = document.getElementById('left'); if (left) left.textContent--; }, 100)"""


async def test_a_dialog_that_is_heard_again_is_no_answer_to_its_own_button(running: RunningBrowser) -> None:
    """Its button ignores a click, and its words change all the time."""
    async with showing(running, COUNTS_DOWN % 1) as session:
        await session.click("保存")
        await session.see(NOTICE)
        await session.push(Spot("已知晓"), until=GONE)
        await session.see(GONE)
        assert await session.page.title() == "按;按;"


async def test_what_did_not_go_away_is_said_so(running: RunningBrowser) -> None:
    async with showing(running, "state.textContent = '资金用途'", seconds=1) as session:
        await session.click("保存")
        with pytest.raises(PortalChanged, match="页面上“资金用途”没有消失"):
            await session.see(GONE)


async def test_what_the_portal_says_of_the_click_ends_the_pushing(running: RunningBrowser) -> None:
    act = "box('告知', '资金用途', ['已知晓', () => { log('按'); toast('服务器开小差了', 1500); return false; }])"
    async with showing(running, act) as session:
        await session.click("保存")
        await session.see(NOTICE)
        await session.push(Spot("已知晓"), until=GONE)
        assert await session.page.title() == "按;"
