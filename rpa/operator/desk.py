"""The desk where requests are put and answers picked up.

The request lives in the ledger, so whoever is quickest answers it: a channel of this process, or a
command or console in another one.
"""

from __future__ import annotations

import asyncio
import mimetypes
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from rpa.browser.shown_image import ShownImage
from rpa.errors import Unanswered
from rpa.ledger.data.requests import Answer, NewRequest, WaitingRequest
from rpa.ledger.requests.requests import Requests
from rpa.operator.request import Kind, as_answered, check_answer
from rpa.privacy.masks import PASSING, hide, register_secret
from rpa.settings.settings import OperatorSettings

Refresh = Callable[[], Awaitable[ShownImage]]
"""Makes the page show another picture and returns it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A channel's way back to the desk, for one request and the picture that was shown."""

    requests: Requests
    request: WaitingRequest
    turned: asyncio.Event

    def answer(self, text: str, *, who: str) -> None:
        """Hand in an answer.

        Raises:
            UserError: it cannot be an answer, came too late, or is for a replaced picture.
        """
        answer_request(self.requests, self.request, text, who=who)
        self.turned.set()

    def refresh(self, *, who: str) -> None:
        """Wish for another picture; the channel is then served again with it.

        Raises:
            UserError: there is no other picture to be had.
        """
        self.requests.ask_refresh(self.request.id, who=who)
        self.turned.set()


class Channel(Protocol):
    """A way to ask a person."""

    def serve(
        self, request: WaitingRequest, picture: Path | None, reply: Reply
    ) -> Coroutine[None, None, None]:
        """Offer a request to a person until it is answered; cancelled when somebody else answers."""


class StopSignal(Protocol):
    """Knows whether the worker was asked to stop."""

    def check(self) -> None:
        """Raises ``Drained`` if it was."""

    async def pause(self, seconds: float) -> bool:
        """Wait so long at most; true as soon as somebody wants to stop."""


def answer_request(
    requests: Requests, request: WaitingRequest, text: str, *, who: str, holder: str = "", hold: float = 0.0
) -> None:
    """Check and fold an answer, keep it out of every log, and put it in the ledger.

    Args:
        requests: of the ledger, where it lives.
        request: with the picture that was looked at.
        text: as it was typed.
        who: the person, as the audit trail names them.
        holder: the page that answers, see :meth:`Leases.take`; none for a command.
        hold: seconds in which the answer can be taken back.

    Raises:
        UserError: it cannot be an answer, came too late, is for a replaced picture, or another page has
            the request.
    """
    folded = check_answer(request.kind, text)
    _keep_out_of_logs(request.kind, folded)
    requests.answer(request.id, folded, picture_id=request.picture_id, who=who, holder=holder, hold=hold)


def _keep_out_of_logs(kind: str, text: str) -> str:
    """Have an answer hidden if it is a secret: a password for good, what is worthless soon for a while."""
    if kind == Kind.PASSWORD:
        return register_secret(text)
    return hide(text, seconds=PASSING) if Kind(kind).secret else text


