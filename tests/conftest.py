"""What every test may use: a browser that is started once, a ledger, the servers of ``tests.support``."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from loguru import logger
from playwright.async_api import Browser, Playwright, async_playwright, expect

from rpa.browser.launch import launch
from rpa.browser.running_browser import RunningBrowser, running_browser
from rpa.ledger.ledger import Ledger
from rpa.privacy import masks
from rpa.privacy.logs import configure_logging
from rpa.settings.settings import BrowserSettings
from tests.support.authority import authority
from tests.support.postgres import postgres, postgres_url

__all__ = ["authority", "postgres", "postgres_url"]

# Started in the background (``make test &``, many CI runners), a shell hands on an ignored Ctrl+C, and the
# commands that the tests start would hand it on in turn: interrupting them would then wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The machine is busy with other tests as well: what is looked for comes late, no example has a time to keep.
expect.set_options(timeout=60_000)
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# No test asks the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that one test makes known must neither blank out nor forbid another's texts."""
    monkeypatch.setattr(masks, "_secrets", masks.Secrets())


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written where a command's log goes."""
    stream = io.StringIO()
    configure_logging(stream, level="TRACE")
    yield stream
    logger.remove()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new one; some folders have theirs elsewhere, or on every database."""
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def driver() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(driver: Playwright) -> AsyncIterator[Browser]:
    browser = await launch(driver, BrowserSettings())
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(driver: Playwright, chromium: Browser) -> AsyncIterator[RunningBrowser]:
    async with running_browser(BrowserSettings(), driver, chromium) as browser:
        yield browser
