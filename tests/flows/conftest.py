"""Batches of these tests share one Chromium: starting one for each would take a fifth of their time."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Playwright

from rpa.browser.running_browser import RunningBrowser, running_browser
from rpa.browser.shared_browser import SharedBrowser


@pytest.fixture(autouse=True)
def one_browser(driver: Playwright, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session has a context of its own as ever; a headed or remote browser is started as ever."""
    whole = SharedBrowser._start

    async def start(shared: SharedBrowser) -> RunningBrowser:
        if shared._settings.headed or shared._settings.ws_endpoint:
            return await whole(shared)
        async with AsyncExitStack() as stack:
            running = await stack.enter_async_context(running_browser(shared._settings, driver, chromium))
            shared._stack = stack.pop_all()
            return running

    monkeypatch.setattr(SharedBrowser, "_start", start)
