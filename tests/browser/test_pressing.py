"""What the portal asks is clicked away: the topmost, as often as it takes, and never once more than that."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

import asyncio

import pytest

from rpa.browser.running_browser import RunningBrowser
from rpa.browser.speech import Occasion
from tests.browser.test_conversation import SAVED, showing

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]


async def test_a_click_that_is_ignored_is_tried_again(running: RunningBrowser) -> None:
    act = "let ignored = 0; box('提示', '确认提交？', ['否', () => log('否')], ['是', () => { log('是'); if (ignored++ < 2) return false; state.textContent = '已存为草稿'; }])"
    async with showing(running, act) as session:
        occasion = Occasion("提交时平台提示", answers=True)
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=occasion)
        assert heard.sign is SAVED
        assert await session.page.title() == "是;是;是;"


async def test_a_question_whose_buttons_are_mere_texts(running: RunningBrowser) -> None:
    act = """const box = document.createElement('div'); box.style.cssText = 'position:fixed;inset:0;z-index:9;background:#0004';
        box.innerHTML = '<div style="margin:99px;background:#fff"><p>所选申报将上报经办机构，是否继续？</p><p><span>取消</span> <span>继续</span></p></div>';
        for (const each of box.querySelectorAll('span')) { each.style.cursor = 'pointer';
          each.onclick = () => { log(each.textContent); box.remove(); state.textContent = '已存为草稿'; }; }
        document.body.append(box)"""
    async with showing(running, act) as session:
        occasion = Occasion("提交时平台提示", answers=True)
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=occasion)
        assert heard.sign is SAVED
        assert await session.page.title() == "继续;"
        (said,) = session.said
        assert said.buttons == ("取消", "继续")


async def test_a_yes_that_has_sent_something_is_not_clicked_again(running: RunningBrowser) -> None:
    """The question stands until the answer is there."""
    yes = "() => { log('是'); fetch('/sent', { method: 'PUT' }); setTimeout(() => { state.textContent = '已存为草稿'; }, 4000); return false; }"
    act = f"box('提示', '确认提交？', ['否', () => log('否')], ['是', {yes}])"
    async with showing(running, act, sent={"body": ""}) as session:
        occasion = Occasion("提交时平台提示", answers=True)
        heard = await session.ask(lambda: session.click("保存"), SAVED, occasion=occasion)
        assert heard.sign is SAVED
        assert await session.page.title() == "是;"


async def test_of_boxes_on_boxes_the_topmost_is_used(running: RunningBrowser) -> None:
    act = "box('公告', '第一条', ['确定', () => log('下')]); box('公告', '第二条', ['确定', () => log('上')])"
    async with showing(running, act) as session:
        await session.click("保存")
        async with asyncio.timeout(20):
            while len(session.said) < 2:
                await session.front.ear.news(session.front.ear.version)
        assert {one.words: one.top for one in session.said} == {"第一条": False, "第二条": True}
        assert await session.dismiss_all()
        assert await session.page.title() == "上;下;"
        assert not await session.dismiss_all()
