"""A screen: where things are on one page of a portal. Flows say what is done there."""

from __future__ import annotations

from typing import ClassVar, Self

from rpa.browser.lookout import Sign
from rpa.browser.session import Session


class Screen:
    """One page of a portal, or one part of it.

    Subclasses name their ``landmark``: what a person reads there and nowhere before. Any of several
    signs will do, since one thing has several names.
    """

    landmark: ClassVar[tuple[Sign, ...]]

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    async def arrive(cls, session: Session, *, seconds: float | None = None) -> Self:
        """Wait until this screen shows.

        Raises:
            Stop: an interruption showed first, or the screen never came.
        """
        await session.see(*cls.landmark, seconds=seconds)
        return cls(session)
