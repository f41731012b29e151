"""How many commits reach a portal that commits and then drops the connection, each time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.figures import Figure, Result
from benchmarks.portal import Clerk
from benchmarks.sides import TODAY, Bench, Rows, bench, plain_side
from rpa.engine.batch import RunOptions, run_batch

_FAULT = {"kind": "answer_lost_after_commit", "where": "submit", "times": None}
_AT_ONCE = 3

_HOW = """\
Every submission is carried out by the mock portal, whose connection is then reset without an answer. Ours is
`run_batch`; the plain script clicks and waits as scripts do, and gives up when nothing comes. Counted is the
portal's own journal: Chromium by itself sends such a request again on a connection that was kept alive."""


async def measure(*, quick: bool = False) -> Result:
    """Commits per side for as many filings."""
    count = 6 if quick else 30
    with bench(employers=2 * count) as table:
        table.portal.call("faults", _FAULT)
        ours, plain = table.rows[:count], table.rows[count:]
        verdicts = await _ours(table, ours)
        await _plain(table, plain)
        commits = Counter(table.portal.commits())
    made = {
        "ours": [commits[str(row["code"])] for row in ours],
        "plain": [commits[str(row["code"])] for row in plain],
    }
    spoken = "、".join(f"{verdict} {number}" for verdict, number in verdicts.items())
    return Result(
        "exactly_once",
        (
            Figure(
                f"Commits for {count} filings whose answer is lost",
                sum(made["ours"]),
                "commits",
                float(count),
                "=",
                f"at most {max(made['ours'])} for one employer; verdicts: {spoken}",
            ),
            Figure(
                "The same, by a plain click",
                sum(made["plain"]),
                "commits",
                detail=f"up to {max(made['plain'])} for one employer",
            ),
        ),
        _HOW,
        {"commits of each filing": made, "verdicts": verdicts},
    )


async def _ours(table: Bench, rows: Rows) -> dict[str, int]:
    result = await run_batch(
        table.workbook("ours", rows),
        table.settings("ours"),
        RunOptions(approve="none", concurrency=_AT_ONCE, today=TODAY),
        channels=[Clerk(table.portal)],
        progress=lambda _: None,
    )
    return {verdict.chinese: number for verdict, number in result.counts.items()}


async def _plain(table: Bench, rows: Rows) -> None:
    places = asyncio.Semaphore(_AT_ONCE)
    async with async_playwright() as playwright, plain_side(playwright, table) as plain:

        async def one(row: Mapping[str, Any]) -> None:
            async with places:
                try:
                    await plain.file(row)
                except AssertionError:  # 提交成功 never shows: the script knows no more than that
                    return
                raise RuntimeError("the answer was not lost")

        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))
