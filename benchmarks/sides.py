"""The sides that are compared: our engine with everything ``rpa run`` does, and a plain Playwright script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loguru import logger
from playwright.async_api import Browser, Playwright

from benchmarks.plain_script import FIELDS, file_plainly
from benchmarks.portal import Clerk, Portal, portal_process
from rpa.browser.launch import find_browser, launch, must_lack_sandbox
from rpa.browser.session import robot
from rpa.engine.approvals import Approvals
from rpa.engine.attempt import Job, Run
from rpa.engine.output import Output
from rpa.engine.runner import Runner
from rpa.filing import Filing, Verdict
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import Desk
from rpa.settings import BrowserSettings, Settings, load_settings
from rpa.workbook.preflight import check
from rpa.workbook.reader import read_sheet
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample

TODAY = datetime.now(timezone(timedelta(hours=8))).date()
"""In China: the portal offers the years up to the present one."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder, a portal that knows ``rows``, and settings that point there."""

    folder: Path
    portal: Portal
    rows: Rows

    def settings(self, name: str) -> Settings:
        """Settings with a home of their own under this name."""
        return load_settings(
            home=self.folder / name, database_url="", portals={"henan": {"base_url": self.portal.url}}
        )

    def workbook(self, name: str, rows: Rows) -> Path:
        """A workbook of some of the employers."""
        return write_sample(self.folder / f"{name}.xlsx", rows, portals=["河南"])


@contextmanager
def bench(employers: int) -> Iterator[Bench]:
    """A bench with so many fictional employers."""
    logger.disable("rpa")  # their lines would be timed with whatever shows them
    rows = sample_rows(employers, TODAY.year)
    with TemporaryDirectory(prefix="rpa-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        seed = write_sample(folder / "seed.xlsx", rows, portals=["河南"])
        with portal_process(seed) as portal:
            yield Bench(folder, portal, rows)


def _ignore(_step: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Files one employer after another as ``rpa run`` does: ledger, intent, pictures, printed form."""

    runner: Runner
    output: Output
    filings: Mapping[str, tuple[Filing, int]]
    """Credit code → the filing and its number in the ledger."""

    async def file(self, row: Mapping[str, Any], on_step: Callable[[str], None] = _ignore) -> None:
        """One filing, with everything that belongs to it alone; ``on_step`` hears each step's name."""
        filing, number = self.filings[str(row["code"])]
        with self.output.recorder(filing) as recorder:
            outcome = await self.runner.run(Job(filing, number, recorder, on_step))
        if outcome.verdict is not Verdict.SUBMITTED:
            raise RuntimeError(outcome.explanation)


@asynccontextmanager
async def our_side(playwright: Playwright, bench: Bench, rows: Rows) -> AsyncIterator[Ours]:
    """Our engine with its browser, ledger and evidence folder; workbook and batch are ready."""
    settings = bench.settings("ours")
    book = bench.workbook("ours", rows)
    sheet = read_sheet(book, settings=settings.workbook)
    filings = check(sheet, portals=settings.portals, today=TODAY).filings
    with Ledger.open(settings.ledger_url) as ledger:
        batch = ledger.open_batch(
            name=book.stem, workbook=book, workbook_sha256="0" * 64, evidence=settings.evidence_root
        )
        states = ledger.enrol_all(batch.id, filings)
        numbered = {
            filing.employer.code: (filing, state.filing_id)
            for filing, state in zip(filings, states, strict=True)
        }
        browser = await launch(playwright, settings.browser)
        async with robot(settings.browser, playwright, browser) as machine:
            desk = Desk(ledger, [Clerk(bench.portal)], settings=settings.operator)
            run = Run(batch.id, settings, ledger, desk, Approvals("none"), "submit")
            yield Ours(Runner(machine, run), Output(batch, sheet, settings), numbered)
        await browser.close()


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain script, in the same browser program with the same window."""

    browser: Browser
    portal: Portal
    size: BrowserSettings

    async def file(self, row: Mapping[str, Any], *, pictures: bool = False) -> None:
        """One filing in a context of its own."""
        context = await self.browser.new_context(
            viewport={"width": self.size.width, "height": self.size.height}, locale="zh-CN"
        )
        try:
            await file_plainly(
                context, self.portal.url, as_labels(row), self.portal.answer_on, pictures=pictures
            )
        finally:
            await context.close()


@asynccontextmanager
async def plain_side(playwright: Playwright, bench: Bench) -> AsyncIterator[Plain]:
    """A browser process of the plain script's own, started as Playwright's users start one."""
    settings = BrowserSettings()
    found = find_browser(settings, headless=True)
    assert found is not None, "rpa doctor --fix installs a browser"
    browser = await playwright.chromium.launch(
        executable_path=found.path, channel=found.channel, chromium_sandbox=not must_lack_sandbox()
    )
    yield Plain(browser, bench.portal, settings)
    await browser.close()


def as_labels(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as the plain script wants it: by the form's labels."""
    values = {label: str(row[column]) for column, label in FIELDS.items()}
    return {"统一社会信用代码": str(row["code"]), "申请年度": str(row["year"])} | values
