"""A screen: where things are on one page of a portal. Flows say what is done there."""

from __future__ import annotations

from typing import ClassVar, Self

from rpa.browser.labels.spots import Spot
from rpa.browser.session import Session
from rpa.browser.signs import Sign


class Screen:
    """One page of a portal, or one part of it.

    Subclasses name their ``landmark``: what a person reads there and nowhere before. Any of several
    signs will do, since one thing has several names.

    Args:
        session: the browser, which shows the screen now.
    """

    landmark: ClassVar[tuple[Sign, ...]]

    def __init__(self, session: Session) -> None:
        self.session = session
        self._address = session.address

    @classmethod
    async def arrive(cls, session: Session) -> Self:
        """Wait until this screen shows.

        Raises:
            Stop: an interruption showed first, or the screen never came.
        """
        await session.see(*cls.landmark)
        return cls(session)

    async def back(self) -> None:
        """Come back here by its address, out of every window: right also after an answer that never came."""
        await self.session.windows.leave()
        await self.session.go(self._address)
        await self.session.see(*self.landmark)


class Captcha:
    """An image whose text a person has to read.

    Args:
        session: the browser.
        spot: the image; a click on it brings another one.
    """

    def __init__(self, session: Session, spot: Spot) -> None:
        self._session = session
        self._spot = spot

    async def image(self) -> bytes:
        """The image that the page shows now."""
        return await self._session.image_at(self._spot)

    async def another(self) -> bytes:
        """Have the page show another one."""
        await self._session.renew_image(self._spot)
        return await self.image()
