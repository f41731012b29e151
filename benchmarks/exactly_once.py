"""How many commits reach a portal that commits and then drops the connection, each time.

``python -m benchmarks.exactly_once --filings 100`` is the long form; it prints its figures.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.figures import Figure, Result
from benchmarks.portal import Clerk
from benchmarks.sides import TODAY, Bench, Rows, bench, plain_side
from benchmarks.table import figures
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.run import RunContext, run_batch

_FAULT = {"kind": "answer_lost_after_commit", "where": "submit", "times": None}
_AT_ONCE = 3

_HOW = """\
Every submission is carried out by the mock portal, whose connection is then reset without an answer. Ours is
`run_batch`, with the guard of the commit's request (`single_send`) and, for comparison, switched off; the
plain script clicks and waits as scripts do, and gives up when nothing comes. Counted is the portal's own
journal: Chromium by itself sends such a request again on a connection that was kept alive."""


async def measure(*, quick: bool = False, filings: int = 30) -> Result:
    """Commits per side for as many filings."""
    count = 6 if quick else filings
    with bench(employers=3 * count) as table:
        table.portal.call("faults", _FAULT)
        sides = {
            "ours": table.rows[:count],
            "guard off": table.rows[count : 2 * count],
            "plain": table.rows[2 * count :],
        }
        verdicts = await _ours(table, "ours", sides["ours"])
        await _ours(table, "guard off", sides["guard off"], single_send=False)
        await _plain(table, sides["plain"])
        commits = Counter(table.portal.commits())
    made = {side: [commits[str(row["code"])] for row in rows] for side, rows in sides.items()}
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
            _without("The same with the guard switched off", made["guard off"]),
            _without("The same, by a plain click", made["plain"]),
        ),
        _HOW,
        {"commits of each filing": made, "verdicts": verdicts},
    )


def _without(what: str, made: Sequence[int]) -> Figure:
    return Figure(what, sum(made), "commits", detail=f"up to {max(made)} for one employer")


async def _ours(table: Bench, name: str, rows: Rows, *, single_send: bool = True) -> dict[str, int]:
    settings = table.settings(name)
    portal = settings.portals["henan"].model_copy(update={"single_send": single_send})
    result = await run_batch(
        table.workbook(name, rows),
        settings.model_copy(update={"portals": {"henan": portal}}),
        RunOptions(approve="none", concurrency=_AT_ONCE, today=TODAY),
        RunContext(channels=[Clerk(table.portal)], progress=lambda _: None),
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


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exactly_once", description=__doc__)
    parser.add_argument("--filings", type=int, default=100, help="so many on each side")
    found = asyncio.run(measure(filings=parser.parse_args().filings))
    print("\n".join(figures(found.figures)))


if __name__ == "__main__":
    _main()
