"""办理进度查询: whose filing a row is."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest

from flows.henan.progress import Progress
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.errors import NeedsPerson
from rpa.filing import Employer
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """<meta charset=utf-8><h2>审核结果查询</h2><p>查询类型 <select><option>单位业务</select> <label>请输入办理月份 <input></label>
<button>查询</button></p><table><tr><th>事项名称<th>主体名称<th>受理时间{rows}</table>"""
ITEM = "稳岗返还申请"
MINE, OTHER = "河南示例（集团）有限公司", "河南别家有限公司"


async def _rows(running: RunningBrowser, *subjects: str) -> list[str]:
    rows = "".join(f"<tr><td>{ITEM}<td>{subject}<td>2026-08-11" for subject in subjects)
    async with (
        Wire({"/": PAGE.format(rows=rows)}).listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        await session.go(wire.url + "/")
        progress = await Progress.arrive(session)
        found = await progress.rows((ITEM,), Employer(MINE, "91410100MA00019860"), "202608")
        return [row["主体名称"] for row in found]


async def test_another_units_row_is_not_ours(running: RunningBrowser) -> None:
    assert await _rows(running, OTHER, MINE) == [MINE]


@pytest.mark.parametrize("shown", ["河南示例(集团)有限公司", f"{MINE} 【免数字证书认证】", ""])
async def test_a_name_written_another_way_is_ours(running: RunningBrowser, shown: str) -> None:
    assert await _rows(running, shown) == [shown]


async def test_the_item_under_another_name_alone_is_a_persons_question(running: RunningBrowser) -> None:
    """It may be a former name of the unit: filed twice, or never, would both be wrong."""
    with pytest.raises(NeedsPerson, match=f"主体名称是“{OTHER}”，不是“{MINE}”"):
        await _rows(running, OTHER)
