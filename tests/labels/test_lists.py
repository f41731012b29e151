"""Lists over several pages are read whole, or not at all; which list and which column is meant."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rpa.browser.labels.spots import Spot
from rpa.errors import IncompleteList, PortalChanged
from tests.labels.conftest import ORIGIN, Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEAD = "<thead><tr><th></th><th>单位名称</th><th>单位管理码</th></tr></thead>"
LIST = """<div id=list><table>%s<tbody id=body></tbody></table>%s</div>
<script>
const units = Array.from({ length: 23 }, (_, at) => [`示例${at + 1}号有限公司`, `91440${at + 1}`]);
let [page, size] = [1, 10];
const row = ([name, code]) => `<tr><td><input type=radio name=unit value=${code}></td><td>${name}</td><td>${code}</td></tr>`;
function draw() {
  body.innerHTML = units.slice((page - 1) * size, page * size).map(row).join("");
  %s
}
function turn(to) { page = Math.min(3, Math.max(1, to)); draw(); return false; }
draw();
</script>"""

NUMBERS = "[1, 2, 3].map((one) => one === page ? `<b class=active>${one}</b>` : `<a href=# onclick=\"return turn(${one})\">${one}</a>`).join(' ')"
PAGERS = {
    "classic links that stay": (
        "<p class=foot><span id=said></span> <a href=# onclick='return turn(page - 1)'>上一页</a> <a href=# onclick='return turn(page + 1)'>下一页</a></p>",
        "said.textContent = `共 23 条，第 ${page}/3 页`;",
    ),
    "classic links without any count": (
        "<p><a href=# onclick='return turn(page - 1)'>上一页</a> <a href=# onclick='return turn(page + 1)'>下一页</a></p>",
        "",
    ),
    "layui laypage": (
        "<div class='layui-box layui-laypage' id=pager></div>",
        """pager.innerHTML = `<a class='layui-laypage-prev ${page === 1 ? "layui-disabled" : ""}' href=# onclick='return turn(page - 1)'>上一页</a>`
           + [1, 2, 3].map((one) => one === page ? `<span class=layui-laypage-curr><em></em><em>${one}</em></span>` : `<a href=# onclick='return turn(${one})'>${one}</a>`).join('')
           + `<a class='layui-laypage-next ${page === 3 ? "layui-disabled" : ""}' href=# onclick='return turn(page + 1)'>下一页</a><span class=layui-laypage-count>共 23 条</span>`;""",
    ),
    "element pagination": (
        "<div class=el-pagination id=pager></div>",
        """pager.innerHTML = `<span class=el-pagination__total>共 23 条</span><button class=btn-prev ${page === 1 ? 'disabled' : ''} onclick='turn(page - 1)'><i>&lt;</i></button><ul class=el-pager style='display:inline'>`
           + [1, 2, 3].map((one) => `<li style='display:inline' class='number ${one === page ? "active" : ""}' onclick='turn(${one})'>${one}</li>`).join('')
           + `</ul><button class=btn-next ${page === 3 ? 'disabled' : ''} onclick='turn(page + 1)'><i>&gt;</i></button>`;""",
    ),
    "ant pagination": (
        "<ul class=ant-pagination id=pager></ul>",
        """pager.innerHTML = `<li title=上一页 class='ant-pagination-prev ${page === 1 ? "ant-pagination-disabled" : ""}'><button ${page === 1 ? 'disabled' : ''} onclick='turn(page - 1)'>&lt;</button></li>`
           + [1, 2, 3].map((one) => `<li title=${one} class='ant-pagination-item ${one === page ? "ant-pagination-item-active" : ""}'><a onclick='turn(${one})'>${one}</a></li>`).join('')
           + `<li title=下一页 class='ant-pagination-next ${page === 3 ? "ant-pagination-disabled" : ""}'><button ${page === 3 ? 'disabled' : ''} onclick='turn(page + 1)'>&gt;</button></li>`;""",
    ),
    "easyui pagination": (
        "<div class='datagrid-pager pagination' id=pager></div>",
        """pager.innerHTML = `<a class='l-btn ${page === 1 ? "l-btn-disabled" : ""}' href=# onclick='return turn(page - 1)'><span class='l-btn-icon pagination-prev'>&nbsp;.</span></a>`
           + `<span>第</span><input class=pagination-num value=${page}><span>共3页</span>`
           + `<a class='l-btn ${page === 3 ? "l-btn-disabled" : ""}' href=# onclick='return turn(page + 1)'><span class='l-btn-icon pagination-next'>&nbsp;.</span></a>`
           + `<div class=pagination-info>显示${(page - 1) * 10 + 1}到${Math.min(23, page * 10)},共23记录</div>`;""",
    ),
}

every_pager = pytest.mark.parametrize("name", PAGERS)
ALL = [f"示例{number}号有限公司" for number in range(1, 24)]
CHOSEN = "document.querySelector('input:checked')?.value"


def paged(name: str) -> str:
    foot, draw = PAGERS[name]
    return LIST % (HEAD, foot, draw)


@every_pager
async def test_a_list_is_read_over_all_its_pages(name: str, show: Show, page: Page) -> None:
    labels = await show(paged(name))
    await page.evaluate("turn(2)")  # where an earlier look left it
    rows = await labels.rows(["单位名称"], timeout=30)
    assert [row["单位名称"] for row in rows] == ALL
    assert [rows[at].page for at in (0, 9, 10, 22)] == [1, 1, 2, 3]
    await labels.tick(rows[13], timeout=30)
    assert await page.evaluate(CHOSEN) == "9144014"
    assert len(await labels.rows(["单位名称"], timeout=30, whole=False)) == 10


async def test_a_list_that_says_more_than_it_shows_is_incomplete(show: Show) -> None:
    labels = await show(
        f"<div><table>{HEAD}<tr><td></td><td>示例1号</td><td>1</td></tr></table><p>总行数：12</p></div>"
    )
    with pytest.raises(IncompleteList, match="共 12 条，只读到 1 条"):
        await labels.rows(["单位名称"], timeout=1)


async def test_a_pager_that_does_not_turn_leaves_the_list_incomplete(show: Show) -> None:
    labels = await show(paged("element pagination").replace("page = Math.min(3, Math.max(1, to));", ""))
    with pytest.raises(IncompleteList, match="共 23 条，只读到 10 条"):
        await labels.rows(["单位名称"], timeout=1, turning=8)


async def test_a_page_whose_rows_never_come_is_not_the_end(show: Show) -> None:
    labels = await show(
        paged("element pagination").replace("body.innerHTML =", "if (page < 2) body.innerHTML =")
    )
    with pytest.raises(IncompleteList, match="第 2 页一直没有显示出来"):
        await labels.rows(["单位名称"], timeout=1, turning=8)


async def test_pages_that_are_documents_of_their_own(show: Show, page: Page) -> None:
    html = paged("classic links without any count")
    own = "page = Number(new URLSearchParams(location.search).get('page') ?? 1); draw();"
    turn = "function turn(to) { location.search = `page=${Math.min(3, Math.max(1, to))}`; return false; }"
    html = f"{html}<script>{own}{turn}</script>"
    await page.route(
        f"{ORIGIN}/?page=*",
        lambda route: route.fulfill(
            body=f"<!doctype html><meta charset=utf-8><body>{html}", content_type="text/html"
        ),
    )
    labels = await show(html)
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=30)] == ALL


async def test_a_click_on_the_pager_that_is_lost_is_made_again(show: Show) -> None:
    lost = "let lost = true; addEventListener('click', (e) => { if (lost) e.stopImmediatePropagation(); lost = false; }, true);"
    labels = await show(f"{paged('element pagination')}<script>{lost}</script>")
    assert len(await labels.rows(["单位名称"], timeout=30)) == 23


async def test_another_lists_pager_and_count_are_left_alone(show: Show, page: Page) -> None:
    first = f"<div><table>{HEAD.replace('单位管理码', '统筹区')}<tr><td></td><td>别的单位</td><td>郑州市</td></tr></table></div>"
    labels = await show(f"<main>{first}{paged('classic links that stay')}</main>")
    rows = await labels.rows(["单位名称", "统筹区"], timeout=30)
    assert [row["统筹区"] for row in rows] == ["郑州市"]
    assert await page.evaluate("window.page ?? page") == 1


async def test_links_in_records_and_menus_turn_no_page(show: Show, page: Page) -> None:
    menu = "<nav><a href=# onclick=\"document.title='gone'\">下一步</a></nav>"
    rows = (
        "<tr><td><a href=# onclick=\"document.title='gone'\">下一页</a></td><td>示例1号</td><td>1</td></tr>"
    )
    labels = await show(f"{menu}<table>{HEAD}<tbody>{rows}</tbody></table><p>共 1 条</p>")
    assert len(await labels.rows(["单位名称"], timeout=30)) == 1
    await expect(page).to_have_title("")


# --- which list, which column


async def test_a_copy_of_the_head_is_no_second_list(show: Show) -> None:
    copy = f"<div style='position:sticky;top:0'><table>{HEAD}</table></div>"
    labels = await show(
        f"<div>{copy}<table>{HEAD}<tbody><tr><td></td><td>示例甲</td><td>1</td></tr></tbody></table></div>"
    )
    assert [row["单位名称"] for row in await labels.rows(["单位名称"], timeout=1)] == ["示例甲"]


async def test_two_lists_with_the_same_head_are_an_error(show: Show) -> None:
    table = f"<table>{HEAD}<tr><td></td><td>示例{{}}</td><td>1</td></tr></table>"
    labels = await show(f"<div>{table.format('甲')}</div><div>{table.format('乙')}</div>")
    with pytest.raises(PortalChanged, match="有 2 处“单位名称”"):
        await labels.rows(["单位名称"])


async def test_cells_over_rows_and_heads_over_columns(show: Show, page: Page) -> None:
    html = """<table><thead><tr><th rowspan=2>单位名称</th><th colspan=2>上年度</th><th colspan=2>本年度</th><th rowspan=2>操作</th></tr>
      <tr><th>人数</th><th>金额</th><th>人数</th><th>金额</th></tr></thead><tbody>
      <tr><td rowspan=2>示例甲</td><td>1</td><td>10</td><td>2</td><td>20</td><td><a onclick="document.title='first'">详情</a></td></tr>
      <tr><td>3</td><td>30</td><td>4</td><td>40</td><td><a onclick="document.title='second'">详情</a></td></tr></tbody></table>"""
    labels = await show(html)
    rows = await labels.rows(["单位名称", "本年度金额"])
    assert [(row["单位名称"], row["上年度人数"], row["本年度金额"]) for row in rows] == [
        ("示例甲", "1", "20"),
        ("示例甲", "3", "40"),
    ]
    await labels.click_in(rows[1], "详情")
    await expect(page).to_have_title("second")
    with pytest.raises(PortalChanged, match="有 2 处“单位名称、人数”"):
        await labels.rows(["单位名称", "人数"])


async def test_a_column_is_found_by_its_other_names(show: Show) -> None:
    labels = await show(f"<table>{HEAD}<tr><td></td><td>示例甲</td><td>1</td></tr></table>")
    (row,) = await labels.rows([Spot("主体名称", aliases=("单位名称",))], optional=["统筹区"])
    assert (row["主体名称"], row["单位名称"], row.get("统筹区", "无")) == ("示例甲", "示例甲", "无")


# --- what is missing


async def test_a_missing_column_names_those_that_show(show: Show) -> None:
    labels = await show(
        "<table><thead><tr><th>单位名称</th><th>申请时间</th><th>状态</th></tr></thead><tr><td>示例甲公司</td><td>2026</td><td>通过</td></tr></table>"
    )
    with pytest.raises(PortalChanged) as stopped:
        await labels.rows(["单位名称", "受理时间"])
    said = stopped.value.message
    assert "找不到“单位名称、受理时间”；页面上有：“申请时间”“" in said
    assert '请在 configs/<平台>.toml 的 [labels] 中加一行："受理时间" = ["申请时间"]' in said
    assert "示例甲公司" not in said


async def test_a_missing_field_or_button_names_those_that_show(show: Show) -> None:
    labels = await show(
        "<p>单位名称：示例甲公司</p><label>联系人姓名 <input value=张三></label><label>手机 <input></label><button>确认提交</button><button>返回</button>"
    )
    with pytest.raises(
        PortalChanged, match=r'找不到“联系电话”；页面上有：“联系人姓名”“手机”；.*"联系电话" = '
    ):
        await labels.fill({"联系电话": "1"}, timeout=0.2)
    with pytest.raises(PortalChanged, match="找不到“提交申报”；页面上有：“确认提交”“返回”；"):
        await labels.click("提交申报", timeout=0.2)
    with pytest.raises(PortalChanged, match=r"找不到“联系电话”；页面上有：(?!.*示例甲)"):
        await labels.read(["联系电话"])


QUERY = """<button onclick="%s">查询</button>
<table><thead><tr><th>事项名称</th><th>受理时间</th></tr></thead><tbody id=t><tr><td colspan=2>没有数据</td></tr></tbody></table>
<script>const ROW = '<tr><td>稳岗返还申请</td><td>2026-08-11</td></tr>';
const asked = () => fetch('/', { cache: 'no-store' }).then((it) => it.text());</script>"""
LATE = {
    "a timer after its answer": "asked().then(() => setTimeout(() => { t.innerHTML = ROW; }, 300))",
    "a timer alone": "setTimeout(() => { t.innerHTML = ROW; }, 300)",
    "says that it loads": "t.rows[0].cells[0].textContent = '加载中...'; setTimeout(() => { t.innerHTML = ROW; }, 1500)",
}


@pytest.mark.parametrize("act", LATE.values(), ids=LATE.keys())
async def test_a_list_that_is_drawn_a_moment_later_is_not_empty(show: Show, act: str) -> None:
    labels = await show(QUERY % act)
    assert await labels.rows(("事项名称", "受理时间"), timeout=5) == []
    await labels.click("查询", timeout=5)
    (row,) = await labels.rows(("事项名称", "受理时间"), timeout=5)
    assert row["受理时间"] == "2026-08-11"


async def test_the_rows_of_the_query_before_are_not_this_ones(show: Show) -> None:
    again = "asked().then(() => setTimeout(() => { t.innerHTML = t.innerHTML.includes('2026') ? ROW.replace('2026', '2025') : ROW; }, 250))"
    labels = await show(QUERY % again)
    for year in ("2026", "2025"):
        await labels.click("查询", timeout=5)
        (row,) = await labels.rows(("事项名称", "受理时间"), timeout=5)
        assert row["受理时间"] == f"{year}-08-11"
