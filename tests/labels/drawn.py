"""Pages that a widget library draws, with the library served by the portal."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.async_api import Page, Route

from rpa.browser.labels import Labels
from tests.labels.conftest import ORIGIN, Show
from tests.labels.libraries import library


async def _send_library_file(route: Route) -> None:
    path = library(urlsplit(route.request.url).path.removeprefix("/lib/"))
    await (route.fulfill(path=path) if path.is_file() else route.abort())


async def show_drawn(html: str, paths: Sequence[str], start: str, show: Show, page: Page) -> Labels:
    """Show HTML with a library's styles and scripts (``paths`` inside the packages), then run ``start``."""
    library("")  # to fetch them takes longer than a page waits for a script
    await page.route(f"{ORIGIN}/lib/**", _send_library_file)
    styles = [f"<link rel=stylesheet href=/lib/{path}>" for path in paths if path.endswith(".css")]
    scripts = [f"<script src=/lib/{path}></script>" for path in paths if path.endswith(".js")]
    labels = await show("".join((*styles, html, *scripts)))
    await page.evaluate(start)
    return labels
