"""Batches of these tests share one Chromium: starting one for each would take a fifth of their time."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Playwright

from rpa.browser.session import Robot, robot
from rpa.browser.shared_browser import Machine


@pytest.fixture(autouse=True)
def one_browser(driver: Playwright, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session has a context of its own as ever; a headed or remote browser is started as ever."""
    whole = Machine._start

    async def start(machine: Machine) -> Robot:
        if machine._settings.headed or machine._settings.ws_endpoint:
            return await whole(machine)
        async with AsyncExitStack() as stack:
            started = await stack.enter_async_context(robot(machine._settings, driver, chromium))
            machine._stack = stack.pop_all()
            return started

    monkeypatch.setattr(Machine, "_start", start)
