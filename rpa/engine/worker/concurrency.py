"""How many browser sessions keep whoever answers busy, and no more.

Where a filing takes a person S seconds and machine and portal Z seconds besides, one person is busy all the
time with ``ceil((Z + S) / S)`` sessions; so that a slow filing is made up for by others, Z is what it is on
average and its usual spread besides. More do not file faster: their captchas only wait longer, and one that
expires unanswered is wasted. Fewer let the person wait.
"""

from __future__ import annotations

import math

from rpa.ledger.data.tasks import Throughput

START = 4
"""So many until enough filings have been measured."""
LEAST = 2
"""While one is answered another one works."""
_ENOUGH = 5
"""Filings that have to have ended before they are believed."""
_CALM_SECONDS = 30.0
"""Too many for so long: one less."""


def sessions_wanted(throughput: Throughput, *, portals: int = 1, workers: int = 1) -> float:
    """How many sessions of a portal a worker needs so that nobody who answers waits; may be infinite.

    Args:
        throughput: of the portal's filings.
        portals: so many have work now; the same people answer for them in turn.
        workers: so many work on it together.
    """
    if throughput.filings < _ENOUGH:
        return START
    if not throughput.person_seconds:
        return math.inf
    other = throughput.other_seconds + throughput.spread_seconds
    everybody = 1 + math.ceil(other / (portals * throughput.person_seconds))
    return max(math.ceil(everybody / workers), LEAST)


class Concurrency:
    """How many sessions of a portal are open at once: more at once where they are missing, fewer slowly.

    Args:
        most: never more.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = min(START, most)
        self._too_many_since = math.inf

    def follow(self, wanted: float, moment: float) -> bool:
        """Be as many as are wanted; whether that changed anything.

        Args:
            wanted: see :func:`sessions_wanted`.
            moment: now, in seconds of a clock that never goes back.
        """
        goal = int(min(wanted, self.most))
        if goal < self.now:
            self._too_many_since = min(self._too_many_since, moment)
            if moment - self._too_many_since < _CALM_SECONDS:
                return False
            goal = self.now - 1
        self._too_many_since = math.inf
        changed, self.now = goal != self.now, goal
        return changed


def reason(wanted: float, size: Concurrency) -> str:
    """Why it is so many, for the operator."""
    if math.isinf(wanted):
        return "眼下不需要人答复"
    if wanted > size.most:
        return "已到上限，答复的人有时要等"
    return "一个人答复正好不用等"
