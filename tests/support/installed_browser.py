"""pytest-playwright's browser, as the machine has it."""

from __future__ import annotations

from typing import Any

import pytest

from rpa.browser.launch import find_browser, must_lack_sandbox
from rpa.settings.settings import BrowserSettings


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Its own fixture, pointed at the browser that is there."""
    found = find_browser(BrowserSettings(), headless=True)
    assert found is not None
    return {
        **browser_type_launch_args,
        "executable_path": found.path,
        "chromium_sandbox": not must_lack_sandbox(),
    }
