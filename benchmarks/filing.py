"""One filing with full evidence against a plain Playwright script, with and without pictures."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import pairwise
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.figures import Figure, Result, ratio_of_medians, seconds
from benchmarks.portal import Clerk
from benchmarks.sides import TODAY, Bench, bench, our_side, plain_side
from rpa.engine.batch.data import ProgressUpdate, RunOptions
from rpa.engine.batch.run import RunContext, run_batch
from rpa.filing import Verdict

WARM_UP = 2
LOOKS = ("classic", "spa")
"""Of the mock portals."""

_HOW = """\
The sides take turns, filing by filing (ours, plain, plain with pictures, ours, …). Each has one browser
process of its own, started before, of the same program; each filing has a fresh employer and a fresh context.
One Playwright driver serves all sides; the mock portal is another process, and tells the captchas to both.
Ours is timed from opening its evidence folder to the recorded outcome: ledger on disk (SQLite, full
synchronisation), intent, a picture per step, the printed form, the audit trail, the look-up. The plain
script keeps nothing; with pictures it takes `page.screenshot()` of the same twelve things, and drops them.
Look classic: pages that the server makes; look spa: one page whose script draws everything, as the portal's
public front end.
Reading the workbook, starting the browser and writing results and report belong to a batch, not to a filing:
they are shown by themselves, for a batch of as many filings."""

Side = Callable[[Mapping[str, Any]], Awaitable[None]]


async def measure(*, quick: bool = False) -> Result:
    """Median seconds of a filing on each side, on each look, and what a batch costs besides."""
    count = 3 if quick else 12
    figures: list[Figure] = []
    kept: dict[str, object] = {}
    for look in LOOKS:
        with bench(employers=3 * (WARM_UP + count), look=look) as table:
            samples = await _take_turns(table, WARM_UP + count)
            if len(table.portal.commits()) != len(table.rows):
                raise RuntimeError("not every filing was submitted exactly once")
        kept[look] = {name: times[WARM_UP:] for name, times in samples.items()}
        figures += _figures(look, {name: times[WARM_UP:] for name, times in samples.items()})
    with bench(employers=count) as table:
        around = await _batch(table, count)
    figures.append(
        Figure(
            "A batch besides its filings: workbook, ledger, browser; results, report, manifest",
            around["before"] + around["after"],
            "s",
            detail=f"{around['before']:.2f} s before the first filing, "
            f"{around['after']:.2f} s after the last, {1000 * around['between']:.0f} ms between two; "
            f"{count} filings one by one",
        )
    )
    return Result("filing", tuple(figures), _HOW, {"seconds": kept, "batch": around})


def _figures(look: str, times: Mapping[str, list[float]]) -> list[Figure]:
    ours, plain, pictured = times["ours"], times["plain"], times["plain with PNG"]
    what = f"Henan, look {look}: one filing with full evidence"
    against = f"{len(ours)} a side"
    return [
        Figure(
            f"{what} ÷ plain script with none",
            ratio_of_medians(ours, plain),
            "×",
            0.9,
            detail=f"{seconds(ours)} ÷ {seconds(plain)}; {against}",
        ),
        Figure(
            f"{what} ÷ plain script with a PNG per step",
            ratio_of_medians(ours, pictured),
            "×",
            0.6,
            detail=f"{seconds(ours)} ÷ {seconds(pictured)}; {against}",
        ),
    ]


async def _take_turns(table: Bench, turns: int) -> dict[str, list[float]]:
    async with (
        async_playwright() as playwright,
        our_side(table, table.rows[0 : 3 * turns : 3]) as ours,
        plain_side(playwright, table) as plain,
        plain_side(playwright, table) as pictured,
    ):
        sides: dict[str, Side] = {
            "ours": ours.file,
            "plain": plain.file,
            "plain with PNG": lambda row: pictured.file(row, pictures=True),
        }
        samples: dict[str, list[float]] = {name: [] for name in sides}
        rows = iter(table.rows)
        for _ in range(turns):
            for name, file in sides.items():
                row = next(rows)
                began = time.perf_counter()
                await file(row)
                samples[name].append(time.perf_counter() - began)
    return samples


async def _batch(table: Bench, count: int) -> dict[str, float]:
    """Seconds that a whole batch spends before, between (on average) and after its filings."""
    heard: list[tuple[float, ProgressUpdate]] = []
    book = table.workbook("batch", table.rows[-count:])
    began = time.perf_counter()
    result = await run_batch(
        book,
        table.settings("batch"),
        RunOptions(approve="none", concurrency=1, today=TODAY),
        RunContext(
            channels=[Clerk(table.portal)], progress=lambda news: heard.append((time.perf_counter(), news))
        ),
    )
    ended = time.perf_counter()
    if result.counts != {Verdict.SUBMITTED: count}:
        raise RuntimeError(f"a filing failed: {dict(result.counts)}")
    endings = [at for at, news in heard if news.outcome]
    gaps = [later - at for (at, news), (later, _) in pairwise(heard) if news.outcome]
    return {
        "before": heard[0][0] - began,
        "between": sum(gaps) / len(gaps) if gaps else 0.0,
        "after": ended - endings[-1],
    }
