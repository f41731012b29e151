"""Queues in this process's memory, of the kind that DBOS keeps for itself.

DBOS's ordinary queues stand in the database, where every worker of every machine shares one row: a
worker would put its own limit on all others, and each look at an idle queue costs a query. Of ours
only the tickets are in the database; a portal's limits are counted in the ledger.
"""

from __future__ import annotations

from dbos import Queue
from dbos._dbos import _get_or_create_dbos_registry
from dbos._utils import INTERNAL_QUEUE_NAME

_IDLE_SECONDS = 60.0


class LocalQueue:
    """One queue, without places at first. To be made before DBOS is launched.

    DBOS takes no more than there are places, but counts what has begun: on a busy machine it may look again
    before what it took last has begun, and takes too many. The ledger does not let those begin.

    Args:
        name: of the queue.
        poll_seconds: how often it is looked at; without places, without asking the database.
    """

    def __init__(self, name: str, *, poll_seconds: float) -> None:
        self._queue = _register(name, worker_concurrency=0, polling_interval_sec=poll_seconds)

    def set_places(self, places: int) -> None:
        """Let so many run in this process from the next look on; what runs goes on."""
        self._queue._worker_concurrency = places  # noqa: SLF001 - no public way


def disable_internal_queue() -> None:
    """Let nothing run past the portals' queues.

    DBOS's own queue has no limits, and gets whatever is resumed without naming a queue.
    """
    _register(INTERNAL_QUEUE_NAME, worker_concurrency=0, polling_interval_sec=_IDLE_SECONDS)


def _register(name: str, **limits: object) -> Queue:
    return _get_or_create_dbos_registry()._register_internal_queue(name, **limits)  # noqa: SLF001 - no public way
