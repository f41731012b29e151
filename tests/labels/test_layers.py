"""Twins: of several that fit, the one that a person sees and can reach; and the search leaves the page as it was."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from rpa.errors import PortalChanged
from tests.labels.conftest import Show

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "onclick=\"document.title = closest('[id]').id\""


def dialog(name: str, level: int, style: str = "", classes: str = "modal in", buttons: str = "确定") -> str:
    """A dialog over all of the page, as Bootstrap makes them."""
    box = f"<div style='width:400px;margin:60px auto;background:white'><p>{name}</p><button {NAME}>{buttons}</button></div>"
    return f"<div id={name} class='{classes}' role=dialog style='position:fixed;inset:0;z-index:{level};{style}'>{box}</div>"


STACKED = {
    "newest first": dialog("上层", 1060) + dialog("下层", 1050),
    "newest last": dialog("下层", 1050) + dialog("上层", 1060),
    "newest first, the lower one beside it": dialog("上层", 1060)
    + dialog("下层", 1050, "left:30%;bottom:50%"),
    "small boxes that overlap": (
        dialog("上层", 1060, "inset:100px auto auto 100px;width:420px;height:200px")
        + dialog(
            "下层",
            1050,
            "inset:40px auto auto 300px;width:600px;height:400px;background:#eee;text-align:right",
        )
    ),
    "leaving, marked by ngAnimate": dialog("旧", 1060, classes="modal in ng-leave", style="bottom:70%")
    + dialog("上层", 1050, "top:40%"),
    "leaving, marked by Vue": dialog("旧", 1060, classes="v-modal-leave-active", style="bottom:70%")
    + dialog("上层", 1050, "top:40%"),
    "leaving, no longer in": dialog("旧", 1060, classes="modal fade", style="bottom:70%")
    + dialog("上层", 1050, "top:40%", "modal fade in"),
    "fading out": (
        "<style>@keyframes out { to { opacity: 0 } } #旧 { animation: out 30s }</style>"
        + dialog("旧", 1060, "bottom:70%")
        + dialog("上层", 1050, "top:40%")
    ),
    "a twin that nobody sees": dialog("旧", 1060, "opacity:0;bottom:70%") + dialog("上层", 1050, "top:40%"),
    "over the page": f"<p id=页面><button {NAME}>确定</button></p>"
    + dialog("上层", 1050, "background:#0008"),
}


@pytest.mark.parametrize("html", STACKED.values(), ids=STACKED.keys())
async def test_the_topmost_dialog_counts(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    await labels.click("确定", timeout=30)
    await expect(page).to_have_title("上层")


async def test_two_dialogs_side_by_side_are_no_guess(show: Show) -> None:
    labels = await show(dialog("左", 1050, "right:60%") + dialog("右", 1050, "left:60%"))
    with pytest.raises(PortalChanged, match="有 2 处“确定”"):
        await labels.click("确定", timeout=0.3)


async def test_one_in_view_and_one_further_down_are_no_guess(show: Show, page: Page) -> None:
    labels = await show("<button>确定</button><div style=height:3000px></div><button>确定</button>")
    with pytest.raises(PortalChanged, match="有 2 处“确定”"):
        await labels.click("确定", timeout=0.3)
    assert await page.evaluate("scrollY") == 0


def pane(name: str, style: str = "") -> str:
    return f"<div style='width:600px;height:120px;flex:none;{style}'><label>联系电话 <input name={name}></label></div>"


SLIDERS = {
    "slider": f"<div id=w style='width:600px;overflow:hidden'><div style='display:flex;width:1200px'>{pane('shown')}{pane('other')}</div></div>",
    "slider moved on": f"<div id=w style='width:600px;overflow:hidden'><div style='display:flex;width:1200px;transform:translateX(-600px)'>{pane('other')}{pane('shown')}</div></div>",
    "slider that scrolls by script": f"<div id=w style='width:600px;overflow:hidden'><div style='display:flex;width:1200px'>{pane('other')}{pane('shown')}</div></div><script>w.scrollLeft = 600</script>",
    "see-through": f"<div id=w style='position:relative;height:130px'>{pane('other', 'position:absolute;opacity:0')}{pane('shown', 'position:absolute;top:50px')}</div>",
    "moved out of the page": f"<div id=w>{pane('shown')}{pane('other', 'position:absolute;left:-9999px')}</div>",
    "clipped": f"<div id=w>{pane('other', 'position:absolute;clip-path:inset(100%)')}{pane('shown')}</div>",
    "folded": f"<div id=w>{pane('other', 'height:0;overflow:hidden')}{pane('shown')}</div>",
    "twin under an open dialog": f"<div id=w>{pane('other')}</div><div role=dialog style='position:fixed;inset:0;background:#fff'>{pane('shown')}</div>",
    "hidden twin in an open dialog": f"<div id=w role=dialog style='position:fixed;inset:0;background:#fff'>{pane('other', 'position:absolute;opacity:0')}{pane('shown', 'margin-top:200px')}</div>",
}


@pytest.mark.parametrize("html", SLIDERS.values(), ids=SLIDERS.keys())
async def test_the_pane_in_view_is_filled_and_stays_in_view(show: Show, page: Page, html: str) -> None:
    labels = await show(html)
    before = await page.evaluate("w.scrollLeft")
    await labels.fill({"联系电话": "13852000001"}, timeout=30)
    held = await page.evaluate(
        "Array.from(document.querySelectorAll('input'), (one) => [one.name, one.value]).sort()"
    )
    assert held == [["other", ""], ["shown", "13852000001"]]
    assert await page.evaluate("[w.scrollLeft, scrollY]") == [before, 0]
