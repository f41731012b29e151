"""The transactions over views: what open sessions show, while somebody looks.

A page at work shows personal data, so a frame is sealed like a row, written over by the next one, and
gone with its session.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, literal, select

from rpa.ledger.data.fleet import LivePicture, LivePictureUpdate
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import facts, filings, tasks, views
from rpa.ledger.tasks.tickets import RUNS

_WATCHED = "watched_until"
_CURRENT = RUNS & (tasks.c.id == views.c.task_id) & (tasks.c.worker == views.c.worker)


class LivePictures(Part):
    """What open sessions show."""

    def watch(self, seconds: float) -> None:
        """Say that somebody looks, for so many seconds to come; said often, it costs a look."""
        with self._database.read() as connection:
            until, now = self._watched(connection)
        if until and until - now > timedelta(seconds=seconds / 2):
            return
        with self._database.write() as connection:
            end = connection.execute(select(self._database.now(seconds))).scalar_one().isoformat()
            note = self._database.insert(facts).values(name=_WATCHED, value=end)
            connection.execute(note.on_conflict_do_update(index_elements=["name"], set_={"value": end}))

    def is_watched(self) -> bool:
        """Whether somebody looks."""
        with self._database.read() as connection:
            until, now = self._watched(connection)
        return until is not None and until > now

    def show(self, worker: str, shown: Sequence[LivePictureUpdate]) -> None:
        """What a worker's sessions show now; of all its others nothing is shown any more.

        Args:
            worker: the worker.
            shown: its sessions; those of tasks that are not its own are left out.
        """
        rows = [(one.task_id, self._row(worker, one)) for one in shown]
        kept = [one.task_id for one in shown]
        with self._database.write() as connection:
            gone = views.delete().where(views.c.worker == worker, views.c.task_id.not_in(kept))
            connection.execute(gone)
            for task_id, row in rows:
                connection.execute(self._insertion(task_id, worker, row))

    def all(self, batch_id: str | None = None) -> Sequence[LivePicture]:
        """What the sessions of running tasks show, in the order in which the tasks were planned.

        Args:
            batch_id: of one batch; none for all.
        """
        columns = tasks.c.batch_id, tasks.c.row, filings.c.employer, tasks.c.portal
        query = (
            select(views.c.task_id, *columns, views.c.step, views.c.number, views.c.at)
            .join_from(views, tasks, _CURRENT)
            .join(filings, filings.c.id == tasks.c.filing_id)
            .order_by(views.c.task_id)
        )
        if batch_id is not None:
            query = query.where(tasks.c.batch_id == batch_id)
        with self._database.read() as connection:
            return [LivePicture(*row) for row in connection.execute(query)]

    def frame(self, task_id: int) -> bytes | None:
        """The JPEG that a running task's session shows; none: nothing yet, or it runs no more.

        Raises:
            UserError: it was sealed with another key.
        """
        query = select(views.c.frame).join(tasks, _CURRENT).where(views.c.task_id == task_id)
        with self._database.read() as connection:
            sealed: bytes | None = connection.scalar(query)
        return b64decode(self._database.seal.open(sealed.decode("ascii"))) if sealed else None

    def _row(self, worker: str, one: LivePictureUpdate) -> dict[str, Any]:
        row: dict[str, Any] = {"worker": worker, "step": one.step, "number": 0}
        if one.frame:
            sealed = self._database.seal.seal(b64encode(one.frame).decode("ascii"))
            row |= {"number": 1, "frame": sealed.encode("ascii")}
        return row

    def _insertion(self, task_id: int, worker: str, row: dict[str, Any]) -> Any:
        """Shows a session, if its task is this worker's; locked, nobody deletes the task meanwhile."""
        mine = select(
            tasks.c.id,
            *(literal(value, views.c[name].type) for name, value in row.items()),
            self._database.now(),
        )
        mine = mine.where(RUNS, tasks.c.id == task_id, tasks.c.worker == worker)
        show = self._database.insert(views).from_select(
            ["task_id", *row, "at"], mine.with_for_update(key_share=True, read=True)
        )
        changed = row | {"at": show.excluded.at, "number": views.c.number + row["number"]}
        return show.on_conflict_do_update(index_elements=["task_id"], set_=changed)

    def _watched(self, connection: Connection) -> tuple[datetime | None, datetime]:
        """Until when somebody looks, and now."""
        known = select(facts.c.value).where(facts.c.name == _WATCHED).scalar_subquery()
        until, now = connection.execute(select(known, self._database.now())).one()
        return until and datetime.fromisoformat(until), now
