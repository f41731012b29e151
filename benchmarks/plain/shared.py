"""What the plain scripts have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page

Picture = Callable[[], Awaitable[None]]


def picture_of(page: Page, *, wanted: bool) -> Picture:
    """Takes a picture of the page, or does nothing."""

    async def picture() -> None:
        if wanted:
            await page.screenshot()

    return picture
