"""Open shadow roots: what is drawn in them is found, read and used like everything else."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rpa.browser.labels import Labels
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.script import script
from rpa.errors import PortalChanged
from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

PORTAL = """
<h2>社会保障网上服务</h2><hall-app id=app></hall-app>
<p>首页</p><table><tr><td>开户银行</td><td><hall-field id=bank></hall-field></td></tr></table>
<script>
const root = app.attachShadow({ mode: 'open' });
root.innerHTML = `<style>p { color: red }</style><h3>发放信息</h3><label>联系人 <input id=contact></label>
  <table><tr><td>银行账号</td><td><input id=account></td></tr></table>
  <hall-list id=list></hall-list><button id=save>保存</button><p>经办机构：郑州市社会保险中心</p>`;
const inner = root.getElementById('list').attachShadow({ mode: 'open' });
inner.innerHTML = `<table><thead><tr><th>事项名称</th><th>办理状态</th><th>操作</th></tr></thead>
  <tbody><tr><td>稳岗返还申请</td><td><hall-tag></hall-tag></td><td><a href=javascript:void(0)>详情</a></td></tr>
  <tr><td>失业登记</td><td><hall-tag>办结</hall-tag></td><td><a href=javascript:void(0)>详情</a></td></tr></tbody></table>`;
const [tag, other] = inner.querySelectorAll('hall-tag');
tag.attachShadow({ mode: 'open' }).innerHTML = '<b>办理中</b>';
other.attachShadow({ mode: 'open' }).innerHTML = '<style>b { color: red }</style><b><slot></slot></b>';
inner.querySelectorAll('a').forEach((link, at) => { link.onclick = () => { document.title = '详情' + at } });
bank.attachShadow({ mode: 'open' }).innerHTML = '<input>';
root.getElementById('save').onclick = () => {
  document.title = [root.getElementById('contact').value, root.getElementById('account').value].join();
};
</script>"""


async def test_fields_and_buttons(show: Show, page: Page) -> None:
    labels = await show(PORTAL)
    values = {"联系人": "苗雨桐", "银行账号": "4113010000000001", "开户银行": "工商银行"}
    held = await labels.fill(values, timeout=30)
    assert {label: one.value for label, one in held.items()} == values
    assert await page.evaluate("bank.shadowRoot.querySelector('input').value") == "工商银行"
    await labels.click(Spot("保存", within="发放信息"), timeout=30)
    await expect(page).to_have_title("苗雨桐,4113010000000001")


async def test_rows_and_what_is_clicked_in_them(show: Show, page: Page) -> None:
    labels = await show(PORTAL)
    rows = await labels.rows(["事项名称", "办理状态"], timeout=30)
    assert [(row.cells["事项名称"], row.cells["办理状态"]) for row in rows] == [
        ("稳岗返还申请", "办理中"),
        ("失业登记", "办结"),
    ]
    await labels.click_in(rows[1], "详情", timeout=30)
    await expect(page).to_have_title("详情1")


async def test_read_only_words(show: Show) -> None:
    labels = await show(PORTAL)
    (shown,) = (await labels.read([Spot("经办机构", kind=ControlKind.OUTPUT)], timeout=30)).values()
    assert shown.text == "郑州市社会保险中心"


async def test_a_sign(show: Show, page: Page) -> None:
    await show(PORTAL)
    sign = {
        "id": 0,
        "names": ["办理中"],
        "exact": False,
        "dialog": False,
        "gone": False,
        "pattern": False,
        "fresh": False,
    }
    found = await page.evaluate(
        script("dom", "signs", main="waitForSign"), {"signs": [sign], "after": 0, "timeout": 1000}
    )
    assert found is not None
    assert found["words"] == "办理中"


async def test_what_appears_in_a_shadow_root_is_noticed(show: Show, page: Page) -> None:
    labels = await show(PORTAL)
    await page.evaluate(
        "setTimeout(() => root.append(Object.assign(document.createElement('button'), { textContent: '提交', onclick() { document.title = 'hit' } })), 150)"
    )
    await labels.click("提交", timeout=30)
    await expect(page).to_have_title("hit")


COVERED = """<hall-app id=app></hall-app><script>
app.attachShadow({ mode: 'open' }).innerHTML = `<button>确定</button>
  <div style='position:fixed;inset:0;background:#0008'></div>
  <div style='position:fixed;top:100px;left:100px'><slot></slot></div>`;
app.innerHTML = `<button onclick="document.title = 'hit'">确定</button>`;
</script>"""


async def test_a_dialog_of_given_content_over_its_own_twin(show: Show, page: Page) -> None:
    labels = await show(COVERED)
    await labels.click("确定", timeout=30)
    await expect(page).to_have_title("hit")


async def test_a_frame_in_a_shadow_root(show: Show, page: Page) -> None:
    labels: Labels = await show(
        "<hall-app id=app></hall-app><script>app.attachShadow({ mode: 'open' }).innerHTML = "
        '\'<iframe style="transform:scale(.7)" srcdoc="<button onclick=parent.document.title=1>提交</button>"></iframe>\'</script>'
    )
    await labels.click("提交", timeout=30)
    await expect(page).to_have_title("1")


async def test_a_closed_root_stays_closed(show: Show) -> None:
    labels = await show(
        "<p id=p></p><script>p.attachShadow({ mode: 'closed' }).innerHTML = '<button>提交</button>'</script>"
    )
    with pytest.raises(PortalChanged, match="找不到“提交”"):
        await labels.click("提交", timeout=0.2)
