"""The console in a real browser, as its operator sees it.

pytest-playwright's fixtures are synchronous and cannot share a process's running event loop with the
asyncio tests, so this folder is a pytest run of its own: ``pytest -o addopts= tests/pages``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.console import Served, served_console, settings_at
from tests.support.installed_browser import browser_type_launch_args

__all__ = ["browser_type_launch_args"]

expect.set_options(timeout=60_000)  # a machine that is busy with other tests as well


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}


@pytest.fixture(scope="module")
def shared_console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console on a machine of its own, shared by the tests of a file."""
    with served_console(settings_at(tmp_path_factory.mktemp("home"))) as served:
        yield served


@pytest.fixture
def console(shared_console: Served) -> Iterator[Served]:
    """The console; afterwards nothing waits any more."""
    yield shared_console
    for request in shared_console.ledger.requests.waiting():
        shared_console.ledger.requests.withdraw(request.id)


@pytest.fixture
def desk(console: Served, page: Page) -> Iterator[Page]:
    """待办, opened through a one-time link; no script fails in it."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(console.link())
    yield page
    assert failures == []


@pytest.fixture
def another(console: Served, new_context: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """Opens 待办 once more, in a browser that shares nothing with the first one."""

    def opened() -> Page:
        page = new_context().new_page()
        page.goto(console.link())
        return page

    return opened


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails where axe-core finds something that keeps a person from using the page."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
