"""A worker on a real ledger and a real queue; its portal is a file that keeps a line for each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.stub import FilePortal, StubPerformer, filings, planned
from rpa.engine.attempt.job import TaskResult
from rpa.engine.worker.events import WorkerEvent
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import lock_folder, take_worker_lock
from rpa.filing import Verdict
from rpa.ledger.data.tasks import Task
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings, load_settings


class Desk:
    """A ledger, and workers on it one after another."""

    def __init__(self, folder: Path, **engine: Any) -> None:
        self.folder = folder
        self.portal = FilePortal(folder / "journal")
        self.heard: list[str] = []
        self.configured = self.settings(**engine)

    def settings(self, *, portal: Mapping[str, Any] | None = None, **engine: Any) -> Settings:
        hurry = {"poll_seconds": 0.02, "retry_delays": (0.05, 0.05), "probe_delays": (0.1,)}
        paced = {"starts_per_minute": 10_000} | dict(portal or {})
        return load_settings(home=self.folder, engine=hurry | engine, portals={"henan": paced})

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(self.configured.ledger_url, key=self.configured.seal_key) as opened:
            yield opened

    async def work(
        self,
        ledger: Ledger,
        performer: type[StubPerformer] = StubPerformer,
        until: Callable[[], bool] | None = None,
        shutdown: Shutdown | None = None,
    ) -> StubPerformer:
        """Work until nothing is left, or until ``until`` holds."""
        (batch,) = ledger.batches.all()
        shutdown = shutdown or Shutdown()
        with take_worker_lock(lock_folder(self.configured), alone=True) as lock:
            stub = performer(ledger, self.configured, self.portal, lock.worker, shutdown)
            worker = Worker(self.configured, ledger, lock, stub, shutdown, self._hear)
            await worker.run(until or (lambda: not ledger.counts.unfinished(batch.id)))
        return stub

    def _hear(self, news: WorkerEvent) -> None:
        self.heard.append(news.what)

    def plan(self, ledger: Ledger, count: int, *, logins: int = 0) -> str:
        return planned(ledger, self.folder, filings(count, logins=logins)).id


def verdicts(ledger: Ledger) -> dict[Verdict, int]:
    (batch,) = ledger.batches.all()
    return dict(ledger.counts.of(batch.id).verdicts)


class Watched(StubPerformer):
    """Notes what it is given, and does something at one of them."""

    went: ClassVar[list[int]] = []
    at = 0

    async def perform(self, task: Task) -> TaskResult:
        self.went.append(task.filing.row)
        if len(self.went) == self.at:
            await self.happens(task)
        return await super().perform(task)

    async def happens(self, task: Task) -> None:
        """Whatever the test is about."""
