"""Who has to say yes before a commit: nobody, a person once, or a person each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rpa.errors import Cancelled
from rpa.ledger.batches.batches import Batches
from rpa.ledger.data.tasks import Ticket
from rpa.operator.desk import StopSignal
from rpa.operator.request import decision
from rpa.settings.settings import Approve

_LOOK_SECONDS = 0.25


class Approvals:
    """The approval of one filing.

    With ``first``, the batch's other filings wait at their commit, whatever machine they are on, until
    a person has approved one; after a no the next filing is asked about.
    """

    def __init__(
        self, mode: Approve, batches: Batches, batch_id: str, ticket: Ticket, shutdown: StopSignal
    ) -> None:
        self._mode = mode
        self._batches = batches
        self._batch_id = batch_id
        self._ticket = ticket
        self._shutdown = shutdown

    async def ask(self, person: Callable[[], Awaitable[str]]) -> None:
        """Ask where the mode wants it.

        Raises:
            Cancelled: the person said no.
            Drained: the worker was asked to stop.
        """
        if self._mode == "none":
            return
        if self._mode == "each":
            _require_yes(await person())
            return
        if await self._granted():
            return
        try:
            _require_yes(await person())
        except BaseException:
            self._batches.give_up_approval(self._batch_id, self._ticket)
            raise
        self._batches.approve(self._batch_id)

    async def _granted(self) -> bool:
        """Whether somebody said yes already; false when it is this filing's turn to be asked about."""
        while (turn := self._batches.approval_turn(self._batch_id, self._ticket)) is False:
            await self._shutdown.pause(_LOOK_SECONDS)
            self._shutdown.check()
        return turn is True


def _require_yes(answer: str) -> None:
    said = decision(answer)
    if not said.approved:
        reason = f"：{said.reason}" if said.reason else ""
        raise Cancelled(f"提交前确认未通过{reason}", "按确认人的意见更正后重新运行")
