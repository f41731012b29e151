"""Filings a minute by how many are worked on at once, at a portal that takes its time to answer."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from benchmarks import machine
from benchmarks.chaos_worker import Orders
from benchmarks.figures import Figure, Result
from benchmarks.memory import megabytes, with_children
from benchmarks.scaling_picture import svg
from benchmarks.sides import TODAY, Bench, bench
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import enter, read
from rpa.filing import Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.database.tables import attempts, tasks
from rpa.ledger.ledger import Ledger
from tests.support.postgres import Postgres

FILINGS = 60
LATENCY_MILLISECONDS = 300
SHAPES = ((1, 1), (1, 2), (1, 4), (1, 8), (1, 16), (2, 2), (2, 4), (2, 8))
"""Workers, and filings at once in each."""
_QUICK = ((1, 1), (1, 4), (2, 2))
_LOOK_SECONDS = 1.0
_BEGIN, _END = "<!-- scaling:begin -->", "<!-- scaling:end -->"
_DOCS = Path(__file__).parents[1] / "docs"

_HOW = f"""\
The same employers at a mock portal that answers each request {LATENCY_MILLISECONDS} ms late, in real
Chromium with full evidence; each round with a portal, a ledger and workers of its own. One worker keeps its
ledger in SQLite, two share PostgreSQL. A round's clock runs from the start of its first filing to the end of
its last. Memory is the proportional share (PSS) of a worker with its driver and browser, the median of looks
at which every place was taken, divided by the places. Portal, database and workers share the cores."""


@dataclass(frozen=True, slots=True)
class Round:
    """One shape's figures."""

    workers: int
    each: int
    """Filings at once in one worker."""
    filings: int
    seconds: float
    megabytes: float
    """Of an open session, all processes of its worker counted."""

    @property
    def at_once(self) -> int:
        """Over all workers."""
        return self.workers * self.each

    @property
    def per_minute(self) -> float:
        """Filings."""
        return 60 * self.filings / self.seconds


def measure(*, quick: bool = False) -> Result:
    """Every shape's round; a whole one renews the table and the picture of docs/scale-out.md."""
    count = 8 if quick else FILINGS
    rounds = [_round(workers, each, count) for workers, each in (_QUICK if quick else SHAPES)]
    if not quick:
        _write(rounds)
    one = [found for found in rounds if found.workers == 1]
    best = max(rounds, key=lambda found: found.per_minute)
    return Result(
        "scaling",
        (
            Figure(
                f"Filings a minute at a portal that answers {LATENCY_MILLISECONDS} ms late, at best",
                best.per_minute,
                "a minute",
                detail=f"{best.workers} worker(s), {best.each} at once in each; "
                + ", ".join(f"{found.each} at once: {found.per_minute:.1f}" for found in one),
            ),
            Figure("Memory of an open session", one[-1].megabytes, "MB", detail=f"{one[-1].each} at once"),
        ),
        _HOW,
        {"rounds": [asdict(found) for found in rounds]},
    )


def _round(workers: int, each: int, count: int) -> Round:
    with ExitStack() as stack:
        table = stack.enter_context(bench(count))
        fault = {"kind": "latency", "where": "any", "times": None, "milliseconds": LATENCY_MILLISECONDS}
        table.portal.call("faults", fault)
        url = stack.enter_context(Postgres()).new_database() if workers > 1 else ""
        orders = [_orders(table, number, url, each, workers) for number in range(workers)]
        settings = orders[0].load()
        ledger = stack.enter_context(Ledger.open(settings.ledger_url, key=settings.seal_key))
        intake = read(table.workbook("batch", table.rows), settings, RunOptions(today=TODAY))
        batch = enter(intake, ledger, settings, RunOptions(approve="none", today=TODAY))
        for other in orders[1:]:
            Path(other.home).mkdir()
            shutil.copy(settings.seal_key, other.home)
        with _working(orders) as pids:
            looks = list(_looks(ledger, batch, pids, workers * each))
        found = Round(workers, each, count, _seconds(ledger), median(looks) if looks else 0.0)
        if ledger.counts.of(batch.id).verdicts != {Verdict.SUBMITTED: count}:
            raise RuntimeError("a filing failed")
    print(f"  {found}, {found.per_minute:.1f} a minute", flush=True)
    return found


def _orders(table: Bench, number: int, url: str, each: int, workers: int) -> Orders:
    portal = {"base_url": table.portal.url, "at_once": each * workers, "starts_per_minute": 10_000}
    settings: dict[str, Any] = {
        "evidence_folder": str(table.folder / "evidence"),
        "engine": {"concurrency": each},
        "portals": {"henan": portal | {"step_seconds": 120.0, "save_seconds": 120.0}},
    }
    home = table.folder / f"machine-{number + 1}"
    return Orders(str(home), url, settings, portal_url=table.portal.url, portal_token=table.portal.token)


@contextmanager
def _working(orders: Sequence[Orders]) -> Iterator[Sequence[int]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.chaos_worker", one.as_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for one in orders
    ]
    try:
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.communicate()  # the end of its input asks it to stop


def _looks(ledger: Ledger, batch: Batch, pids: Sequence[int], places: int) -> Iterator[float]:
    """Megabytes per place, whenever all are taken, until nothing is left to do."""
    while ledger.counts.unfinished(batch.id):
        if ledger.counts.running(batch.id) == places:
            yield sum(megabytes(pid) for pid in with_children(pids)) / places
        time.sleep(_LOOK_SECONDS)


def _seconds(ledger: Ledger) -> float:
    with ledger.database.read() as connection:
        first = connection.scalar(select(func.min(attempts.c.begun_at)))
        last = connection.scalar(select(func.max(tasks.c.ended_at)))
    assert first is not None
    assert last is not None
    return float((last - first).total_seconds())


def _write(rounds: Sequence[Round]) -> None:
    about = machine.describe()
    note = f"{about['Date'][:10]} · {about['CPU']} · {about['Browser']}"
    lines = {
        workers: [(found.at_once, found.per_minute) for found in rounds if found.workers == workers]
        for workers in (1, 2)
    }
    (_DOCS / "scale-out.svg").write_text(svg(lines, note), encoding="utf-8")
    page = _DOCS / "scale-out.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    page.write_text(f"{before}{_BEGIN}\n{_table(rounds, note)}\n{_END}{after}", encoding="utf-8")


def _table(rounds: Sequence[Round], note: str) -> str:
    rows = [
        f"| {found.workers} | {found.each} | {found.at_once} | {found.per_minute:.1f} | "
        f"{found.per_minute / rounds[0].per_minute:.1f} × | {found.megabytes:.0f} MB |"
        for found in rounds
    ]
    head = [
        f"{rounds[0].filings} filings, every answer {LATENCY_MILLISECONDS} ms late. {note}.",
        "",
        "| workers | at once in each | at once | filings a minute | against one | memory of a session |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *rows, "", "![Filings a minute by filings at once](scale-out.svg)"])
