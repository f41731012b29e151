"""平台: how each stands, and that a person's word stops and starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rpa.filing import CHINA
from tests.pages.seeding import batch_of, begun, no_sideways_scrolling, working
from tests.support.console import Served, served_console, settings_at
from tests.support.ledger import portal_state


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Served]:
    """Guangdong opens for one hour, twelve hours from now. Who works is alive all the while."""
    begins = datetime.now(CHINA) + timedelta(hours=12)
    hours = f"{begins:%H}:00-{begins + timedelta(hours=1):%H}:00"
    portals = {"guangdong": {"opening_hours": [hours]}, "henan": {"at_once": 3, "starts_per_minute": 12}}
    with served_console(
        settings_at(tmp_path / "home", portals=portals, engine={"dead_seconds": 600})
    ) as served:
        yield served


def test_a_person_pauses_and_resumes_a_portal(
    desk: Page, console: Served, accessible: Callable[[Page], None]
) -> None:
    working(console.ledger)
    _, tickets = batch_of(console, [1, 2])
    begun(console, tickets[1])
    desk.goto(f"{console.url}/portals")
    card = desk.locator("article", has=desk.get_by_role("heading", name="河南"))
    for told in ("正常", "1 户，最多同时 3 户", "最多 12 户", "全天", "https://"):
        expect(card).to_contain_text(told)
    accessible(desk)
    card.get_by_role("button", name="暂停").click()
    expect(desk.locator(".toast")).to_contain_text("平台“河南”已暂停。正在办理的 1 户会办完")
    expect(card).to_contain_text("由王芳暂停")
    expect(card).to_contain_text("由人点“恢复”")
    accessible(desk)
    card.get_by_role("button", name="恢复").click()
    expect(card.locator(".top .tag")).to_have_text("正常")
    assert portal_state(console.ledger, "henan").paused_at is None
    assert [(one.who, one.what, one.portal) for one in console.ledger.actions.newest()] == [
        ("王芳", "恢复", "henan"),
        ("王芳", "暂停", "henan"),
    ]
    expect(desk.locator("#history")).to_contain_text("王芳 恢复")
    no_sideways_scrolling(desk)


def test_hours_breaker_and_probe_are_told_as_they_change(desk: Page, console: Served) -> None:
    desk.goto(f"{console.url}/portals")
    guangdong = desk.locator("article", has=desk.get_by_role("heading", name="广东"))
    expect(guangdong).to_contain_text("现在不在办理时间")
    expect(desk.locator("#workers")).to_contain_text("没有办理程序在运行")
    probe = datetime.now(UTC) + timedelta(minutes=5)
    console.ledger.portals.pause("henan", "连续 5 户平台不可用", probe_at=probe)
    henan = desk.locator("article", has=desk.get_by_role("heading", name="河南"))
    expect(henan).to_contain_text("连续 5 户平台不可用")
    expect(henan).to_contain_text(f"{probe.astimezone(CHINA):%m-%d %H:%M} 自动探测")
    working(console.ledger)
    expect(desk.locator("#workers")).to_contain_text("办公室")


def test_another_environment_is_another_portal(desk: Page, console: Served) -> None:
    console.ledger.portals.pause("henan@http://127.0.0.1:8410", "试")
    desk.goto(f"{console.url}/portals")
    card = desk.locator("article", has_text="127.0.0.1:8410")
    card.get_by_role("button", name="恢复").click()
    expect(card.locator(".top .tag")).to_have_text("正常")
    assert portal_state(console.ledger, "henan@http://127.0.0.1:8410").paused_at is None
