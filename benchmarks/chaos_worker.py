"""A worker that is meant to be killed; ``python -m benchmarks.chaos_worker ORDERS`` (JSON).

It works until its standard input ends, so it outlives nobody who started it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.portal import Clerk, Portal
from benchmarks.stub import FilePortal, StubPerformer
from rpa.engine.batch.data import ProgressUpdate
from rpa.engine.batch.serve import serve
from rpa.engine.worker.shutdown import Shutdown
from rpa.engine.worker.worker import Worker
from rpa.engine.worker.worker_lock import lock_folder, take_worker_lock
from rpa.errors import LedgerDown
from rpa.ledger.ledger import Ledger
from rpa.privacy.logs import configure_logging
from rpa.settings.settings import Settings, load_settings

DOWN = 3
"""Exit code: the database is out of reach, so whoever looks after the worker starts it again later."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told."""

    home: str
    """Of its machine: place in line, seal, evidence."""
    database_url: str
    """Empty: SQLite in ``home``."""
    settings: dict[str, Any]
    """Whatever else ``load_settings`` takes."""
    journal: str = ""
    """The file that is the portal; empty: a mock portal and a real browser."""
    seconds: float = 0.0
    """How long a filing at the file takes."""
    guarded: bool = True
    """False: the stub clicks whatever the ledger says of the intent."""
    portal_url: str = ""
    portal_token: str = ""

    def as_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))

    def load(self) -> Settings:
        """The settings of this machine."""
        return load_settings(home=Path(self.home), database_url=self.database_url, **self.settings)


def main() -> None:
    """Work as ordered."""
    configure_logging(level="WARNING")
    try:
        asyncio.run(_work(Orders(**json.loads(sys.argv[1]))))
    except LedgerDown as down:
        print(down, file=sys.stderr)
        sys.exit(DOWN)


async def _work(orders: Orders) -> None:
    shutdown = Shutdown()
    threading.Thread(target=_until_input_ends, args=(shutdown,), daemon=True).start()
    work = _at_file if orders.journal else _at_mock_portal
    await work(orders, shutdown)


def _until_input_ends(shutdown: Shutdown) -> None:
    sys.stdin.read()
    shutdown.request()


async def _at_file(orders: Orders, shutdown: Shutdown) -> None:
    settings = orders.load()
    with (
        Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger,
        take_worker_lock(lock_folder(settings), alone=ledger.dialect == "sqlite") as lock,
    ):
        performer = StubPerformer(
            ledger,
            settings,
            FilePortal(Path(orders.journal)),
            lock.worker,
            shutdown,
            seconds=orders.seconds,
            guarded=orders.guarded,
        )
        await Worker(settings, ledger, lock, performer, shutdown, lambda _: None).run()


async def _at_mock_portal(orders: Orders, shutdown: Shutdown) -> None:
    clerk = Clerk(Portal(orders.portal_url, orders.portal_token))
    await serve(orders.load(), channels=[clerk], progress=_say, shutdown=shutdown)


def _say(news: ProgressUpdate) -> None:
    if news.row == 0:
        print(news.step, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
