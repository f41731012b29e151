"""Filings a minute with several at once: a batch of ours against the plain script under a semaphore."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.figures import Figure, Result
from benchmarks.portal import Clerk
from benchmarks.sides import TODAY, Bench, Rows, bench, first_attempt, plain_side
from rpa.engine.batch.data import ProgressUpdate, RunOptions
from rpa.engine.batch.run import RunContext, run_batch
from rpa.filing import Verdict

CONCURRENCY = 4
ORDER = ("ours", "plain", "plain", "ours")

_HOW = f"""\
Four rounds (ours, plain, plain, ours), {CONCURRENCY} filings at once, each round with a driver and a browser
of its own. Ours is `run_batch` itself, with full evidence and the result workbook and report rewritten as
filings end; the plain script runs under an asyncio semaphore. A round's clock runs from the start of its
first filing to the end of its last; the whole run, from the workbook or the browser's start to the last
written file, is shown beside it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one side."""

    filings: int
    working: float
    """Seconds from the first filing's start to the last one's end."""
    whole: float
    """Seconds with everything before and after."""


async def measure(*, quick: bool = False) -> Result:
    """The ratio of the rates, and both rates."""
    count = CONCURRENCY if quick else 12
    rounds: dict[str, list[Round]] = {"ours": [], "plain": []}
    with bench(employers=len(ORDER) * count) as table:
        for number, side in enumerate(ORDER):
            rows = table.rows[number * count : (number + 1) * count]
            run = _ours if side == "ours" else _plain
            rounds[side].append(await run(table, rows, f"round {number}"))
        if len(table.portal.commits()) != len(ORDER) * count:
            raise RuntimeError("not every filing was submitted exactly once")
    rates = {side: _per_minute(done, [one.working for one in done]) for side, done in rounds.items()}
    whole = {side: _per_minute(done, [one.whole for one in done]) for side, done in rounds.items()}
    return Result(
        "throughput",
        (
            Figure(
                f"Filings a minute, {CONCURRENCY} at once, full evidence ÷ plain script with none",
                rates["ours"] / rates["plain"],
                "×",
                0.8,
                "≥",
                f"{rates['ours']:.1f} ÷ {rates['plain']:.1f} a minute; {2 * count} filings a side; "
                f"whole run {whole['ours']:.1f} ÷ {whole['plain']:.1f}",
            ),
        ),
        _HOW,
        {side: [(one.filings, one.working, one.whole) for one in done] for side, done in rounds.items()},
    )


def _per_minute(rounds: list[Round], spans: list[float]) -> float:
    return 60 * sum(one.filings for one in rounds) / sum(spans)


async def _ours(table: Bench, rows: Rows, name: str) -> Round:
    ended = 0.0

    def hear(news: ProgressUpdate) -> None:
        nonlocal ended
        ended = time.time() if news.outcome else ended

    book, settings = table.workbook(name, rows), table.settings(name)
    began = time.time()
    result = await run_batch(
        book,
        settings,
        RunOptions(approve="none", concurrency=CONCURRENCY, today=TODAY),
        RunContext(channels=[Clerk(table.portal)], progress=hear),
    )
    whole = time.time() - began
    if result.counts != {Verdict.SUBMITTED: len(rows)}:
        raise RuntimeError(f"a filing failed: {dict(result.counts)}")
    return Round(len(rows), ended - first_attempt(settings), whole)


async def _plain(table: Bench, rows: Rows, _: str) -> Round:
    began = time.time()
    async with async_playwright() as playwright, plain_side(playwright, table) as plain:
        places = asyncio.Semaphore(CONCURRENCY)

        async def one(row: Mapping[str, Any]) -> None:
            async with places:
                await plain.file(row)

        first = time.time()
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))
        working = time.time() - first
    return Round(len(rows), working, time.time() - began)
