"""What left the browser under :func:`rpa.browser.single_send.single_send`, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rpa.errors import PortalChanged

_ACCEPTED = 202
"""Taken, and not done yet (RFC 9110, 15.3.3): what comes of it nobody can tell."""
_SERVER_ERROR = 500
"""From this status on an answer is no answer to what was asked (RFC 9110, 15.6)."""


class Fate(StrEnum):
    """What became of a request."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    """It left, or may have, and there is no answer (yet)."""
    UNSENT = "unsent"
    """It never left."""


@dataclass(slots=True)
class SentRequest:
    """One request that might change something."""

    method: str
    address: str
    """Without its query."""
    fate: Fate = Fate.UNANSWERED
    status: int | None = None
    """HTTP status of its answer."""
    reason: str = ""
    """Why it was not sent, in Chinese."""
    refused: bool = False
    """It was we who did not send it."""

    def answer(self, status: int) -> None:
        """The portal answered."""
        self.fate, self.status = Fate.ANSWERED, status

    def lose(self, never_left: str = "") -> None:
        """No answer came; with a reason, in Chinese, the request never left."""
        self.fate, self.reason = (Fate.UNSENT if never_left else Fate.UNANSWERED), never_left

    def refuse(self, reason: str) -> None:
        """It is not sent."""
        self.fate, self.reason, self.refused = Fate.UNSENT, reason, True

    @property
    def doubtful(self) -> bool:
        """Whether it may do its work yet, or may have done it, whatever the portal said."""
        unclear = self.status is not None and (self.status == _ACCEPTED or self.status >= _SERVER_ERROR)
        return self.fate is Fate.UNANSWERED or unclear

    def __str__(self) -> str:
        become = {Fate.ANSWERED: f"HTTP {self.status}", Fate.UNANSWERED: "没有答复"}
        return f"{self.method} {self.address}：{become.get(self.fate, f'未发出（{self.reason}）')}"


@dataclass
class Sent:
    """What a page wanted to send while the guard stood."""

    requests: list[SentRequest] = field(default_factory=list)
    guarded: bool = True
    """False: requests left as the browser sends them, and nobody knows which."""

    @property
    def left(self) -> Sequence[SentRequest]:
        """What left, or may have."""
        return [one for one in self.requests if one.fate is not Fate.UNSENT]

    @property
    def unanswered(self) -> Sequence[SentRequest]:
        """What left and has no answer."""
        return [one for one in self.requests if one.fate is Fate.UNANSWERED]

    @property
    def doubtful(self) -> bool:
        """Whether the portal may have done something that no page can tell."""
        return not self.guarded or any(one.doubtful for one in self.requests)

    def require_readable(self) -> None:
        """See that nothing was refused.

        Raises:
            PortalChanged: a request's body could not be read, so that it was not sent.
        """
        for one in self.requests:
            if one.refused:
                raise PortalChanged(
                    f"{one.reason}，为避免重复提交没有发出", "请人工办理，并把截图发给开发人员"
                )
