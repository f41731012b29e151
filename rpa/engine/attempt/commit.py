"""What a run saw of its filing's commit: what the requests became, and what the page said."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rpa.browser.sent import Sent
from rpa.browser.session import Session
from rpa.browser.timeouts import within_time
from rpa.browser.translate import translated
from rpa.errors import PortalChanged, Refused, SessionExpired, Stop, Unavailable


class NothingSent(PortalChanged):
    """The page told success, but nothing that could submit anything has left the browser."""


class StillPending(Unavailable):
    """Nothing was submitted though it was tried again: no use in starting over at once."""

    restartable = False


@dataclass
class Commit:
    """A commit of this run. After it the page's words prove nothing: the portal's list does."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: Sent = field(default_factory=Sent)
    left_page: bool = False
    """Whether its page was left while the guard still stood, so that nothing can leave any more."""
    told_success: bool = False
    """Whether the flow saw the portal say that it was submitted."""
    expired: bool = False
    """Whether the portal answered that it had logged us out."""
    refusal: str = ""
    """The portal's words, where it refused and every request was answered without a server's error."""
    alarm: NothingSent | None = None
    pending: bool | None = None
    """Whether the draft was seen to stand after it; None: nobody could tell."""

    @property
    def undone(self) -> bool:
        """Whether the portal clearly said that it did nothing; silence and "busy" are no such word."""
        return bool(self.expired or self.refusal) and not self.told_success and not self.sent.doubtful

    @property
    def unsent(self) -> bool:
        """Whether it is certain that nothing left and nothing will."""
        return self.sent.guarded and self.left_page and not self.sent.left

    async def leave_if_nothing_left(self, session: Session) -> None:
        """Leave a page that sent nothing, so that it never will: while the guard still stands."""
        if self.sent.left or not self.sent.guarded:
            return
        with suppress(Unavailable), translated():
            async with within_time():
                await session.fresh_start()
            self.left_page = True

    def judge(self, name: str, stopped: Stop | None) -> Stop | None:
        """What the end of the commit's block means, given what left the browser.

        Args:
            name: the step's.
            stopped: what stopped the block; none: the flow saw the portal tell success.

        Returns:
            What ends the attempt; none: the flow goes on to look the filing up.
        """
        if self.unsent and stopped is None:
            said = f"页面提示成功，但“{name}”没有发出任何请求"
            self.alarm = NothingSent(said, "请到平台核实，并告知开发人员")
            return self.alarm
        if self.unsent or stopped is None:
            self.told_success = stopped is None
            return stopped
        self.expired = isinstance(stopped, SessionExpired)
        refused = isinstance(stopped, Refused)
        if refused and not self.sent.doubtful:
            self.refusal = stopped.message
        unheard = isinstance(stopped, Unavailable) or (refused and self.sent.doubtful)
        return None if unheard else stopped
