"""pytest-playwright's fixtures, as a QA engineer uses them, with the browser that the machine has.

They are synchronous and cannot share a process's running event loop with the asyncio tests, so this
folder is a pytest run of its own: ``pytest -o addopts= tests/qa``.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.installed_browser import browser_type_launch_args

__all__ = ["browser_type_launch_args"]

expect.set_options(timeout=60_000)  # a machine that is busy with other tests as well

pytest_plugins = ["mock_portal.pytest_plugin"]
