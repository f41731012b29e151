"""The rows of batches as a page shows them: so many at a time, found by verdict or by a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from rpa.filing import RowStatus, Verdict
from rpa.ledger.data.batches import BatchRow, RowFilter
from rpa.ledger.data.tasks import TaskState
from rpa.ledger.database.database import Part
from rpa.ledger.database.tables import batch_filings, filings, outcomes, tasks
from rpa.ledger.filings.states import TOLD, as_outcome, newest_attempt, told_last


class BatchRows(Part):
    """Looks alone."""

    def find(
        self,
        batch_id: str,
        wanted: RowFilter,
        *,
        portal_name: Callable[[str], str] = str,
        skip: int = 0,
        most: int = 50,
    ) -> tuple[Sequence[BatchRow], int]:
        """Some rows of a batch in the workbook's order, and how many there are.

        Args:
            batch_id: the batch.
            wanted: which.
            portal_name: says what a portal's key is called.
            skip: so many come before.
            most: not more than these.
        """
        fitting = _fitting(batch_id, wanted)
        with self._database.read() as connection:
            total = connection.scalar(_places(select(func.count())).where(fitting)) or 0
            rows = connection.execute(
                _with_outcomes().where(fitting).order_by(batch_filings.c.row).offset(skip).limit(most)
            )
            return [_as_row(row, portal_name) for row in rows], total


def _places(query: Select[Any]) -> Select[Any]:
    same = and_(tasks.c.batch_id == batch_filings.c.batch_id, tasks.c.row == batch_filings.c.row)
    return query.select_from(batch_filings).join(filings).outerjoin(tasks, same)


def _with_outcomes() -> Select[Any]:
    columns = select(
        batch_filings.c.row,
        filings.c.employer,
        filings.c.code,
        filings.c.portal,
        tasks.c.state,
        tasks.c.due_at,
        func.coalesce(tasks.c.verdict, outcomes.c.verdict).label("verdict"),
        *TOLD,
        newest_attempt(filings.c.id).label("attempts"),
    )
    return _places(columns).outerjoin(outcomes, told_last())


def _fitting(batch_id: str, wanted: RowFilter) -> ColumnElement[bool]:
    fitting: ColumnElement[bool] = batch_filings.c.batch_id == batch_id
    if wanted.kind in Verdict.__members__:
        fitting &= (tasks.c.state == TaskState.DONE.value) & (tasks.c.verdict == wanted.kind)
    elif wanted.kind:
        fitting &= tasks.c.state == wanted.kind
    if wanted.row is not None:
        fitting &= batch_filings.c.row == wanted.row
    if wanted.text:
        fitting &= or_(
            filings.c.employer.contains(wanted.text, autoescape=True),
            filings.c.code.contains(wanted.text.upper(), autoescape=True),
            *([batch_filings.c.row == int(wanted.text)] if _is_row(wanted.text) else []),
        )
    return fitting


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len("1048576") + 1


def _as_row(row: Any, portal_name: Callable[[str], str]) -> BatchRow:
    portal, outcome = portal_name(row.portal), as_outcome(row)
    status = RowStatus(row.row, row.employer, row.code, portal, outcome, row.attempts)
    return BatchRow(status, TaskState(row.state) if row.state else None, row.due_at)
