"""One real browser for all label tests; a page for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from rpa.browser.labels import Labels
from rpa.browser.labels.page_scripts import PageScripts
from rpa.browser.launch import find_browser
from rpa.settings.settings import BrowserSettings

ORIGIN = "http://portal.test"

Show = Callable[[str], Awaitable[Labels]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = find_browser(BrowserSettings(), headless=True)
    assert found is not None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.path, channel=found.channel, args=["--no-sandbox"]
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def labels_page(chromium: Browser) -> AsyncIterator[tuple[Labels, Page]]:
    context = await chromium.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    yield Labels(page, PageScripts(page, cdp), origins=frozenset({ORIGIN})), page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(labels_page: tuple[Labels, Page]) -> AsyncIterator[Page]:
    """One page for all tests: each shows its own document in it."""
    yield labels_page[1]
    await labels_page[1].unroute_all()


@pytest.fixture
def show(labels_page: tuple[Labels, Page], page: Page) -> Show:
    """Show HTML as a page of the portal and return its labels."""

    async def shown(html: str, path: str = "/") -> Labels:
        await page.route(
            f"{ORIGIN}{path}",
            lambda route: route.fulfill(
                body=f"<!doctype html><meta charset=utf-8><body>{html}", content_type="text/html"
            ),
        )
        await page.goto(f"{ORIGIN}{path}")
        return labels_page[0]

    return shown
