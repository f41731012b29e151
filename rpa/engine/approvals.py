"""Who has to say yes before a commit: nobody, a person once, or a person each time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from rpa.errors import Cancelled
from rpa.operator.request import decision
from rpa.settings import Approve


class Approvals:
    """The approvals of one run.

    With ``first``, the other filings wait at their commit until a person has approved one; after a no
    the next filing is asked about.
    """

    def __init__(self, mode: Approve) -> None:
        self._mode = mode
        self._one_at_a_time = asyncio.Lock()
        self._granted = mode == "none"

    async def ask(self, person: Callable[[], Awaitable[str]]) -> None:
        """Ask where the mode wants it.

        Raises:
            Cancelled: the person said no.
        """
        if self._mode == "each":
            _require_yes(await person())
            return
        async with self._one_at_a_time:
            if not self._granted:
                _require_yes(await person())
                self._granted = True


def _require_yes(answer: str) -> None:
    said = decision(answer)
    if not said.approved:
        reason = f"：{said.reason}" if said.reason else ""
        raise Cancelled(f"提交前确认未通过{reason}", "按确认人的意见更正后重新运行")
