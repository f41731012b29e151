"""Filings of one handler at Guangdong: one login for all of ours, one for each of a plain script's."""

from __future__ import annotations

import time

from playwright.async_api import async_playwright

from benchmarks.figures import Figure, Result, ratio_of_medians, seconds
from benchmarks.filing import LOOKS, WARM_UP
from benchmarks.portal import Clerk
from benchmarks.sides import TODAY, Bench, Rows, bench, employers_apart, first_attempt, our_side, plain_side
from rpa.engine.batch.data import ProgressUpdate, RunOptions
from rpa.engine.batch.run import RunContext, run_batch
from rpa.filing import Verdict
from rpa.workbook.samples import sample_rows

UNDER_ONE = 20
"""Filings of one handler that are timed against the plain script."""
CAPTCHAS_OF = 100
"""Filings of one handler of which the captchas are counted."""

_HOW = """\
At the mock portal of Guangdong, in processes and browsers of their own as in **filing**. One filing: the
sides take turns; each logs in, chooses the unit, looks the filing up, files it and looks it up again,
ours with full evidence. Under one handler, look classic: ours is `run_batch`, one filing at a time, with
full evidence and results and report rewritten as filings end; the plain script files the same number of
employers one after the other, with a login for each, as it must without a notion of a session that goes on.
Both are told each captcha at once: with a person, every captcha that is not asked for saves their time
besides. Captchas and commits are counted by the portal."""


async def measure(*, quick: bool = False) -> Result:
    """One filing on each side and look, a handler's filings on each side, and the captchas of a hundred."""
    turns = WARM_UP + (2 if quick else 10)
    figures: list[Figure] = []
    kept: dict[str, dict[str, list[float]]] = {}
    for look in LOOKS:
        with bench(employers_apart(2 * turns, "guangdong"), "guangdong", look) as table:
            kept[look] = one = await _take_turns(table, table.rows)
            _check_commits(table)
        mine, theirs = one["ours"], one["plain"]
        figures.append(
            Figure(
                f"Guangdong, look {look}: one filing with full evidence ÷ plain script with none",
                ratio_of_medians(mine, theirs),
                "×",
                1.0,
                detail=f"{seconds(mine)} ÷ {seconds(theirs)}; {len(mine)} a side, a login for each",
            )
        )
    under_one, more = await _of_one_handler(4 if quick else UNDER_ONE, 8 if quick else CAPTCHAS_OF)
    return Result("handler", (*figures, *more), _HOW, {"seconds": kept, "under_one": under_one})


async def _of_one_handler(under_one: int, counted: int) -> tuple[dict[str, float], list[Figure]]:
    """So many filings under one handler beside the plain script's, and the captchas of so many more."""
    with bench(sample_rows(2 * under_one + counted, TODAY.year, "guangdong"), province="guangdong") as table:
        ours = await _batch(table, table.rows[:under_one], "under one")
        plain = await _plainly(table, table.rows[under_one : 2 * under_one])
        before = table.portal.captchas()
        await _batch(table, table.rows[2 * under_one :], "captchas")
        captchas = table.portal.captchas() - before
        _check_commits(table)
    return {"ours": ours, "plain": plain, "filings": under_one}, [
        Figure(
            f"{under_one} filings of one handler ÷ plain script that logs in for each",
            ours / plain,
            "×",
            1.0,
            detail=f"{ours:.1f} s ÷ {plain:.1f} s, from the first filing's start to the last one's end",
        ),
        Figure(
            f"Captchas for {counted} employers of one handler",
            captchas,
            "captchas",
            2,
            detail=f"one commit for each of {len(table.rows)} employers",
        ),
    ]


def _check_commits(table: Bench) -> None:
    if sorted(table.portal.commits()) != sorted(str(row["code"]) for row in table.rows):
        raise RuntimeError("not every filing was submitted exactly once")


async def _take_turns(table: Bench, rows: Rows) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {"ours": [], "plain": []}
    async with (
        async_playwright() as playwright,
        our_side(table, rows[::2]) as ours,
        plain_side(playwright, table) as plain,
    ):
        for mine, theirs in zip(rows[::2], rows[1::2], strict=True):
            for name, file, row in (("ours", ours.file, mine), ("plain", plain.file, theirs)):
                began = time.perf_counter()
                await file(row)
                samples[name].append(time.perf_counter() - began)
    return {name: times[WARM_UP:] for name, times in samples.items()}


async def _batch(table: Bench, rows: Rows, name: str) -> float:
    """Seconds from the start of the first filing to the end of the last."""
    ended = 0.0

    def hear(news: ProgressUpdate) -> None:
        nonlocal ended
        ended = time.time() if news.outcome else ended

    book, settings = table.workbook(name, rows), table.settings(name)
    result = await run_batch(
        book,
        settings,
        RunOptions(approve="none", concurrency=1, today=TODAY),
        RunContext(channels=[Clerk(table.portal)], progress=hear),
    )
    if result.counts != {Verdict.SUBMITTED: len(rows)}:
        raise RuntimeError(f"a filing failed: {dict(result.counts)}")
    return ended - first_attempt(settings)


async def _plainly(table: Bench, rows: Rows) -> float:
    """Seconds that the plain script takes, its browser's start left out."""
    async with async_playwright() as playwright, plain_side(playwright, table) as plain:
        began = time.perf_counter()
        for row in rows:
            await plain.file(row)
        return time.perf_counter() - began
