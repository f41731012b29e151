"""A screen: where things are on one page of a portal. Flows say what is done there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

from rpa.browser.images import Images
from rpa.browser.labels.spots import Spot
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
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
    """A picture whose text a person has to read, or the field of a code that comes by SMS in its place.

    Args:
        session: the browser.
        spot: the picture, by its own name or that of the field beside it.
    """

    def __init__(self, session: Session, spot: Spot) -> None:
        self._session = session
        self._spot = spot
        self._shown: ShownImage | None = None
        """What a person was shown last."""
        self._spent = ""
        """The state of the picture whose answer was used."""

    async def image(self) -> ShownImage | None:
        """The picture that the page shows, once it has arrived and is of use; None: a code comes by SMS.

        A portal renews its picture by itself after a wrong answer, as a rule: that is waited for.

        Raises:
            Stop: as :meth:`rpa.browser.images.Images.read`.
        """
        image = await self._images.read(self._spot, unlike=self._spent)
        if image and self._is_old(image):
            image = await self._images.renew(self._spot)
        self._shown = self._dated(image) if image else None
        return self._shown

    async def another(self) -> ShownImage:
        """Have the page show another one."""
        self._shown = self._dated(await self._images.renew(self._spot))
        return self._shown

    async def usable(self) -> bool:
        """Whether the page still shows what a person was shown last, and the portal still takes its text."""
        image = self._shown
        if image is None:
            return True
        too_late = image.usable_until is not None and datetime.now(UTC) > image.usable_until
        return not too_late and await self._images.shows(self._spot, image)

    def spend(self) -> None:
        """The answer to what was shown last is used: that picture is shown to nobody again."""
        self._spent = self._shown.state if self._shown else ""

    async def send_code(self) -> None:
        """Have the portal send its code by SMS."""
        await self._images.send_code(self._spot)

    async def asks_for_sum(self) -> bool:
        """Whether the page says that a sum is to be worked out."""
        return await self._images.asks_for_sum(self._spot)

    @property
    def _images(self) -> Images:
        return self._session.front.images

    def _is_old(self, image: ShownImage) -> bool:
        """Whether a person would have less than half the time for it."""
        return datetime.now(UTC) - image.taken_at > self._life / 2

    def _dated(self, image: ShownImage) -> ShownImage:
        return replace(image, usable_until=image.taken_at + self._life)

    @property
    def _life(self) -> timedelta:
        return timedelta(seconds=self._session.portal.captcha_seconds)
