"""pytest-playwright's fixtures, as a QA engineer uses them, with the browser that the machine has.

They are synchronous and cannot share a process's running event loop with the asyncio tests, so this
folder is a pytest run of its own: ``pytest -o addopts= tests/qa``.
"""

from __future__ import annotations

from typing import Any

import pytest

from rpa.browser.launch import find_browser, must_lack_sandbox
from rpa.settings import BrowserSettings

pytest_plugins = ["mock_portal.pytest_plugin"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = find_browser(BrowserSettings(), headless=True)
    assert found is not None
    return {
        **browser_type_launch_args,
        "executable_path": found.path,
        "chromium_sandbox": not must_lack_sandbox(),
    }
