"""What a filing costs while somebody looks on in the console, against one at which nobody looks."""

from __future__ import annotations

import time

from sqlalchemy import func, select

from benchmarks.figures import Figure, Result, ratio_of_medians, seconds
from benchmarks.filing import WARM_UP
from benchmarks.sides import bench, our_side
from rpa.ledger.database.tables import facts, views
from rpa.ledger.ledger import Ledger

_LONG = 600.0

_HOW = """\
One filing after the other, with full evidence; at every other one somebody looks, as the console's page of a
batch does: the page in front is pictured once a second and told through the ledger, sealed."""


async def measure(*, quick: bool = False) -> Result:
    """The ratio of the medians."""
    count = 3 if quick else 20
    turns = WARM_UP + count
    samples: dict[str, list[float]] = {"looked at": [], "alone": []}
    frames = 0
    with bench(employers=2 * turns) as table:
        async with our_side(table, table.rows) as ours:
            rows = iter(table.rows)
            for _ in range(turns):
                for name, times in samples.items():
                    _look(ours.ledger, looks=name == "looked at")
                    row = next(rows)
                    began = time.perf_counter()
                    await ours.file(row)
                    times.append(time.perf_counter() - began)
                    frames += _frames(ours.ledger)
    if not frames:
        raise RuntimeError("nothing was shown")
    looked, alone = (times[WARM_UP:] for times in samples.values())
    return Result(
        "looking",
        (
            Figure(
                "One filing while somebody looks on ÷ with nobody",
                ratio_of_medians(looked, alone),
                "×",
                detail=f"{seconds(looked)} ÷ {seconds(alone)}; {count} a side, {frames} frames",
            ),
        ),
        _HOW,
        {"seconds": {"looked at": looked, "alone": alone}, "frames": frames},
    )


def _look(ledger: Ledger, *, looks: bool) -> None:
    """Let somebody look from now on, or nobody."""
    if looks:
        ledger.live_pictures.watch(_LONG)
        return
    with ledger.database.write() as connection:
        connection.execute(facts.delete().where(facts.c.name == "watched_until"))


def _frames(ledger: Ledger) -> int:
    """How many the filing that has just ended has shown: they go a moment later."""
    with ledger.database.read() as connection:
        return connection.scalar(select(func.sum(views.c.number))) or 0
