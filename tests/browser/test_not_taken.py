"""A flow that fills a field and compares nothing afterwards is told when the field holds something else."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest

from flows.henan.progress import Progress
from rpa.browser.labels.spots import Match
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.errors import NotTaken
from rpa.filing import Employer
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEARCH = """<meta charset=utf-8><h2>审核结果查询</h2><table><tr><td>查询类型</td><td><select><option>单位业务</select></td>
<td>请输入办理月份</td><td>{field}</td></tr></table><button onclick="document.title += 'asked '">查询</button>"""

FIELDS = {
    "locked, with a picker of another make": '<input readonly value=202611 onfocus="this.title=1">',
    "sets itself back": "<input value=2026-11 onblur=\"this.value='2026-11'\">",
    "takes four characters": "<input maxlength=4>",
}


@pytest.mark.parametrize("name", FIELDS)
async def test_a_list_is_never_asked_for_another_month_than_wanted(
    name: str, running: RunningBrowser
) -> None:
    async with (
        Wire({"/": SEARCH.format(field=FIELDS[name])}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        progress = await Progress.arrive(session)
        with pytest.raises(NotTaken, match="“请输入办理月份”（") as stopped:
            await progress.rows(("稳岗返还申请",), Employer("甲", "91410100MA00019860"), "202603")
        assert "202603" not in stopped.value.message + stopped.value.advice
        assert await session.page.title() == ""


async def test_who_compares_afterwards_takes_whatever_the_page_holds(running: RunningBrowser) -> None:
    async with (
        Wire({"/": "<meta charset=utf-8><label>户名 <input maxlength=2></label>"}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        held = await session.fill({"户名": "某公司"}, accepts=tuple(Match))
        assert (held["户名"].text, held["户名"].match) == ("某公", Match.CUT)


LOGIN = """<meta charset=utf-8><h2>单位登录</h2><form method=post action=/send>
<p><label>账号 <input name=user readonly onfocus="this.removeAttribute('readonly')"></label></p>
<p><label>密码 <input name=word type=password readonly onfocus="this.readOnly = false"></label></p>
<p><label>联系人 <input name=who readonly onclick="this.readOnly = false"></label></p><button>登录</button></form>"""


async def test_fields_that_are_locked_until_somebody_comes_are_filled(running: RunningBrowser) -> None:
    async with (
        Wire({"/": LOGIN, "/done": "<h1>ok</h1>"}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        await session.fill({"账号": "unit-1", "密码": "s3cret", "联系人": "zhang"})
        await session.click("登录")
        await session.page.wait_for_url("**/done")
        assert [body for _, body, _ in wire.posts] == [b"user=unit-1&word=s3cret&who=zhang"]
