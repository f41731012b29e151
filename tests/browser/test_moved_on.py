"""A page that went on is told from every other error, in the words of the Playwright installed here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError

from rpa.browser.translate import _MOVED_ON, moved_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = "console.log('under way')"
FOR_EVER = f"() => new Promise(() => {HERE})"
NEXT = "data:text/html,next"


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser) -> AsyncIterator[Page]:
    tab = await chromium.new_page()
    await tab.set_content("<iframe srcdoc='<p>inner</p>'></iframe>")
    yield tab
    await tab.close()


async def meanwhile(tab: Page, waiting: Awaitable[object], act: Awaitable[object]) -> None:
    """Act while a script waits, once it says that it is under way."""
    async with tab.expect_console_message():
        pending = asyncio.ensure_future(waiting)
    await asyncio.gather(act, pending)


async def navigates_under_a_script(tab: Page) -> None:
    await meanwhile(tab, tab.evaluate(FOR_EVER), tab.goto(NEXT))


async def loses_the_frame_of_a_script(tab: Page) -> None:
    removed = tab.evaluate("document.querySelector('iframe').remove()")
    await meanwhile(tab, tab.frames[1].evaluate(FOR_EVER), removed)


async def loses_the_frame_that_is_asked_for(tab: Page) -> None:
    frame = tab.frames[1]
    await tab.evaluate("document.querySelector('iframe').remove()")
    await frame.frame_element()


async def uses_a_handle_of_another_document(tab: Page) -> None:
    handle = await tab.frames[1].evaluate_handle("() => ({})")
    await tab.evaluate("handle => handle", handle)


async def uses_a_handle_after_navigation(tab: Page) -> None:
    handle = await tab.evaluate_handle("() => ({})")
    await tab.goto(NEXT)
    await handle.evaluate("handle => handle")


async def asks_chromium_for_a_context_that_is_gone(tab: Page) -> None:
    cdp = await tab.context.new_cdp_session(tab)
    await cdp.send("Runtime.evaluate", {"expression": "1", "contextId": 4242})


async def navigates_under_chromiums_own_script(tab: Page) -> None:
    cdp = await tab.context.new_cdp_session(tab)
    asked = cdp.send("Runtime.evaluate", {"expression": f"({FOR_EVER})()", "awaitPromise": True})
    await meanwhile(tab, asked, tab.goto("about:blank"))


CHROMIUMS_OWN = ("Cannot find context with specified id", "Inspected target navigated or closed")
Act = Callable[[Page], Awaitable[None]]
LEAVING: list[Act] = [
    navigates_under_a_script,
    loses_the_frame_of_a_script,
    loses_the_frame_that_is_asked_for,
    uses_a_handle_of_another_document,
    uses_a_handle_after_navigation,
    asks_chromium_for_a_context_that_is_gone,
    navigates_under_chromiums_own_script,
]


@pytest.mark.parametrize("act", LEAVING)
async def test_a_page_that_goes_on(tab: Page, act: Act) -> None:
    with pytest.raises(PlaywrightError) as caught:
        await act(tab)
    assert moved_on(caught.value), caught.value.message


async def test_playwright_still_says_so() -> None:
    """Each sign that is not Chromium's stands in the driver: one that goes missing has a new wording."""
    package = find_spec("playwright")
    assert package is not None
    assert package.origin is not None
    library = Path(package.origin).parent / "driver" / "package" / "lib"
    words = "".join(path.read_text(encoding="utf-8") for path in library.glob("**/*.js"))
    assert [sign for sign in _MOVED_ON if sign not in words] == list(CHROMIUMS_OWN)


async def throws(tab: Page) -> None:
    await tab.evaluate("() => missing.thing")


async def waits_in_vain(tab: Page) -> None:
    await tab.click("#missing", timeout=50)


async def works_on_a_closed_page(tab: Page) -> None:
    await tab.close()
    await tab.evaluate("1")


async def closes_under_a_script(tab: Page) -> None:
    await meanwhile(tab, tab.evaluate(FOR_EVER), tab.close())


async def is_refused(tab: Page) -> None:
    await tab.goto("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    "act", [throws, waits_in_vain, works_on_a_closed_page, closes_under_a_script, is_refused]
)
async def test_what_else_goes_wrong(tab: Page, act: Act) -> None:
    with pytest.raises(PlaywrightError) as caught:
        await act(tab)
    assert not moved_on(caught.value), caught.value.message
