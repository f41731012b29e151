"""The transactions over batches: opening, starting, pausing, and the approval that a batch waits for."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, select

from rpa.errors import UserError
from rpa.filing import CHINA
from rpa.ledger.data.batches import Batch, BatchState
from rpa.ledger.data.tasks import TaskState, Ticket
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import batch_filings, batches, tasks
from rpa.settings.settings import Approve, Until


class Batches(Part):
    """One workbook each."""

    def open(self, *, name: str, workbook: Path, workbook_sha256: str) -> Batch:
        """The batch of a workbook; the same path is the same batch, also after rows were corrected.

        When the content changed, the batch's rows and what was still to do for them are forgotten and
        have to be enrolled again; the filings themselves are kept, so nothing is filed twice. What a
        worker is doing right now it finishes.

        Args:
            name: what people call it, usually the file's name.
            workbook: the file; its absolute path identifies the batch, on PostgreSQL together with this
                machine's name: two offices may well keep their lists under the same path.
            workbook_sha256: of the file's bytes (hex).
        """
        path = str(workbook.resolve())
        same = path if self._database.dialect == "sqlite" else f"{socket.gethostname()}:{path}"
        with self._database.write() as connection:
            self._database.lock(connection, "batches")
            known = connection.execute(select(batches).where(batches.c.workbook == same)).one_or_none()
            if known is None:
                return _new_batch(connection, name, same, path, workbook_sha256)
            if known.workbook_sha256 != workbook_sha256:
                self._database.lock(connection, "tasks")
                _forget_rows(connection, known.id)
                _change(connection, known.id, name=name, workbook_sha256=workbook_sha256)
            return _batch(connection, known.id)

    def get(self, batch_id: str) -> Batch:
        """One batch.

        Raises:
            UserError: there is none with this id.
        """
        with self._database.read() as connection:
            return _batch(connection, batch_id)

    def all(self) -> Sequence[Batch]:
        """Every batch, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(batches).order_by(batches.c.created_at.desc(), batches.c.id))
            return [_as_batch(row) for row in rows]

    def start(self, batch_id: str, *, until: Until, approve: Approve, blocked: Sequence[int]) -> Batch:
        """A person starts a batch (again): it is worked on, and its first commit is asked about anew.

        Args:
            batch_id: the batch.
            until: how far its filings go.
            approve: which commits a person is asked about.
            blocked: the rows that the check refused.
        """
        with self._database.write() as connection:
            _change(
                connection,
                batch_id,
                state=BatchState.ACTIVE.value,
                until=until,
                approve=approve,
                blocked=list(blocked),
                approved_at=None,
                approving=None,
            )
            return _batch(connection, batch_id)

    def set_state(self, batch_id: str, state: BatchState) -> None:
        """Pause, resume or cancel a batch; what runs is not touched (see :meth:`Plans.cancel`)."""
        with self._database.write() as connection:
            _change(connection, batch_id, state=state.value)

    def approval_turn(self, batch_id: str, ticket: Ticket) -> bool | None:
        """Whose turn it is to ask a person about the batch's first commit.

        A turn whose ticket is no longer being worked on (a dead worker, a filing that ended) is free.

        Returns:
            True: granted already. False: somebody else is being asked, wait. None: ask now; the turn is
            this ticket's until :meth:`approve` or :meth:`give_up_approval`.
        """
        with self._database.write() as connection:
            row = connection.execute(
                select(batches.c.approved_at, batches.c.approving)
                .where(batches.c.id == batch_id)
                .with_for_update()
            ).one()
            if row.approved_at is not None:
                return True
            if row.approving not in (None, str(ticket)) and _runs(connection, Ticket.parse(row.approving)):
                return False
            _change(connection, batch_id, approving=str(ticket))
            return None

    def approve(self, batch_id: str) -> None:
        """A person allowed the first commit, and with it the batch's others."""
        with self._database.write() as connection:
            _change(connection, batch_id, approved_at=datetime.now(UTC), approving=None)

    def give_up_approval(self, batch_id: str, ticket: Ticket) -> None:
        """Nobody answered, or the answer was no: the next filing asks."""
        with self._database.write() as connection:
            connection.execute(
                batches.update()
                .where(batches.c.id == batch_id, batches.c.approving == str(ticket))
                .values(approving=None)
            )


def _change(connection: Connection, batch_id: str, **values: Any) -> None:
    connection.execute(batches.update().where(batches.c.id == batch_id).values(**values))


def _forget_rows(connection: Connection, batch_id: str) -> None:
    connection.execute(batch_filings.delete().where(batch_filings.c.batch_id == batch_id))
    connection.execute(
        tasks.delete().where(tasks.c.batch_id == batch_id, tasks.c.state != TaskState.RUNNING.value)
    )


def _runs(connection: Connection, ticket: Ticket) -> bool:
    found = select(tasks.c.id).where(
        tasks.c.id == ticket.task_id,
        tasks.c.number == ticket.number,
        tasks.c.state == TaskState.RUNNING.value,
    )
    return connection.scalar(found) is not None


def _new_batch(connection: Connection, name: str, same: str, path: str, sha256: str) -> Batch:
    now = datetime.now(UTC)
    stem = f"B{now.astimezone(CHINA):%Y%m%d}-"
    today = connection.scalar(select(func.count()).where(batches.c.id.startswith(stem))) or 0
    batch = Batch(f"{stem}{today + 1}", name, Path(path), sha256, now)
    connection.execute(
        batches.insert().values(
            id=batch.id,
            name=name,
            workbook=same,
            path=path,
            workbook_sha256=sha256,
            created_at=now,
            blocked=[],
        )
    )
    return batch


def _batch(connection: Connection, batch_id: str) -> Batch:
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
    if row is None:
        raise UserError(f"没有批次 {batch_id}")
    return _as_batch(row)


def _as_batch(row: Row[Any]) -> Batch:
    return Batch(
        id=row.id,
        name=row.name,
        workbook=Path(row.path),
        workbook_sha256=row.workbook_sha256,
        created_at=row.created_at,
        state=BatchState(row.state),
        until=row.until,
        approve=row.approve,
        blocked=tuple(row.blocked),
    )
