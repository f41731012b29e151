"""The transactions over workers: who lives, and who may take over from the dead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select

from rpa.ledger.data.fleet import WorkerState
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import workers


class Workers(Part):
    """Heartbeats, by the database's own clock where several machines share one."""

    def sign_on(self, worker: str, *, host: str, pid: int) -> None:
        """A worker begins; its id is its own, never used before."""
        with self._database.write() as connection:
            connection.execute(
                workers.insert().values(
                    id=worker, host=host, pid=pid, begun_at=self._database.now(), beat_at=self._database.now()
                )
            )

    def beat(self, worker: str) -> None:
        """A worker says that it lives; also one that was taken for dead, such as after its machine slept."""
        with self._database.write() as connection:
            connection.execute(
                workers.update()
                .where(workers.c.id == worker)
                .values(beat_at=self._database.now(), ended_at=None)
            )

    def sign_off(self, worker: str) -> None:
        """A worker has ended, by itself or found dead."""
        with self._database.write() as connection:
            connection.execute(
                workers.update()
                .where(workers.c.id == worker, workers.c.ended_at.is_(None))
                .values(ended_at=self._database.now())
            )

    def all(self, within_seconds: float = 30.0) -> Sequence[WorkerState]:
        """Every worker that has not signed off, the oldest first.

        Args:
            within_seconds: whose last heartbeat is older counts as dead.
        """
        alive = (workers.c.beat_at >= self._database.now(-within_seconds)).label("alive")
        query = select(workers, alive).where(workers.c.ended_at.is_(None)).order_by(workers.c.begun_at)
        with self._database.read() as connection:
            return [
                WorkerState(row.id, row.host, row.pid, row.begun_at, row.beat_at, bool(row.alive))
                for row in connection.execute(query)
            ]

    def living(self, within_seconds: float) -> Sequence[WorkerState]:
        """The workers of :meth:`all` that gave a sign of life lately."""
        return [one for one in self.all(within_seconds) if one.alive]

    def alive(self, within_seconds: float) -> frozenset[str]:
        """The ids of those workers."""
        return frozenset(one.id for one in self.living(within_seconds))

    @contextmanager
    def reaping(self) -> Iterator[bool]:
        """Whether this process may look after the dead ones meanwhile: one at a time may.

        The lock is the transaction's, so a process that dies lets go of it.
        """
        if self._database.dialect == "sqlite":  # one worker owns the file
            yield True
            return
        with self._database.read() as connection:
            yield self._database.try_lock(connection, "reaping")
