"""What a filing costs beside the browser, as batches grow: enter, queue, claim, end; status; idle."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from benchmarks.chaos_worker import Orders
from benchmarks.figures import Figure, Result, seconds
from benchmarks.stub import FilePortal, StubPerformer, filings, planned
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import lock_folder, take_worker_lock
from rpa.filing import Verdict
from rpa.ledger.data.tasks import Work
from rpa.ledger.database.tables import tasks
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings, load_settings

SIZES = (10, 1_000, 50_000)
_QUICK = (10, 100, 500)
_AT_ONCE = 32
_IDLE_SECONDS = 20.0
_STARTS = 20
_WARM_SECONDS = 4.0

_HOW = f"""\
No browser: the portal is one file, and what is timed is the ledger, the queue and the worker around a filing
that takes no time. One process enters and plans the filings as `rpa submit` does; another is a worker
({_AT_ONCE} at once, no pace) until all have ended; SQLite on disk, full synchronisation, a new file for each
size. Time per filing is both together, the worker's start included; memory is the worker's largest resident
size. Under one login each filing follows the one before in the same go. `rpa status BATCH` is the wall time
of the command, process included. Idle is `rpa worker` as it is configured by default, its CPU time over
{_IDLE_SECONDS:.0f} s. A start is timed from before the filing is planned to when the idle worker has claimed
it."""


def measure(*, quick: bool = False) -> Result:
    """The figures, for every size; ``quick``: of small ones."""
    sizes = _QUICK if quick else SIZES
    runs: dict[int, dict[str, float]] = {}
    with TemporaryDirectory(prefix="rpa-cost-", ignore_cleanup_errors=True) as made:
        for size in sizes:
            home = Path(made) / str(size)
            runs[size] = _child("enter", size, home) | _child("work", size, home)
        shared = Path(made) / "shared"
        one_login = _child("enter", sizes[1], shared, logins=1) | _child("work", sizes[1], shared)
        status = [_status(Path(made) / str(sizes[-1])) for _ in range(1 if quick else 5)]
        starts = _starts(Path(made) / "starts", 3 if quick else _STARTS)
        idle = _idle(Path(made) / "idle", 3.0 if quick else _IDLE_SECONDS)
    return Result(
        "cost",
        (*_growth(runs), _shared(sizes[1], one_login, runs), *_waiting(sizes[-1], status, starts, idle)),
        _HOW,
        {
            "runs": {str(size): run for size, run in runs.items()},
            "one_login": one_login,
            "status_s": status,
            "starts_s": starts,
        },
    )


def _growth(runs: Mapping[int, Mapping[str, float]]) -> Iterator[Figure]:
    first, middle, last = runs
    each = {size: 1000 * (run["enter_s"] + run["work_s"]) / size for size, run in runs.items()}
    parts = ", ".join(f"{size:,}: {each[size]:.1f} ms" for size in runs)
    yield Figure(
        f"A filing's cost beside the browser, batch of {last:,} ÷ {middle:,}",
        each[last] / each[middle],
        "×",
        1.5,
        detail=f"{parts} ({first} is bound by the start)",
    )
    peaks = {size: run["peak_mb"] for size, run in runs.items()}
    yield Figure(
        f"The worker's memory, batch of {last:,} ÷ {middle:,}",
        peaks[last] / peaks[middle],
        "×",
        1.5,
        detail=f"{peaks[last]:.0f} MB ÷ {peaks[middle]:.0f} MB",
    )


def _shared(size: int, one_login: Mapping[str, float], runs: Mapping[int, Mapping[str, float]]) -> Figure:
    each, alone = (1000 * (run["enter_s"] + run["work_s"]) / size for run in (one_login, runs[size]))
    return Figure(
        f"A filing's cost beside the browser, {size:,} of one login one by one ÷ each for itself",
        each / alone,
        "×",
        1.5,
        detail=f"{each:.1f} ms ÷ {alone:.1f} ms",
    )


def _waiting(size: int, status: list[float], starts: list[float], idle: float) -> Iterator[Figure]:
    yield Figure(f"`rpa status BATCH`, {size:,} filings", median(status), "s", 1.0, detail=seconds(status))
    yield Figure("An idle worker's share of a core", 100 * idle, "%", 3.0)
    yield Figure(
        "From planned to claimed by an idle worker",
        median(starts),
        "s",
        0.3,
        detail=f"{len(starts)} starts, the slowest {max(starts):.2f} s",
    )


# --- processes of their own


def _child(what: str, size: int, home: Path, *, logins: int = 0) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.cost", what, str(size), str(home), str(logins)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _enter(size: int, settings: Settings, logins: int) -> dict[str, float]:
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        rows = filings(size, logins=logins)
        began = time.perf_counter()
        planned(ledger, settings.home, rows)
        return {"enter_s": time.perf_counter() - began}


async def _work(size: int, settings: Settings) -> dict[str, float]:
    began = time.perf_counter()
    with (
        Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger,
        take_worker_lock(lock_folder(settings), alone=True) as lock,
    ):
        (batch,) = ledger.batches.all()
        shutdown = Shutdown()
        performer = StubPerformer(
            ledger, settings, FilePortal(settings.home / "journal"), lock.worker, shutdown
        )
        worker = Worker(settings, ledger, lock, performer, shutdown, lambda _: None)
        await worker.run(until=lambda: not ledger.counts.unfinished(batch.id))
        took = time.perf_counter() - began
        if ledger.counts.of(batch.id).verdicts != {Verdict.SUBMITTED: size}:
            raise RuntimeError("a filing failed")
    return {"work_s": took, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _fast(home: Path) -> Settings:
    return load_settings(
        home=home,
        database_url="",
        engine={"poll_seconds": 0.02, "concurrency": _AT_ONCE},
        portals={"henan": {"at_once": _AT_ONCE, "starts_per_minute": 1_000_000}},
    )


# --- waiting


def _status(home: Path) -> float:
    began = time.perf_counter()
    _rpa(home, "status", _only_batch(home))
    return time.perf_counter() - began


def _only_batch(home: Path) -> str:
    settings = _fast(home)
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        (batch,) = ledger.batches.all()
    return batch.id


def _rpa(home: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "rpa", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment(home))


def _environment(home: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("RPA_")} | {
        "RPA_HOME": str(home)
    }


def _starts(home: Path, count: int) -> list[float]:
    """Seconds from before a filing is planned until an idle worker has claimed it."""
    portals = {"henan": {"starts_per_minute": 1_000_000}}
    orders = Orders(str(home), "", {"portals": portals}, journal=str(home / "journal"))
    settings = orders.load()
    with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
        batch = ledger.batches.open(name="批次", workbook=home / "批次.xlsx", workbook_sha256="0" * 64)
        ledger.filings.enrol(batch.id, filings(count + 1))
        ledger.batches.start(batch.id, until="submit", approve="none", blocked=[])
        command = [sys.executable, "-m", "benchmarks.chaos_worker", orders.as_json()]
        with _running(command, home):
            waits = [_start(ledger, batch.id, row + 2, pause=0.5 + 0.037 * row) for row in range(count + 1)]
    return waits[1:]  # the first one waited for the worker's own start


def _start(ledger: Ledger, batch_id: str, row: int, *, pause: float) -> float:
    time.sleep(pause)
    asked = datetime.now(UTC)
    ledger.plans.make(batch_id, Work.FILE, [row])
    while ledger.counts.unfinished(batch_id):
        time.sleep(0.05)
    begun = select(tasks.c.begun_at).where(tasks.c.batch_id == batch_id, tasks.c.row == row)
    with ledger.database.read() as connection:
        claimed: datetime = connection.execute(begun).scalar_one()
    return (claimed - asked).total_seconds()


def _idle(home: Path, span: float) -> float:
    """CPU seconds per second of an ``rpa worker`` that has nothing to do."""
    with _running([sys.executable, "-m", "rpa", "worker"], home) as process:
        time.sleep(_WARM_SECONDS)
        before = _cpu_seconds(process.pid)
        time.sleep(span)
        return (_cpu_seconds(process.pid) - before) / span


@contextmanager
def _running(command: list[str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(home),
    )
    try:
        yield process
        if process.poll() is not None:
            raise RuntimeError("the worker ended by itself")
    finally:
        process.terminate()
        process.communicate()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _main() -> None:
    what, size, home, logins = sys.argv[1:]
    settings = _fast(Path(home))
    found: dict[str, Any]
    if what == "enter":
        found = _enter(int(size), settings, int(logins))
    else:
        found = asyncio.run(_work(int(size), settings))
    print(json.dumps(found))


if __name__ == "__main__":
    _main()
