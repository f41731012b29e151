"""Using what a page shows: controls by the names that the settings know, as soon as they can be used."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from rpa.browser.conversation import Conversation
from rpa.browser.finding import Finding
from rpa.browser.labels.spots import AGREEING, ControlContent, Match, Spot, TableRow, Values
from rpa.browser.shown_image import ShownImage
from rpa.errors import PortalChanged, Unavailable

_LOOK_UP_SECONDS = 2.5
"""So long a control is waited for before the page is searched for the portal's own words."""

T = TypeVar("T")


class Acting(Conversation, Finding):
    """What a session does on the page in front. What changes the page waits for the picture under way."""

    async def click(self, spot: Spot | str) -> None:
        """Click what a person reads as ``spot``, as soon as it can be clicked."""
        await self._act(lambda seconds: self.front.labels.click(self._named(spot), timeout=seconds))

    async def click_in(self, row: TableRow, label: str) -> None:
        """Click a control inside a table's row."""
        await self._act(lambda seconds: self.front.labels.click_in(row, self._named(label), timeout=seconds))

    async def fill(
        self, values: Values, *, accepts: Collection[Match] = AGREEING
    ) -> Mapping[str, ControlContent]:
        """Fill a form and return what the page holds afterwards.

        A control that is greyed out (a box under a countdown) is waited for as long as a step may take.

        Args:
            values: what to fill in.
            accepts: what may become of it; whoever compares the page afterwards takes whatever it holds.

        Raises:
            NotTaken: something else became of a value.
        """
        await self._ready()
        named = {self._named(spot): value for spot, value in values.items()}
        try:
            return await self.front.labels.fill(named, timeout=self.portal.step_seconds, accepts=accepts)
        except (PortalChanged, Unavailable) as error:
            if not await self.heed():
                raise await self.why(error) from None
        return await self.front.labels.fill(named, timeout=self.portal.step_seconds, accepts=accepts)

    async def tick(self, row: TableRow) -> None:
        """Mark a table's row by its check box or radio button."""
        await self._act(lambda seconds: self.front.labels.tick(row, timeout=seconds))

    async def read(
        self, spots: Iterable[Spot | str], *, filled: bool = False
    ) -> Mapping[str, ControlContent]:
        """What controls and read-only texts hold; with ``filled``, once none of them is empty."""
        named = [self._named(spot) for spot in spots]
        return await self._patiently(
            lambda seconds: self.front.labels.read(named, timeout=seconds, filled=filled)
        )

    async def rows(
        self,
        headers: Sequence[str],
        *,
        optional: Sequence[str] = (),
        some: bool = False,
        whole: bool = True,
    ) -> Sequence[TableRow]:
        """The rows of the list with these column headers, of all pages; with ``some``, once there is one.

        See :meth:`rpa.browser.labels.Labels.rows`.

        Raises:
            Stop: a list that is empty may be so only because its data did not come.
        """
        named, others = map(self._named, headers), map(self._named, optional)
        seconds = self.portal.step_seconds
        read = partial(self.front.labels.rows, [*named], optional=[*others], whole=whole, turning=seconds)
        found = await self._patiently(lambda left: read(timeout=left))
        if not found and (reason := self.front.waiter.unwell()):
            raise reason
        if found or not some:
            return found
        return await read(timeout=seconds, some=True)

    async def has(self, spot: Spot | str) -> bool:
        """Whether a control is there now."""
        return await self.front.labels.box(self._named(spot)) is not None

    async def readable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those under which the page has something to be read now."""
        return await self.front.labels.readable([self._named(spot) for spot in spots])

    async def editable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those whose control a person could change now."""
        return await self.front.labels.editable([self._named(spot) for spot in spots])

    async def require(self, spot: Spot) -> None:
        """Wait until a control is there, without touching it.

        Raises:
            PortalChanged: it is not, or two are.
        """
        if await self.front.labels.box(self._named(spot), timeout=self.portal.step_seconds) is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”")

    async def image_at(self, spot: Spot) -> ShownImage:
        """A picture for a person to read, once it has arrived."""
        image = await self.front.images.read(spot)
        if image is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”的图片")
        return image

    async def upload(self, spot: Spot | str, paths: Sequence[Path]) -> None:
        """Give files to a file control."""
        await self.front.camera.done()
        await self._act(lambda seconds: self.front.labels.upload(self._named(spot), paths, timeout=seconds))

    def _named(self, spot: Spot | str) -> Spot:
        """A control with every name that the settings know for it."""
        one = spot if isinstance(spot, Spot) else Spot(spot)
        return one.also(self.portal.label(one.label))

    async def _ready(self) -> None:
        await self.front.camera.done()
        self.front.waiter.forget_earlier()

    async def _act(self, act: Callable[[float], Awaitable[T]]) -> T:
        """Act on a control as soon as it can be; see :meth:`_patiently`.

        A picture under way is waited for by the labels, right before the click.
        """
        self.front.waiter.forget_earlier()
        return await self._patiently(act)

    async def _patiently(self, do: Callable[[float], Awaitable[T]]) -> T:
        """Use a control; while it does not come, look what the portal says instead.

        Raises:
            Stop: the portal's interruption, else what ``do`` raised when the time was up.
        """
        clock = asyncio.get_running_loop()
        end = clock.time() + self.portal.step_seconds
        while True:
            left = end - clock.time()
            try:
                return await do(min(left, _LOOK_UP_SECONDS))
            except (PortalChanged, Unavailable) as error:
                await self.heed()
                if left <= _LOOK_UP_SECONDS:
                    raise await self.why(error) from None
