"""The transactions over requests: what a person is asked, and the answer on its way back.

An answer's text rests in the database only until it is taken: captcha texts and SMS codes are
secrets. Pictures go with the request, since an approval's picture shows an account.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from rpa.errors import UserError
from rpa.ledger.records import Answer, NewRequest, Picture, WaitingRequest
from rpa.ledger.store import Store
from rpa.ledger.tables import requests

_GRACE = timedelta(seconds=60)
"""Requests this long past their deadline belong to a program that is gone; they are emptied."""

_EMPTY: dict[str, Any] = {"answer": None, "picture": None, "detail": {}}


class Requests(Store):
    """What waits for a person."""

    def ask(self, request: NewRequest) -> str:
        """Put a request in line; returns its id. Requests left over by a dead program are emptied."""
        now = _now()
        with self._write() as connection:
            connection.execute(
                requests.update()
                .where(requests.c.closed_at.is_(None), requests.c.deadline < now - _GRACE)
                .values(closed_at=now, **_EMPTY)
            )
            number = connection.scalar(
                requests.insert()
                .values(
                    batch_id=request.batch_id,
                    filing_id=request.filing_id,
                    kind=request.kind,
                    employer=request.employer,
                    portal=request.portal,
                    question=request.question,
                    detail=dict(request.detail),
                    picture=request.picture,
                    picture_type=request.picture_type if request.picture else "",
                    picture_number=1 if request.picture else 0,
                    refreshable=request.refreshable,
                    created_at=now,
                    deadline=request.deadline,
                    worker=request.worker or None,
                )
                .returning(requests.c.id)
            )
        return str(number)

    def waiting(self) -> Sequence[WaitingRequest]:
        """Every request that nobody has answered and that still has time, the soonest deadline first."""
        query = (
            select(*_LIGHT)
            .where(_OPEN, requests.c.answered_at.is_(None), requests.c.deadline > _now())
            .order_by(requests.c.deadline, requests.c.id)
        )
        with self._read() as connection:
            return [_as_waiting(row, place) for place, row in enumerate(connection.execute(query), 1)]

    def picture(self, request_id: str) -> Picture | None:
        """What the person looks at now; none where the request has no picture or is over."""
        with self._read() as connection:
            row = _find(connection, request_id, requests.c.picture)
        return Picture(_picture_id(row), row.picture_type, row.picture) if row.picture else None

    def answer(self, request_id: str, text: str, *, picture_id: str | None, who: str) -> None:
        """Answer a request.

        Args:
            request_id: the request, or the request and its picture as in ``17.2``.
            text: what the person says.
            picture_id: the picture that was looked at; may be left out while there was only one.
            who: the person, as the audit trail names them.

        Raises:
            UserError: no such request, too late, already answered, or for a replaced picture.
        """
        if "." in request_id:
            picture_id = picture_id or request_id
        now = _now()
        with self._write() as connection:
            row = _find(connection, request_id)
            _check_open(row, now)
            if row.picture_number > 1 or picture_id:
                _check_picture(row, picture_id)
            connection.execute(
                requests.update()
                .where(requests.c.id == row.id)
                .values(answer=text, answered_by=who, answered_at=now)
            )

    def refresh(self, request_id: str, *, who: str) -> None:
        """Wish for another picture; whoever asked the request replaces it.

        Raises:
            UserError: no such request, too late, already answered, or nothing to replace.
        """
        with self._write() as connection:
            row = _find(connection, request_id)
            _check_open(row, _now())
            if not row.refreshable:
                raise UserError(f"待办 {row.id} 没有可更换的图片")
            connection.execute(requests.update().where(requests.c.id == row.id).values(refresh_by=who))

    def wants_refresh(self, request_id: str) -> str | None:
        """Who wishes for another picture, if anybody."""
        with self._read() as connection:
            wish: str | None = _find(connection, request_id).refresh_by
        return wish

    def replace_picture(self, request_id: str, picture: bytes) -> str:
        """Show another picture; returns its id. Answers for the old one are turned away from now on."""
        with self._write() as connection:
            row = connection.execute(
                requests.update()
                .where(requests.c.id == _number(request_id))
                .values(picture=picture, picture_number=requests.c.picture_number + 1, refresh_by=None)
                .returning(requests.c.id, requests.c.picture_number)
            ).one()
        return _picture_id(row)

    def take_answer(self, request_id: str) -> Answer | None:
        """The answer, once; it is then deleted and the request is over. None: not answered yet."""
        with self._read() as connection:  # asked several times a second: waits for nobody
            if _find(connection, request_id).answered_at is None:
                return None
        with self._write() as connection:
            row = _find(connection, request_id, requests.c.answer)
            if row.answer is None:
                return None
            _close(connection, row.id)
        self._forget_deleted()
        return Answer(row.answer, row.answered_by, row.answered_at)

    def withdraw_all(self, batch_id: str) -> None:
        """End what is in line for a batch: it was cancelled, or its program is gone."""
        self._withdraw(requests.c.batch_id == batch_id)

    def withdraw_of(self, workers: Collection[str]) -> None:
        """End what dead workers waited for: whoever takes their filings over asks anew."""
        if workers:
            self._withdraw(requests.c.worker.in_(workers))

    def withdraw(self, request_id: str) -> None:
        """End a request without an answer: too late, or no longer of use."""
        with self._write() as connection:
            _close(connection, _number(request_id))
        self._forget_deleted()

    def _withdraw(self, condition: ColumnElement[bool]) -> None:
        with self._write() as connection:
            connection.execute(requests.update().where(condition, _OPEN).values(closed_at=_now(), **_EMPTY))
        self._forget_deleted()


_OPEN = requests.c.closed_at.is_(None)
_LIGHT = tuple(column for column in requests.c if column.name not in ("picture", "answer"))


def _now() -> datetime:
    return datetime.now(UTC)


def _number(request_id: str) -> int:
    number = request_id.partition(".")[0]
    if not (number.isascii() and number.isdigit()):
        raise UserError(f"待办编号 {request_id} 不对，请用 rpa requests 查看")
    return int(number)


def _find(connection: Connection, request_id: str, *extra: ColumnElement[Any]) -> Row[Any]:
    query = select(*_LIGHT, *extra).where(requests.c.id == _number(request_id))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UserError(f"没有待办 {request_id}，请用 rpa requests 查看")
    return row


def _check_open(row: Row[Any], now: datetime) -> None:
    if row.answered_at is not None:
        raise UserError(f"待办 {row.id} 已由{row.answered_by}答复")
    if row.closed_at is not None or row.deadline <= now:
        raise UserError(f"待办 {row.id} 已过期或已撤回，不用再答")


def _check_picture(row: Row[Any], picture_id: str | None) -> None:
    current = _picture_id(row)
    if picture_id is None:
        raise UserError(f"待办 {row.id} 的图片更换过，请看新图片，并用编号 {current} 作答")
    if picture_id != current:
        raise UserError(f"验证码图片已更换，请看新图片（编号 {current}）再答一次")


def _picture_id(row: Row[Any]) -> str:
    return f"{row.id}.{row.picture_number}"


def _close(connection: Connection, number: int) -> None:
    connection.execute(
        requests.update().where(requests.c.id == number, _OPEN).values(closed_at=_now(), **_EMPTY)
    )


def _as_waiting(row: Row[Any], place: int) -> WaitingRequest:
    return WaitingRequest(
        id=str(row.id),
        kind=row.kind,
        question=row.question,
        deadline=row.deadline,
        employer=row.employer,
        portal=row.portal,
        place=place,
        batch_id=row.batch_id,
        filing_id=row.filing_id,
        picture_id=_picture_id(row) if row.picture_number else None,
        picture_type=row.picture_type,
        refreshable=row.refreshable,
        detail=row.detail,
    )
