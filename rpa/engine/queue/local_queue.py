"""Queues in this process's memory, of the kind that DBOS keeps for itself.

DBOS's ordinary queues stand in the database, where every worker of every machine shares one row: a
worker would put its own limit on all others, and each look at an idle queue costs a query. Of ours
only the tickets are in the database; the limits over all workers are counted there as well.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, Queue
from dbos._dbos import _get_or_create_dbos_registry
from dbos._utils import INTERNAL_QUEUE_NAME

RATE_SECONDS = 60
_IDLE_SECONDS = 60.0


class LocalQueue:
    """One line; closed at first. To be made before DBOS is launched.

    Args:
        name: of the queue.
        at_once: so many run over all workers.
        per_worker: so many run in this process.
        starts_per_minute: so many begin in any minute over all workers.
        poll_seconds: how often it is looked at; while its gate is closed, without asking the database.
    """

    def __init__(
        self, name: str, *, at_once: int, per_worker: int, starts_per_minute: int, poll_seconds: float
    ) -> None:
        self._per_worker = per_worker
        self._open = False
        self._taken = 0
        self._changed = threading.Condition()
        self._queue = _register(
            name,
            concurrency=at_once,
            worker_concurrency=per_worker,
            limiter={"limit": starts_per_minute, "period": RATE_SECONDS},
            polling_interval_sec=poll_seconds,
        )
        self._tell()

    def gate(self, *, is_open: bool) -> None:
        """Let tickets begin, or none."""
        self._open = is_open
        self._tell()

    def resize(self, per_worker: int) -> None:
        """Let so many run in this process, at most ``at_once``; what runs goes on."""
        with self._changed:
            self._per_worker = per_worker
            self._changed.notify_all()
        self._tell()

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places in this process, as soon as one is free.

        DBOS takes no more than there are places, but counts what has begun: on a busy machine it may
        look again before what it took last has begun, and takes too many.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._taken < self._per_worker)
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify_all()

    def _tell(self) -> None:
        """The queue's thread reads this before each look."""
        self._queue._worker_concurrency = self._per_worker if self._open else 0  # noqa: SLF001 - no public way


def disable_internal_queue() -> None:
    """Let nothing run past the lines.

    DBOS's own queue has no limits, and gets whatever is resumed without naming a queue.
    """
    _register(INTERNAL_QUEUE_NAME, worker_concurrency=0, polling_interval_sec=_IDLE_SECONDS)


def queue_of(instance: DBOS, workflow: str) -> str:
    """The name of the queue that a running workflow came from."""
    bucket = instance._active_workflows_set._m[workflow][0]  # noqa: SLF001 - no public way without a query
    if bucket is None:
        raise LookupError(f"{workflow} came from no queue")
    return bucket[0]


def _register(name: str, **limits: object) -> Queue:
    return _get_or_create_dbos_registry()._register_internal_queue(name, **limits)  # noqa: SLF001 - no public way