class Desk:
    """Asks a person through the ledger and waits.

    Args:
        requests: of the ledger, where they live.
        channels: the ways to ask in this process; none means that only others answer.
        settings: how long a person has.
        shutdown: ends the waiting when the worker is asked to stop; none for no such thing.
        worker: who waits, so that others can withdraw a dead worker's requests.
        poll: seconds between two looks for an answer from another process.
    """

    def __init__(
        self,
        requests: Requests,
        channels: Sequence[Channel],
        *,
        settings: OperatorSettings,
        shutdown: StopSignal | None = None,
        worker: str = "",
        poll: float = 0.25,
    ) -> None:
        self._requests = requests
        self._channels = channels
        self._settings = settings
        self._shutdown = shutdown
        self._worker = worker
        self._poll = poll

    def deadline(self, kind: Kind, image: ShownImage | None = None) -> datetime:
        """When an answer to a request made now is no longer of use: not later than its picture is."""
        brief = kind == Kind.CAPTCHA
        seconds = self._settings.captcha_seconds if brief else self._settings.approval_seconds
        deadline = datetime.now(UTC) + timedelta(seconds=seconds)
        return min(deadline, image.usable_until) if image and image.usable_until else deadline

    async def ask(self, request: NewRequest, *, refresh: Refresh | None = None) -> Answer:
        """Ask a person and wait for the answer; its text is folded, and known to be secret if it is.

        Args:
            request: what is asked.
            refresh: gets another picture when the person wishes for one; the person may answer only
                the newest.

        Raises:
            Unanswered: nobody answered before the deadline.
            Drained: the worker was asked to stop meanwhile.
        """
        request = replace(request, refreshable=refresh is not None, worker=self._worker)
        request_id = self._requests.ask(request)
        answer: Answer | None = None
        try:
            while True:
                async with self._offered(request_id) as look:
                    answer = await self._await_turn(request_id, request, look)
                if answer:
                    return answer
                if refresh:
                    image = await refresh()
                    request = replace(request, deadline=self.deadline(Kind(request.kind), image))
                    self._requests.replace_picture(
                        request_id, image.data, image.type, deadline=request.deadline
                    )
        finally:
            if answer is None:  # too late, another error, or the attempt was cancelled
                self._requests.withdraw(request_id)

    async def _await_turn(self, request_id: str, request: NewRequest, look: _Look) -> Answer | None:
        """The answer, or None when another picture is wished for."""
        while True:
            if answer := self._requests.take_answer(request_id):
                text = as_answered(request.kind, answer.text)
                return replace(answer, text=_keep_out_of_logs(request.kind, text))
            if self._requests.refresh_asked_by(request_id):
                return None
            if self._shutdown:
                self._shutdown.check()
            left = (request.deadline - datetime.now(UTC)).total_seconds()
            if left <= 0 and not self._requests.is_answered(request_id):  # what was given in time counts
                raise Unanswered(f"{Kind(request.kind).chinese}在限时内无人答复", "请安排人员值守后重新运行")
            await look(min(self._poll, left) if left > 0 else self._poll)

    @asynccontextmanager
    async def _offered(self, request_id: str) -> AsyncIterator[_Look]:
        """Offer the request, with its picture of now, on every channel."""
        request = next((one for one in self._requests.waiting() if one.id == request_id), None)
        turned = asyncio.Event()
        with tempfile.TemporaryDirectory(prefix="rpa-", ignore_cleanup_errors=True) as folder:
            picture = self._picture_file(request_id, Path(folder))
            serving: list[Coroutine[None, None, None]] = []
            if request:
                reply = Reply(self._requests, request, turned)
                serving = [channel.serve(request, picture, reply) for channel in self._channels]
            look = _Look(turned, serving)
            try:
                yield look
            finally:
                await look.end()

    def _picture_file(self, request_id: str, folder: Path) -> Path | None:
        picture = self._requests.picture(request_id)
        if picture is None:
            return None
        path = folder / (picture.id + (mimetypes.guess_extension(picture.type) or ".png"))
        path.write_bytes(picture.data)
        return path


class _Look:
    """Waits a moment for news: less long when a channel has some."""

    def __init__(self, turned: asyncio.Event, serving: Iterable[Coroutine[None, None, None]]) -> None:
        self._turned = turned
        self._tasks = [asyncio.create_task(one) for one in serving]
        for task in self._tasks:
            task.add_done_callback(lambda _: turned.set())

    async def __call__(self, seconds: float) -> None:
        """Wait at most ``seconds``; a channel's own error comes out here."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._turned.wait(), seconds)
        self._turned.clear()
        for task in self._tasks:
            if task.done():
                task.result()

    async def end(self) -> None:
        """Take the request back from every channel."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
