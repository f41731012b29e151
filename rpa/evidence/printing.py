"""Prints the report as a PDF: one employer's file note, or every employer's, each on pages of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from rpa.browser.launch import launch
from rpa.errors import UserError
from rpa.evidence.employers import code_of
from rpa.evidence.files import REPORT, payload
from rpa.files import write_private
from rpa.settings.settings import BrowserSettings

MOST_AT_ONCE = 100
"""Filings in one file. Measured with 14 pictures each: 100 take 34 s and 100 MB; at 300 Playwright's driver,
which hands the whole file over at once, runs out of memory."""
_SECONDS = 30.0
_SECONDS_EACH = 2.0
"""For all pictures of a filing."""
_SECTIONS = """all => all.map(one => ({place: one.id, name: one.dataset.name, code: one.dataset.code}))"""


@dataclass(frozen=True, slots=True)
class Printed:
    """What :func:`print_report` wrote, and of whom."""

    path: Path
    employers: tuple[str, ...]
    filings: int
    missing: int
    """Pictures that are not in the folder any more."""


@dataclass(frozen=True, slots=True)
class Section:
    """One filing in the report."""

    place: str
    """Its anchor in the page, such as ``e-914101…``."""
    name: str
    """The employer."""
    code: str


async def print_report(bag: Path, out: Path, settings: BrowserSettings, *, employer: str = "") -> Printed:
    """Print a bag's report through a browser of this machine, which opens nothing else.

    Args:
        bag: the batch's bag, a folder.
        out: the PDF; one that is there is replaced at the end.
        settings: which browser; it is headless and on this machine whatever they say.
        employer: the name (or a part of it) or credit code of the one to print; empty: all.

    Raises:
        UserError: there is no such report or employer, or too many, or no browser, or ``out`` cannot be
            written; BrowserMissingError is one.
    """
    page_file = payload(bag) / REPORT
    if not page_file.is_file():
        raise UserError(f"{bag} 里没有办理报告 data/{REPORT}（压缩包请先解压）")
    async with _offline_page(settings, payload(bag)) as page:
        await page.goto(page_file.absolute().as_uri())
        sections = [
            Section(**one) for one in await page.eval_on_selector_all("section[data-name]", _SECTIONS)
        ]
        if not sections:
            raise UserError("这份报告由旧版本生成，或还没有办件；请运行 rpa results 批次编号 重新生成")
        chosen = choose(sections, employer)
        places = ",".join(one.place for one in chosen) if employer else ""  # all: the table of verdicts too
        await page.evaluate("places => { location.hash = 'only=' + places }", places)
        await _wait(page, len(chosen))
        missing = await page.locator("section:not([hidden]) .gone").count()
        pdf = await page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    try:
        write_private(out, pdf)
    except OSError as error:
        raise UserError(f"写不了 {out}：{error.strerror}") from error
    return Printed(out, tuple(dict.fromkeys(one.name for one in chosen)), len(chosen), missing)


def choose(sections: Sequence[Section], employer: str) -> Sequence[Section]:
    """The filings of the employer that is meant; all of them where none is named.

    Raises:
        UserError: none fits, or several do; or all of them are too many.
    """
    if not employer:
        if len(sections) > MOST_AT_ONCE:
            raise UserError(
                f"报告里有 {len(sections)} 笔办件，一次最多打印 {MOST_AT_ONCE} 笔：请用 --employer 逐户打印"
            )
        return sections
    code = code_of(employer, [(one.name, one.code) for one in sections], where="报告里")
    return [one for one in sections if one.code == code]


@asynccontextmanager
async def _offline_page(settings: BrowserSettings, folder: Path) -> AsyncIterator[Page]:
    """A page that can open the files of one folder and nothing else."""

    async def guard(route: Route) -> None:
        await (route.continue_() if _within(folder, route.request.url) else route.abort())

    here = settings.model_copy(update={"headed": False, "ws_endpoint": "", "slow_mo": 0.0})
    try:
        async with async_playwright() as playwright, await launch(playwright, here) as browser:
            context = await browser.new_context(offline=True, service_workers="block", accept_downloads=False)
            await context.route("**/*", guard)
            yield await context.new_page()
    except PlaywrightError as error:
        raise UserError(f"浏览器没能打印报告：{error.message.splitlines()[0]}") from error


def _within(folder: Path, address: str) -> bool:
    parts = urlsplit(address)
    path = Path(url2pathname(parts.path))
    return parts.scheme == "file" and path.resolve().is_relative_to(folder.resolve())


async def _wait(page: Page, count: int) -> None:
    """Wait until every picture of so many filings is there, or known to be gone."""
    seconds = _SECONDS + _SECONDS_EACH * count
    try:
        await page.locator(f"html[data-ready='{count}']").wait_for(state="attached", timeout=seconds * 1000)
    except PlaywrightTimeout as error:
        raise UserError("报告里的截图没有在限定时间内读出来：请看磁盘是否正忙，再试一次") from error
