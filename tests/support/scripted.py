"""An operator that is a program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Reply

WHO = "脚本操作员"


class Scripted:
    """Answers what it knows and leaves the rest to others.

    Args:
        answer: gives the answer to a request, or None.
        announce: told of each answered request, so that a screen can say who answered.
    """

    def __init__(
        self,
        answer: Callable[[WaitingRequest], Awaitable[str | None]],
        *,
        announce: Callable[[WaitingRequest, str], None] = lambda _request, _who: None,
    ) -> None:
        self._answer = answer
        self._announce = announce

    async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
        """Answer at once, or leave it."""
        text = await self._answer(request)
        if text is not None:
            reply.answer(text, who=WHO)
            self._announce(request, WHO)
