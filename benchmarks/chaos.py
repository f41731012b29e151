"""``python -m benchmarks.chaos``: kill workers at random moments, and see what reaches the portal.

Workers are processes that are killed (SIGKILL) while something runs, and followed by new ones; a
PostgreSQL server is restarted in between, as after a crash. When no task is left, what may have been
submitted is looked up and a person declares what never arrived. Then every filing must be SUBMITTED,
and the portal's own journal must have each of them exactly once.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import select

from benchmarks.chaos_herd import GaveUpError, Herd
from benchmarks.chaos_place import FilePlace, Place, mock_place
from benchmarks.chaos_report import Plan, Report
from rpa.errors import LedgerDown
from rpa.filing import Verdict
from rpa.ledger.data.batches import Batch
from rpa.ledger.data.tasks import TaskState, Work
from rpa.ledger.database.tables import attempts, tasks, workers
from rpa.ledger.filings.states import has_intent
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from tests.support.postgres import Postgres

_LOOK_SECONDS = 0.02
_ROUNDS = 10


def run(plan: Plan) -> Report:
    """One run, in a folder of its own that is removed in the end."""
    with (
        TemporaryDirectory(prefix="rpa-chaos-", ignore_cleanup_errors=True) as made,
        _server(plan) as server,
        _place(plan, Path(made)) as place,
    ):
        url = server.new_database() if server else ""
        return _Chaos(plan, Path(made), place, server, url).run()


@contextmanager
def _server(plan: Plan) -> Iterator[Postgres | None]:
    if plan.database == "sqlite":
        yield None
        return
    with Postgres() as server:
        yield server


@contextmanager
def _place(plan: Plan, folder: Path) -> Iterator[Place]:
    if plan.real:
        with mock_place(folder, plan.filings) as place:
            yield place
    else:
        yield FilePlace(folder, plan.filings, plan.seconds, plan.guarded, plan.logins)


class _Chaos:
    def __init__(self, plan: Plan, folder: Path, place: Place, server: Postgres | None, url: str) -> None:
        self._plan = plan
        self._place = place
        self._server = server
        self._random = Random(plan.seed)
        self._report = Report(plan, filings=plan.filings)
        changes = _settings(place, folder)
        homes = [
            folder / "home" if server is None else folder / f"machine-{n + 1}" for n in range(plan.workers)
        ]
        self._settings = load_settings(home=homes[0], database_url=url, **changes)
        self._homes = homes
        self._herd = Herd([place.orders(home, url, changes) for home in homes], folder, self._random)

    def run(self) -> Report:
        began = time.monotonic()
        settings = self._settings
        with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
            batch = self._place.plan(ledger, settings)
            self._copy_key()
            try:
                self._kill_and_work(ledger, batch)
                self._report.take_overs = _take_overs(ledger)
                self._settle(ledger, batch)
            except GaveUpError as hopeless:
                self._report.faults.append(str(hopeless))
            finally:
                self._report.faults += self._herd.end()
            self._report.seconds = time.monotonic() - began
            self._judge(ledger, batch)
        return self._report

    def _copy_key(self) -> None:
        for home in self._homes[1:]:
            home.mkdir(exist_ok=True)
            shutil.copy(self._settings.seal_key, home)

    # --- killing

    def _kill_and_work(self, ledger: Ledger, batch: Batch) -> None:
        """Until nothing is left to do."""
        at: float | None = None
        for running in self._until_done(ledger, batch):
            targets = self._targets(running)
            if self._report.kills == self._plan.kills or not targets:
                continue
            if at is None:
                at = time.monotonic() + self._random.uniform(0, self._spread)
            if time.monotonic() >= at:
                self._kill(ledger, targets)
                self._restart()
                at = None

    @property
    def _spread(self) -> float:
        return 0.0 if self._aimed else self._place.spread

    @property
    def _aimed(self) -> bool:
        """Whether the next kill waits for the worst moment, which is brief where browsers are slow."""
        return self._plan.committed or (self._plan.real and self._report.kills % 2 == 1)

    def _targets(self, running: Sequence[_AtWork]) -> frozenset[str]:
        """Workers whose time has come."""
        if self._aimed:
            arrived = self._place.commits()
            running = [one for one in running if arrived[one.code]]
        return frozenset(one.worker for one in running)

    def _kill(self, ledger: Ledger, targets: Collection[str]) -> None:
        victim = self._herd.kill(ledger, targets)
        if victim is None:
            return
        hit = [one for one in _at_work(ledger) if one.worker == victim]
        self._report.kills += 1
        self._report.killed_running += len(hit)
        self._report.killed_committing += sum(one.intent for one in hit)

    def _restart(self) -> None:
        """The database server's turn: evenly among the kills."""
        if self._server is None:
            return
        due = (self._report.restarts + 1) * self._plan.kills / (self._plan.restarts + 1)
        if self._report.restarts < self._plan.restarts and self._report.kills >= due:
            self._server.stop("immediate")
            time.sleep(self._random.uniform(0.2, 2.0))
            self._server.start()
            self._report.restarts += 1

    def _until_done(self, ledger: Ledger, batch: Batch) -> Iterator[Sequence[_AtWork]]:
        """Looks at the ledger; yields what runs.

        Raises:
            GaveUpError: nothing has ended for long.
        """
        left, since = -1, time.monotonic()
        while True:
            with suppress(LedgerDown):
                still = sum(ledger.counts.unfinished(batch.id).values())
                if not still:
                    return
                if still != left:
                    left, since = still, time.monotonic()
                self._herd.keep_up()
                yield _at_work(ledger)
            if time.monotonic() - since > 60 + 20 * self._place.dead_seconds:
                raise GaveUpError(f"{left} tasks are left and nothing ends")
            time.sleep(_LOOK_SECONDS)

    # --- afterwards

    def _settle(self, ledger: Ledger, batch: Batch) -> None:
        """``rpa reconcile`` and ``rpa run`` again, as a person would until nothing is open."""
        for _ in range(_ROUNDS):
            time.sleep(self._settings.engine.clear_after)
            planned = 0
            for work in (Work.LOOK_UP, Work.FILE):
                planned += ledger.plans.make(batch.id, work)
                for _ in self._until_done(ledger, batch):
                    pass
            if not planned:
                return

    def _judge(self, ledger: Ledger, batch: Batch) -> None:
        report, codes = self._report, self._place.commits()
        states = ledger.filings.states_of_batch(batch.id)
        verdicts = Counter(state.verdict for state in states)
        report.submitted = verdicts[Verdict.SUBMITTED]
        report.commits = codes.total()
        report.most_commits = max(codes.values(), default=0)
        report.attempts = sum(state.attempts for state in states)
        report.cleared = sum(len(ledger.intents.cleared(state.filing_id)) for state in states)
        if report.kills != self._plan.kills or report.restarts != self._plan.restarts:
            report.faults.append("the work was over before all was done to it")
        if len(states) != self._plan.filings or verdicts.keys() != {Verdict.SUBMITTED}:
            report.faults.append(f"{len(states)} filings, {dict(verdicts)}")
        if {state.key[3] for state in states} != codes.keys():
            report.faults.append("the journal's filings are not the batch's")
        report.faults += [f"{code}: {times} commits" for code, times in codes.items() if times != 1]
        if gone := _worked(ledger) & set(self._herd.down):
            report.faults.append(f"{len(gone)} workers did not survive a restart of the database")
        report.faults += self._place.faults(ledger, batch, self._settings)


