"""Lists as the grid libraries themselves draw them are read whole, clicked in and marked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Route, expect

from rpa.browser.labels import Labels
from tests.labels.conftest import ORIGIN, Show
from tests.labels.grids import GRIDS
from tests.labels.libraries import library

pytestmark = pytest.mark.asyncio(loop_scope="session")

every_grid = pytest.mark.parametrize("name", GRIDS)


async def send_library_file(route: Route) -> None:
    path = library(urlsplit(route.request.url).path.removeprefix("/lib/"))
    await (route.fulfill(path=path) if path.is_file() else route.abort())


async def show_grid(name: str, show: Show, page: Page) -> Labels:
    """A list drawn by the library itself, with the library served by the portal."""
    grid = GRIDS[name]
    library("")  # to fetch them takes longer than a page waits for a script
    await page.route(f"{ORIGIN}/lib/**", send_library_file)
    styles = [f"<link rel=stylesheet href=/lib/{path}>" for path in grid.files if path.endswith(".css")]
    scripts = [f"<script src=/lib/{path}></script>" for path in grid.files if path.endswith(".js")]
    labels = await show("".join((*styles, grid.html, *scripts)))
    await page.evaluate(grid.start)
    return labels


@every_grid
async def test_all_rows_are_read_and_one_out_of_view_is_used(name: str, show: Show, page: Page) -> None:
    labels = await show_grid(name, show, page)
    rows = await labels.rows(["单位编号", "单位名称"], optional=["统筹区", "别的"], timeout=30)
    assert [row["单位名称"] for row in rows] == [f"示例{number}号有限公司" for number in range(1, 61)]
    last = {"序号": "60", "单位编号": "410000000060", "填报日期": "2026-03-04", "统筹区": "郑州市"}
    assert {header: rows[-1][header] for header in last} == last
    assert rows[-1].get("别的") == ""

    await labels.click_in(rows[44], "详情", timeout=30)
    await expect(page).to_have_title(re.compile("示例45号有限公司"))
    await labels.tick(rows[51], timeout=30)
    await labels.tick(rows[51], timeout=30)  # a second time changes nothing
    assert await page.evaluate("chosen()") == [52]
