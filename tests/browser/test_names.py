"""What the settings call a label holds for every control and every sign that a flow names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.speech import Occasion
from rpa.errors import NeedsPerson, PortalChanged
from tests.support.portal import portal_at
from tests.support.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = {
    "户名": ("账户名称",),
    "提交": ("确认申报",),
    "提交成功": ("已受理",),
    "验证码错误": ("验证码不正确",),
}
BOX = (
    "<div style='position:fixed;z-index:9'><div><span>{title}</span><button aria-label=Close>×</button></div>"
    "<p>{text}</p><button>取消</button><button>确定</button></div>"
)


@asynccontextmanager
async def shown(running: RunningBrowser, html: str) -> AsyncIterator[Session]:
    """A session before a page, at a portal whose settings know more names."""
    async with (
        Wire({"/": html}).listening() as wire,
        Session.open(running, portal_at(wire.url, labels=NAMES)) as session,
    ):
        await session.go(wire.url + "/")
        yield session


async def test_controls_and_signs_have_every_name_of_the_settings(running: RunningBrowser) -> None:
    show = "document.body.innerHTML = '<b>已受理</b>'"
    page = f'<label>账户名称 <input></label><button onclick="{show}">确认申报</button>'
    async with shown(running, page) as session:
        held = await session.fill({"户名": "某公司"})
        assert held["户名"].text == "某公司"
        assert await session.editable(["户名", "开户银行"]) == {"户名"}
        assert (await session.read(["户名"], filled=True))["户名"].text == "某公司"
        await session.click(Spot("提交", kind=ControlKind.BUTTON))
        done = Sign("提交成功")
        assert (await session.see(Sign("提交失败"), done)).sign is done
        assert await session.shows(done)
        assert not await session.shows(Sign("提交失败"))


async def test_gone_means_that_none_of_the_names_shows(running: RunningBrowser) -> None:
    page = "<p id=p>验证码不正确</p><button onclick='setTimeout(() => p.remove(), 300)'>换一张</button>"
    async with shown(running, page) as session:
        await session.click("换一张")
        await session.see(Sign("验证码错误", gone=True))
        assert await session.page.evaluate("document.getElementById('p')") is None


@pytest.mark.parametrize(
    ("text", "found"), [("共 12 条", "共 12 条"), ("总数： 3 条", ""), ("公共 服务", "")]
)
async def test_a_pattern_reads_text_without_its_spaces(
    running: RunningBrowser, text: str, found: str
) -> None:
    async with shown(running, f"<div>列表<span>{text}</span></div>") as session:
        total = Sign(r"(共|总数)\d+条", pattern=True)
        if found:
            assert (await session.see(total)).words == found
            return
        await session.see(Sign("列表"))
        with pytest.raises(PortalChanged):
            await session.see(total, seconds=0.3)


async def test_a_native_dialog_fits_a_pattern_too(running: RunningBrowser) -> None:
    async with shown(running, "<script>alert('已受理，编号 4400')</script>") as session:
        assert (await session.see(Sign(r"编号\d+", pattern=True))).words.endswith("4400")
        done = Sign("提交成功")
        assert (await session.see(done)).sign is done, "by its other name"


@pytest.mark.parametrize("title", ["提示", "温馨提示"])
async def test_a_drawn_dialog_is_read_without_title_and_buttons(running: RunningBrowser, title: str) -> None:
    page = BOX.format(title=title, text="贵单位不在名单内")
    async with shown(running, page) as session:
        with pytest.raises(NeedsPerson, match=r"^提交时平台提示：贵单位不在名单内$"):
            await session.hear(Sign("提交成功"), occasion=Occasion("提交时平台提示"), seconds=1)
