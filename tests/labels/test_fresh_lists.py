"""A list is read after its answer and its mask, never stale; what was not drawn is not empty."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Page, Route

from rpa.errors import Unavailable
from tests.labels.conftest import ORIGIN, Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "<thead><tr><th></th><th>单位名称</th><th>单位管理码</th></tr></thead>"


async def answer_list(page: Page, seconds: float, count: int) -> None:
    """Have the portal answer /list after a while with so many units."""

    async def answer(route: Route) -> None:
        await asyncio.sleep(seconds)
        await route.fulfill(body=json.dumps([[f"示例{at}号", str(at)] for at in range(count)]))

    await page.route(f"{ORIGIN}/list**", answer)


ASKED = """<button onclick="ask(event)">查询</button><div style='position:relative'><table>%s<tbody id=body><tr><td></td><td>上个月的单位</td><td>0</td></tr></tbody></table></div>
<script>
const draw = (rows) => { body.innerHTML = rows.map(([name, code]) => `<tr><td></td><td>${name}</td><td>${code}</td></tr>`).join('') };
const ask = () => %s;
</script>"""
FETCHES = {
    "by one request": "fetch('/list').then((one) => one.json()).then(draw)",
    "by a second request": "fetch('/list?1').then((one) => one.json()).then(() => fetch('/list?2')).then((one) => one.json()).then(draw)",
    "by XMLHttpRequest": "{ const call = new XMLHttpRequest(); call.onload = () => draw(JSON.parse(call.response)); call.open('GET', '/list'); call.send() }",
}


@pytest.mark.parametrize("way", FETCHES)
async def test_a_list_is_read_after_its_answer(way: str, show: Show, page: Page) -> None:
    await answer_list(page, 0.4, 3)
    labels = await show(ASKED % (HEAD, FETCHES[way]))
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=30)] == ["上个月的单位"]
    await labels.click("查询", timeout=30)
    rows = await labels.rows(["单位名称"], timeout=30)
    assert [row["单位名称"] for row in rows] == ["示例0号", "示例1号", "示例2号"]


async def test_a_list_is_read_after_its_mask(show: Show) -> None:
    mask = "<div class=el-loading-mask style='position:absolute;inset:0' id=mask></div>"
    later = "setTimeout(() => { mask.remove(); draw([['示例甲', '1']]) }, 400)"
    labels = await show(
        (ASKED % (HEAD, "0")).replace("<table>", f"{mask}<table>") + f"<script>{later}</script>"
    )
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=30)] == ["示例甲"]


SPINNER = "<style>@keyframes turn { to { transform: rotate(1turn) } }</style><div id=mask style='position:fixed;inset:0;z-index:9'><i style='display:block;width:9px;height:9px;animation:turn 1s infinite'></i></div>"


async def test_a_mask_is_known_by_what_turns_in_it(show: Show) -> None:
    later = "setTimeout(() => { mask.remove(); draw([['示例甲', '1']]) }, 400)"
    labels = await show(f"{SPINNER}{ASKED % (HEAD, '0')}<script>{later}</script>")
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=30)] == ["示例甲"]
    stays = await show(SPINNER + ASKED % (HEAD, "0"))
    with pytest.raises(Unavailable, match="一直在加载"):
        await stays.rows(["单位名称"], timeout=0.5)


async def test_polling_blocks_nothing(show: Show, page: Page) -> None:
    await answer_list(page, 0, 1)
    await page.route(f"{ORIGIN}/poll", lambda route: asyncio.sleep(0))  # is never answered
    labels = await show(f"{ASKED % (HEAD, FETCHES['by one request'])}<script>fetch('/poll')</script>")
    assert len(await labels.rows(["单位名称"], timeout=1)) == 1  # drawn with the document
    await labels.click("查询", timeout=30)
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=30)] == ["示例0号"]
    await page.evaluate("document.querySelector('button').addEventListener('click', () => fetch('/poll'))")
    await labels.click("查询", timeout=30)
    with pytest.raises(Unavailable, match="有请求没有返回"):
        await labels.rows(["单位名称"], timeout=1)


# --- empty


EMPTY = {
    "a body without rows": f"<table>{HEAD}<tbody></tbody></table>",
    "one cell over all columns": f"<table>{HEAD}<tbody><tr><td colspan=3>暂无数据</td></tr></tbody></table>",
    "element-ui": (
        f"<div class=el-table><div class=el-table__header-wrapper><table>{HEAD}</table></div><div class=el-table__body-wrapper>"
        "<table><tbody></tbody></table><div class=el-table__empty-block><span>暂无数据</span></div></div></div>"
    ),
    "a count of nothing": f"<table>{HEAD}<tbody></tbody></table><p>共 0 条</p>",
}


@pytest.mark.parametrize("html", EMPTY.values(), ids=EMPTY.keys())
async def test_an_empty_list(show: Show, html: str) -> None:
    labels = await show(html)
    assert await labels.rows(["单位名称"], timeout=30) == []


UNREAD = {
    "a head alone": f"<table>{HEAD}</table>",
    "no rows, though there are some": f"<table>{HEAD}<tbody></tbody></table><p>共 5 条</p>",
}


@pytest.mark.parametrize("html", UNREAD.values(), ids=UNREAD.keys())
async def test_what_was_not_drawn_is_not_empty(show: Show, html: str) -> None:
    labels = await show(html)
    with pytest.raises(Unavailable, match="没有显示完整"):
        await labels.rows(["单位名称"], timeout=0.3)
