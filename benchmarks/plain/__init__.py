"""The benchmarks' baseline: the same filing as a plain, idiomatic Playwright script makes it.

It keeps no evidence, asks nobody for an approval and proves nothing, but it does what a careful author of
such a script would do: looks for an existing filing first, waits for what each click should show, and looks
the filing up afterwards. With ``pictures`` it takes Playwright's default screenshot at the end of each of
the steps that our flow pictures, the printed form among them, and drops it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from playwright.async_api import BrowserContext, Page

from benchmarks.plain import guangdong_classic, guangdong_spa, henan_classic, henan_spa


class PlainScript(Protocol):
    """Files one employer, and returns the serial number that the portal's list gives."""

    async def __call__(
        self,
        context: BrowserContext,
        base_url: str,
        row: Mapping[str, Any],
        answer_captcha: Callable[[Page], Awaitable[str]],
        *,
        pictures: bool = False,
    ) -> str:
        """File for one employer, logging in for it.

        Args:
            context: fresh, used as it is.
            base_url: of the mock portal.
            row: of the workbook.
            answer_captcha: reads the captcha of the login page shown.
            pictures: take a picture (PNG) of each step.
        """


SCRIPTS: Mapping[tuple[str, str], PlainScript] = {
    ("henan", "classic"): henan_classic.file_plainly,
    ("henan", "spa"): henan_spa.file_plainly,
    ("guangdong", "classic"): guangdong_classic.file_plainly,
    ("guangdong", "spa"): guangdong_spa.file_plainly,
}
"""By province and look of its mock portal."""
