"""The operator never waits: one simulated person, as many browser sessions as keep that person busy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import Figure, Result
from benchmarks.memory import megabytes, with_children
from benchmarks.person import Person, Sat
from benchmarks.sides import Bench, Rows, bench
from rpa.ledger.database.tables import requests
from rpa.ledger.ledger import Ledger

FILINGS = 60
SECONDS = 3.0
"""Of a person for a captcha."""
CURVE_FILINGS = 15
LATENCIES = (0, 500, 2000)
"""Milliseconds by which the portal is late with each answer."""
FIXED = (1, 2, 4)
_LOOK_SECONDS = 1.0
_CHOSEN = re.compile(r"同时办理 (\d+) 户")

_HOW = f"""\
`rpa run --operator console` in a process of its own, in real Chromium with full evidence, against the mock
Henan portal without its limits; the person is another process that uses the console as its page does: the
stream of requests, lease, picture, answer. It takes the first card, needs {SECONDS:.0f} s for it (the mock
tells what it says), and has the next one at once; one card at a time. The batch's clock runs from the start
of the command to its end: reading the workbook, starting the browser and writing the results included. Busy
is {SECONDS:.0f} s for each answer, by the time from the first card to the last answer. Memory is the
proportional share (PSS) of worker, driver and browser. The curve: {CURVE_FILINGS} filings with a fixed number
of sessions, then with the number chosen by what the ledger knows of the filings before."""


@dataclass(frozen=True, slots=True)
class Round:
    """One batch."""

    filings: int
    latency: int
    fixed: int | None
    """Sessions; none: chosen by measurement."""
    seconds: float
    """Of the whole command."""
    sat: Sat
    expired: int
    """Captchas that nobody answered in time."""
    chosen: Sequence[tuple[float, int]]
    """Sessions, and since when: seconds after the start."""
    peak: float
    """Megabytes."""

    @property
    def sessions(self) -> str:
        """As the table shows it."""
        return str(self.fixed) if self.fixed else "→".join(str(number) for _, number in self.chosen)


@dataclass
class _Watch:
    """What is seen of a running command."""

    began: float = field(default_factory=time.monotonic)
    link: str = ""
    linked: threading.Event = field(default_factory=threading.Event)
    chosen: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 4)])
    peak: float = 0.0

    def listen(self, process: subprocess.Popen[str]) -> None:
        """To what it says."""
        assert process.stderr
        for line in process.stderr:
            if "/open?code=" in line:
                self.link = line.partition("：")[2].strip()
                self.linked.set()
            if found := _CHOSEN.search(line):
                self.chosen.append((round(time.monotonic() - self.began, 1), int(found[1])))
        self.linked.set()

    def weigh(self, process: subprocess.Popen[str]) -> None:
        """Again and again, until it ends."""
        while process.poll() is None:
            self.peak = max(self.peak, sum(megabytes(pid) for pid in with_children([process.pid])))
            time.sleep(_LOOK_SECONDS)


def measure(*, quick: bool = False) -> Result:
    """One long batch, and the curve."""
    count, seconds = (8, 1.0) if quick else (FILINGS, SECONDS)
    with bench(count) as table:
        long = _round(table, "operator", table.rows, 0, None, seconds=seconds)
    curve = [found for latency in (() if quick else LATENCIES) for found in _curve(latency)]
    aim = count * seconds
    return Result(
        "operator",
        (
            Figure(
                f"{count} filings, {seconds:.0f} s of one person each: the whole batch ÷ the person's time",
                long.seconds / aim,
                "×",
                1.08,
                detail=f"{long.seconds:.1f} s ÷ {aim:.0f} s; sessions: {long.sessions}",
            ),
            Figure(
                "The person is busy, from the first card to the last answer",
                long.sat.busy,
                "%",
                95.0,
                "≥",
                f"{long.sat.answers} answers in {long.sat.whole:.1f} s",
            ),
            Figure("Captchas that expired", long.expired, "captchas", 0, "="),
            Figure("Memory of worker and browser at its peak", long.peak, "MB", detail=long.sessions),
            *_curve_figures(curve),
        ),
        _HOW,
        {"long": asdict(long), "curve": [asdict(found) for found in curve]},
    )


def _curve_figures(curve: Sequence[Round]) -> Iterator[Figure]:
    for latency in sorted({found.latency for found in curve}):
        *fixed, chosen = (found for found in curve if found.latency == latency)
        yield Figure(
            f"The person is busy at a portal that answers {latency} ms late, sessions chosen",
            chosen.sat.busy,
            "%",
            detail=f"{chosen.sessions} sessions; fixed "
            + ", ".join(f"{found.sessions}: {found.sat.busy:.0f} %" for found in fixed),
        )


def _curve(latency: int) -> Iterator[Round]:
    """Fixed numbers, then the chosen one, at one portal and one ledger."""
    shapes = (*FIXED, None)
    with bench(CURVE_FILINGS * len(shapes)) as table:
        fault = {"kind": "latency", "where": "any", "times": None, "milliseconds": latency}
        if latency:
            table.portal.call("faults", fault)
        for number, fixed in enumerate(shapes):
            rows = table.rows[number * CURVE_FILINGS : (number + 1) * CURVE_FILINGS]
            yield _round(table, f"curve-{number}", rows, latency, fixed)


def _round(
    table: Bench, name: str, rows: Rows, latency: int, fixed: int | None, *, seconds: float = SECONDS
) -> Round:
    home = table.folder / "home"
    before = len(table.portal.commits())
    with _working(table, table.workbook(name, rows), home, fixed) as (process, watch):
        if not watch.linked.wait(60) or not watch.link:
            raise RuntimeError("the console did not start")
        sat = Person(watch.link, table.portal, seconds).sit()
        process.wait()
        took = time.monotonic() - watch.began
    if process.returncode != 0 or len(table.portal.commits()) - before != len(rows):
        raise RuntimeError("not every filing was submitted exactly once")
    chosen = () if fixed else watch.chosen
    found = Round(len(rows), latency, fixed, took, sat, _expired(home), chosen, watch.peak)
    print(f"  {found}, busy {sat.busy:.1f} %", flush=True)
    return found


@contextmanager
def _working(
    table: Bench, book: Path, home: Path, fixed: int | None
) -> Iterator[tuple[subprocess.Popen[str], _Watch]]:
    limits = {"AT_ONCE": "64", "STARTS_PER_MINUTE": "10000", "STEP_SECONDS": "120", "SAVE_SECONDS": "120"}
    environment = os.environ | {
        "RPA_HOME": str(home),
        "RPA_CONSOLE__PORT": "0",
        **{f"RPA_PORTALS__HENAN__{name}": value for name, value in limits.items()},
    }
    command = [sys.executable, "-m", "rpa", "run", str(book), "--base-url", f"henan={table.portal.url}"]
    command += ["--operator", "console", "--no-open", "--approve", "none"]
    command += ["--concurrency", str(fixed)] if fixed else []
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        watch = _Watch()
        threads = [
            threading.Thread(target=watch.listen, args=(process,)),
            threading.Thread(target=watch.weigh, args=(process,)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield process, watch
        finally:
            process.terminate()
            for thread in threads:
                thread.join()


def _expired(home: Path) -> int:
    """Requests that ended without an answer, of all batches of this home."""
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger, ledger.database.read() as connection:
        silent = select(func.count()).where(requests.c.answered_at.is_(None))
        return connection.scalar(silent) or 0
