"""Finding things on a page by structure, where nobody knows its words."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from rpa.browser.labels.spots import Spot, normalise
from rpa.browser.page import PortalPage
from rpa.browser.signs import Sign
from rpa.settings.portal import PortalSettings

_CLOSERS = ("×", "关闭", "返回", "确定")
_CLICKS = 3
"""So often a button is clicked while its dialog stands."""
_GOING_SECONDS = 1.5
"""So long a dialog may take to go once the page is at rest."""
_DEPTH = 4
"""So many groups stand in each other at the most."""


class Finding:
    """What a session finds without its name. Looks only; whatever is found is used by its caption."""

    portal: PortalSettings

    @property
    @abstractmethod
    def front(self) -> PortalPage:
        """The page in front."""

    @abstractmethod
    async def has(self, spot: Spot | str) -> bool:
        """Whether a control is there now."""

    @abstractmethod
    async def click(self, spot: Spot | str) -> None:
        """Click what a person reads as ``spot``, as soon as it can be clicked."""

    async def settle(self) -> None:
        """Wait until the page has done what the last act set going: drawn, and no request of it under way."""
        await self.front.labels.settled(seconds=self.portal.step_seconds)

    async def first_of(self, *spots: Spot) -> Spot | None:
        """The first of some controls that is there now.

        Raises:
            PortalChanged: one of them fits several.
        """
        for spot in spots:
            if await self.has(spot):
                return spot
        return None

    async def buttons_saying(self, part: str) -> Sequence[Spot]:
        """The button or link with these words in its caption; nothing where several captions have them."""
        captions = await self.front.labels.captions(part)
        return [Spot(captions[0])] if len(captions) == 1 else []

    async def unfold(self, spot: Spot) -> None:
        """Open the folded groups of a tree or a menu until ``spot`` shows; nothing where none holds it.

        Raises:
            PortalChanged: it fits several.
        """
        for _ in range(_DEPTH):
            if await self.has(spot) or not (heads := await self.front.labels.folds_away(spot)):
                return
            await self.click(heads[0])
            await self.settle()

    async def close_dialog(self) -> None:
        """Close what was opened to look at, a dialog or a page, by the first of what only closes."""
        if (closer := await self.first_of(*map(Spot, _CLOSERS))) is None:
            return
        before = await self.front.labels.box(closer)
        for _ in range(_CLICKS):
            await self.click(closer)
            await self.settle()
            if await self.front.labels.box(closer) != before:
                return  # not the same one in the same place

    async def push(self, spot: Spot, *, until: Sign) -> None:
        """Click a dialog's button, and again while nothing comes of it: such a click is ignored now and then.

        A click that sent something was heard, and is never repeated. Whatever the portal says ends it, but
        for the dialog itself, which may be heard late, or once more as it counts down. Whether ``until``
        shows then is for the caller to see.
        """
        labels, waiter = self.front.labels, self.front.waiter
        sent = labels.changes
        for _ in range(_CLICKS):
            await self.click(spot)
            await self.settle()
            gone = await waiter.sight(until, seconds=_GOING_SECONDS)
            if gone or self._answers(until) or labels.changes > sent:
                return

    def _answers(self, until: Sign) -> bool:
        """Whether the portal has said anything other than what is to go away."""
        names = self.portal.label(until.text)
        return any(not (until.gone and until.said_in(one.words, names)) for one in self.front.ear.said)

    async def first_head(self, word: str) -> str:
        """Our word, where a list has a column of that name; else the first column's head that shows.

        For a list whose rows are told by what their cells say, whatever its columns are called.
        """
        await self.settle()
        heads = await self.front.labels.heads()
        names = {normalise(name) for name in self.portal.label(word)}
        known = not heads or any(normalise(head) in names for head in heads)
        return word if known else heads[0]

    async def years(self) -> set[int]:
        """Every year that the page names as an application's (2026年度), in titles and prose too."""
        return await self.front.labels.years()