def _settings(place: Place, folder: Path) -> dict[str, Any]:
    """In a hurry, so that a dead worker is missed soon."""
    dead = place.dead_seconds
    return {
        "evidence_folder": str(folder / "evidence"),
        "operator_name": "测试员",
        "engine": {
            "poll_seconds": 0.05,
            "heartbeat_seconds": dead / 5,
            "dead_seconds": dead,
            "clear_after": dead,
            "concurrency": place.at_once,
            "retry_delays": [1.0] * 5,
        },
        "portals": {"henan": {"at_once": place.at_once, "starts_per_minute": 100_000, **place.portal}},
    }


class _AtWork(NamedTuple):
    """A running task."""

    worker: str
    code: str
    intent: bool
    """Whether its filing's commit was about to be made."""


def _at_work(ledger: Ledger) -> Sequence[_AtWork]:
    running = select(tasks.c.worker, tasks.c.code, has_intent(tasks.c.filing_id))
    running = running.where(tasks.c.state == TaskState.RUNNING.value)
    with ledger.database.read() as connection:
        return [_AtWork(*row) for row in connection.execute(running)]


def _take_overs(ledger: Ledger) -> int:
    """How often another worker went on with a filing."""
    pairs = select(attempts.c.filing_id, attempts.c.worker).distinct()
    with ledger.database.read() as connection:
        rows = connection.execute(pairs).all()
    return len(rows) - len({row.filing_id for row in rows})


def _worked(ledger: Ledger) -> set[int]:
    """Process ids of the workers that had begun anything; the others were just starting."""
    begun = select(workers.c.pid).join(attempts, attempts.c.worker == workers.c.id)
    with ledger.database.read() as connection:
        return set(connection.scalars(begun))


def main() -> None:
    """Run what the command line says; exit code 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    plan = Plan()
    for name in ("filings", "kills", "workers", "restarts", "logins", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(plan, name))
    parser.add_argument("--database", choices=("sqlite", "postgres"), default=plan.database)
    parser.add_argument("--real", action="store_true", help="the mock portal in Chromium, not the stub")
    parser.add_argument(
        "--committed",
        action="store_true",
        help="kill only between arrival and end: the worst moment (--real: every other kill anyway)",
    )
    parser.add_argument(
        "--unguarded", action="store_true", help="the stub ignores the intent: must be found out"
    )
    chosen = vars(parser.parse_args())
    guarded = not chosen.pop("unguarded")
    report = run(replace(plan, **chosen, guarded=guarded))
    print("\n".join(report.lines()))
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
