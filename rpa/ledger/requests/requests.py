"""The transactions over requests: what a person is asked, and the answer on its way back.

An answer's text rests in the database only until it is taken: captcha texts and SMS codes are
secrets. Pictures go with the request, since an approval's picture shows an account.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from rpa.errors import UserError
from rpa.ledger.actions import Actions
from rpa.ledger.data.requests import Answer, NewRequest, Picture, WaitingRequest
from rpa.ledger.database.database import Database
from rpa.ledger.database.tables import requests
from rpa.ledger.requests.leases import check_free, is_held
from rpa.ledger.requests.rows import LIGHT, OPEN, check_open, close, find, lock, number_of, shown_id
from rpa.privacy.masks import redact

_GRACE = timedelta(seconds=60)
"""Requests this long past their deadline belong to a program that is gone; they are emptied."""


class Requests:
    """What waits for a person."""

    def __init__(self, database: Database, actions: Actions) -> None:
        self._database = database
        self._actions = actions

    def ask(self, request: NewRequest) -> str:
        """Put a request in line; returns its id. Requests left over by a dead program are emptied."""
        now = datetime.now(UTC)
        with self._database.write() as connection:
            close(connection, requests.c.deadline < now - _GRACE)
            number = connection.scalar(
                requests.insert()
                .values(
                    batch_id=request.batch_id,
                    filing_id=request.filing_id,
                    kind=request.kind,
                    employer=request.employer,
                    portal=request.portal,
                    question=redact(request.question),  # may quote the portal
                    detail=dict(request.detail),
                    picture=request.picture,
                    picture_type=request.picture_type if request.picture else "",
                    picture_number=1 if request.picture else 0,
                    refreshable=request.refreshable,
                    created_at=now,
                    deadline=request.deadline,
                    worker=request.worker or None,
                    first=request.first,
                )
                .returning(requests.c.id)
            )
        return str(number)

    def waiting(self) -> Sequence[WaitingRequest]:
        """Every request that nobody has answered and that still has time.

        What comes after a wrong answer is first, then the soonest deadline. A request whose answer can
        still be taken back is answered.
        """
        query: Select[Any] = (
            select(*LIGHT, is_held(self._database))
            .where(OPEN, requests.c.answered_at.is_(None), requests.c.deadline > datetime.now(UTC))
            .order_by(requests.c.first.desc(), requests.c.deadline, requests.c.id)
        )
        with self._database.read() as connection:
            return [_as_waiting(row, place) for place, row in enumerate(connection.execute(query), 1)]

    def picture(self, request_id: str) -> Picture | None:
        """What the person looks at now; none where the request has no picture or is over."""
        with self._database.read() as connection:
            row = find(connection, request_id, requests.c.picture)
        return Picture(shown_id(row), row.picture_type, row.picture) if row.picture else None

    def answer(
        self,
        request_id: str,
        text: str,
        *,
        picture_id: str | None,
        who: str,
        holder: str = "",
        hold: float = 0.0,
    ) -> None:
        """Answer a request.

        Args:
            request_id: the request, or the request and its picture as in ``17.2``.
            text: what the person says.
            picture_id: the picture that was looked at; may be left out while there was only one.
            who: the person, as the audit trail names them.
            holder: the page that answers; none for a command, which asks nobody.
            hold: seconds in which the answer can be taken back, and is not used.

        Raises:
            UserError: no such request, too late, already answered, for a replaced picture, or another
                page has it.
        """
        if "." in request_id:
            picture_id = picture_id or request_id
        with self._database.write() as connection:
            row = lock(connection, request_id, is_held(self._database))
            check_open(row)
            if holder:
                check_free(row, holder)
            if row.picture_number > 1 or picture_id:
                _check_picture(row, picture_id)
            said = {
                "answer": text,
                "answered_by": who,
                "answered_at": datetime.now(UTC),
                "usable_at": self._database.now(hold),
            }
            connection.execute(requests.update().where(requests.c.id == row.id).values(**said))

    def ask_refresh(self, request_id: str, *, who: str) -> None:
        """Ask for another picture; whoever asked the request replaces it.

        Raises:
            UserError: no such request, too late, already answered, or nothing to replace.
        """
        with self._database.write() as connection:
            row = lock(connection, request_id)
            check_open(row)
            if not row.refreshable:
                raise UserError(f"待办 {row.id} 没有可更换的图片")
            connection.execute(requests.update().where(requests.c.id == row.id).values(refresh_by=who))

    def refresh_asked_by(self, request_id: str) -> str | None:
        """Who asks for another picture, if anybody."""
        with self._database.read() as connection:
            who: str | None = find(connection, request_id).refresh_by
        return who

    def replace_picture(
        self,
        request_id: str,
        picture: bytes,
        picture_type: str = "image/png",
        *,
        deadline: datetime | None = None,
    ) -> str:
        """Show another picture; returns its id. Answers for the old one are turned away from now on.

        Args:
            request_id: the request.
            picture: the picture.
            picture_type: its media type.
            deadline: when an answer to it is no longer of use (aware); None: when one to the old one was not.
        """
        shown = {"picture": picture, "picture_type": picture_type, "refresh_by": None}
        until = {"deadline": deadline} if deadline else {}
        with self._database.write() as connection:
            row = connection.execute(
                requests.update()
                .where(requests.c.id == number_of(request_id))
                .values(picture_number=requests.c.picture_number + 1, **shown, **until)
                .returning(requests.c.id, requests.c.picture_number)
            ).one()
        return shown_id(row)

    def is_answered(self, request_id: str) -> bool:
        """Whether an answer lies there: it is used as soon as it cannot be taken back any more."""
        with self._database.read() as connection:
            row = find(connection, request_id)
        return row.answered_at is not None and row.closed_at is None

    def take_back(self, request_id: str, *, who: str) -> None:
        """Take an answer back that nobody has used: the request waits again.

        Args:
            request_id: the request.
            who: the person, who has answered it.

        Raises:
            UserError: no such request, not answered by this person, or the answer is used.
        """
        with self._database.write() as connection:
            row = lock(connection, request_id)
            if row.answered_at is None:
                raise UserError(f"待办 {row.id} 没有可撤回的答复")
            if row.closed_at is not None:
                raise UserError("答复已被使用，撤不回了")
            if row.answered_by != who:
                raise UserError(f"待办 {row.id} 由{row.answered_by}答复，只能由本人撤回")
            unanswered = {"answer": None, "answered_by": None, "answered_at": None, "usable_at": None}
            connection.execute(requests.update().where(requests.c.id == row.id).values(**unanswered))
            self._actions.note_within(connection, who, f"撤回待办 {row.id} 的答复", batch_id=row.batch_id)
        self._database.forget_deleted()

    def take_answer(self, request_id: str) -> Answer | None:
        """The answer, once; it is then deleted and the request is over.

        None: not answered yet, or the answer can still be taken back.
        """
        with self._database.read() as connection:  # asked several times a second: waits for nobody
            if not find(connection, request_id, self._usable()).usable:
                return None
        with self._database.write() as connection:
            row = lock(connection, request_id, requests.c.answer, self._usable())
            if not row.usable:
                return None
            close(connection, requests.c.id == row.id)
        self._database.forget_deleted()
        return Answer(row.answer, row.answered_by, row.answered_at)

    def withdraw_of_workers(self, workers: Collection[str]) -> None:
        """End what dead workers waited for: whoever takes their filings over asks anew."""
        if workers:
            self._withdraw(requests.c.worker.in_(workers))

    def withdraw(self, request_id: str) -> None:
        """End a request without an answer: too late, or no longer of use."""
        self._withdraw(requests.c.id == number_of(request_id))

    def _withdraw(self, condition: ColumnElement[bool]) -> None:
        with self._database.write() as connection:
            close(connection, condition)
        self._database.forget_deleted()

    def _usable(self) -> ColumnElement[bool]:
        """Whether there is an answer that nobody can take back."""
        undoable = requests.c.usable_at > self._database.now()
        return (OPEN & requests.c.answered_at.is_not(None) & func.coalesce(~undoable, True)).label("usable")


def _check_picture(row: Row[Any], shown: str | None) -> None:
    current = shown_id(row)
    if shown is None:
        raise UserError(f"待办 {row.id} 的图片更换过，请看新图片，并用编号 {current} 作答")
    if shown != current:
        raise UserError(f"验证码图片已更换，请看新图片（编号 {current}）再答一次")


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
        picture_id=shown_id(row) if row.picture_number else None,
        picture_type=row.picture_type,
        refreshable=row.refreshable,
        detail=row.detail,
        first=row.first,
        holder=row.holder if row.held else "",
        held_by=row.held_by if row.held else "",
    )
