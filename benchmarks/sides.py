"""The sides that are compared: our engine with everything ``rpa run`` does, and a plain Playwright script."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loguru import logger
from playwright.async_api import Browser, Playwright

from benchmarks.plain import SCRIPTS
from benchmarks.portal import Clerk, Portal, portal_process
from mock_portal.records import PASSWORD
from rpa.browser.launch import find_browser, must_lack_sandbox
from rpa.credentials.store import Credential, Credentials, Source
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import enter, read
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.performer import BrowserPerformer
from rpa.engine.worker.shutdown import Shutdown
from rpa.filing import Verdict
from rpa.ledger.data.tasks import Ticket
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import BrowserSettings, Settings, load_settings
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
        """Settings with a home of their own under this name, where the handlers' passwords are stored."""
        home = self.folder / name
        for login in {str(row["login_name"]) for row in self.rows if row["login_name"]}:
            Credentials(home).set(self.portal.province, login, Credential(login, PASSWORD), into=Source.FILE)
        portal = {
            "base_url": self.portal.url,
            "extra_origins": self.portal.others,
            "at_once": 16,
            "starts_per_minute": 10_000,
        }
        return load_settings(home=home, database_url="", portals={self.portal.province: portal})

    def workbook(self, name: str, rows: Rows) -> Path:
        """A workbook of some of the employers."""
        return write_sample(self.folder / f"{name}.xlsx", rows)


def employers_apart(count: int, province: str) -> Rows:
    """So many fictional employers; each has a login of its own, where rows name one."""
    rows = sample_rows(count, TODAY.year, province)
    for number, row in enumerate(rows):
        row["login_name"] = row["login_name"] and f"经办{number}"
    return rows


@contextmanager
def bench(employers: int | Rows, province: str = "henan", look: str = "classic") -> Iterator[Bench]:
    """A bench with these employers of a province, or with so many fictional ones."""
    logger.disable("rpa")  # their lines would be timed with whatever shows them
    rows = sample_rows(employers, TODAY.year, province) if isinstance(employers, int) else employers
    with TemporaryDirectory(prefix="rpa-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        seed = write_sample(folder / "seed.xlsx", rows)
        with portal_process(seed, province, look) as portal:
            yield Bench(folder, portal, rows)


def _ignore(_step: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Files one employer after another as a worker does: ledger, intent, pictures, printed form."""

    ledger: Ledger
    batch_id: str
    performer: BrowserPerformer
    worker: str
    tickets: Mapping[str, Ticket]
    """Credit code → its ticket."""
    heard: list[Callable[[str], None]]

    async def file(self, row: Mapping[str, Any], on_step: Callable[[str], None] = _ignore) -> None:
        """One filing, with everything that belongs to it alone; ``on_step`` hears each step's name."""
        self.heard[:] = [on_step]
        ticket = self.tickets[str(row["code"])]
        task = self.ledger.tasks.claim(ticket, self.worker, alive={self.worker})
        assert task is not None
        done = await self.performer.perform(task)
        await self.performer.end_series(task.login)
        self.ledger.tasks.end(ticket, self.worker, done.attempt, done.outcome)
        if done.outcome.verdict is not Verdict.SUBMITTED:
            raise RuntimeError(done.outcome.explanation)


@asynccontextmanager
async def our_side(bench: Bench, rows: Rows) -> AsyncIterator[Ours]:
    """Our engine with its browser, ledger and evidence folder; workbook and batch are ready."""
    settings = bench.settings("ours")
    options = RunOptions(approve="none", today=TODAY)
    heard: list[Callable[[str], None]] = []

    def tell(news: WorkerEvent) -> None:
        for hear in heard:
            hear(news.what)

    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        intake = read(bench.workbook("ours", rows), settings, options)
        batch = enter(intake, ledger, settings, options)
        (portal,) = {filing.portal_key for filing in intake.preflight.filings}
        due = {ticket.task_id: ticket for ticket in ledger.ready_tasks.find(portal, len(rows))}
        performer = BrowserPerformer(
            settings,
            ledger,
            worker="bench",
            channels=[Clerk(bench.portal)],
            shutdown=Shutdown(),
            tell=tell,
        )
        await performer.warm()
        codes = [filing.employer.code for filing in intake.preflight.filings]
        tickets = dict(zip(codes, (due[number] for number in sorted(due)), strict=True))
        yield Ours(ledger, batch.id, performer, "bench", tickets, heard)
        await performer.close()


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
            script = SCRIPTS[self.portal.province, self.portal.look]
            await script(context, self.portal.url, row, self.portal.answer_on, pictures=pictures)
        finally:
            await context.close()


@asynccontextmanager
async def plain_side(playwright: Playwright, bench: Bench) -> AsyncIterator[Plain]:
    """The plain script with a browser process of its own."""
    async with plain_browser(playwright) as browser:
        yield Plain(browser, bench.portal, BrowserSettings())


@asynccontextmanager
async def plain_browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser process, of the program that ours uses, started as Playwright's users start one."""
    found = find_browser(BrowserSettings(), headless=True)
    assert found is not None, "rpa doctor --fix installs a browser"
    browser = await playwright.chromium.launch(
        executable_path=found.path, channel=found.channel, chromium_sandbox=not must_lack_sandbox()
    )
    yield browser
    await browser.close()


def first_attempt(settings: Settings) -> float:
    """When the first attempt began, as the ledger has it: no progress is told before the first step."""
    with closing(sqlite3.connect(settings.home / "ledger.db")) as ledger:
        ((moment,),) = ledger.execute("SELECT min(begun_at) FROM attempts")
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
