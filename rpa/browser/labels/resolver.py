"""One resolver for controls: by the label that a person sees, wherever the page keeps it.

The scripts in ``js/`` find, wait and make ready inside the page; keys and clicks are trusted input events,
sent once the script has seen the target visible, enabled, at rest, on top and, for keys, under the focus.
Two controls that fit are an error, never a guess.
"""

# ruff: noqa: ASYNC109 - the waiting is done in the page, which says afterwards what was missing

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from playwright.async_api import Page

from rpa.browser.labels.errors import Answer, MissingLabel, check_taken, error_for
from rpa.browser.labels.filling import Filling, content_of
from rpa.browser.labels.given_files import given
from rpa.browser.labels.lists import ListColumns, Lists
from rpa.browser.labels.page_scripts import Job, PageScripts, Patience
from rpa.browser.labels.spots import ControlContent, Match, Rectangle, Spot, TableRow, Values
from rpa.browser.quiet import Quiet


class Labels:
    """The controls of one page. Timeouts are seconds; every wait is for a condition in the page.

    Args:
        page: the page, with all its frames.
        scripts: the page's scripts, with trusted mouse input.
        origins: origins in which values may be typed; elsewhere ``ForeignOrigin`` is raised instead.
        settle: awaited between finding where to click and clicking there, such as for a picture under way
            that a click would spoil; True when the page may have moved, so that it is looked for again.

    Every method raises ``PortalChanged`` for a label that is missing when time is up, or that fits several
    controls, and ``Unavailable`` for one that stays covered or greyed out.
    """

    def __init__(
        self,
        page: Page,
        scripts: PageScripts,
        *,
        origins: frozenset[str],
        settle: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._page = page
        self._origins = origins
        self._settle = settle
        self._scripts = scripts
        self._quiet = Quiet(page)
        self._lists = Lists(scripts, self._quiet, self._click)

    async def fill(
        self, values: Values, *, timeout: float, accepts: Collection[Match] = tuple(Match)
    ) -> dict[str, ControlContent]:
        """Fill controls in order and return what each holds afterwards, by label.

        A value is text, a date (``2024-03-05``, ``2024-03``, ``2024``), the visible option of a select or of
        radio buttons, or ``True``/``False`` for one check box or radio button. All is done by trusted keys
        and clicks. A control that is locked keeps what it holds: see ``ControlContent.match``.

        Raises:
            ForeignOrigin: a control stands in a frame of an origin that is not allowed.
            NeedsPerson: a select has no such option.
            NotTaken: a match that is not among ``accepts``.
        """
        self._quiet.mark()
        spots = [_spot(key) for key in values]
        filling = Filling(self._scripts, spots, list(values.values()), self._origins, Patience(timeout))
        async with self._offering("fields"):
            held = await filling.run()
        check_taken(held.values(), accepts)
        return held

    async def readable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those spots under which the page has something to be read now."""
        wanted = [_spot(spot) for spot in spots]
        job = {"spots": [asdict(spot) for spot in wanted]}
        answers = [await self._scripts.run(frame, "readable", job, 0) for frame in self._scripts.roots]
        columns = zip(wanted, *(answer["there"] for answer in answers if answer is not None), strict=True)
        return {spot.label for spot, *there in columns if any(there)}

    async def editable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those spots whose control a person could change now."""
        wanted = [_spot(spot) for spot in spots]
        job = {"spots": [asdict(spot) for spot in wanted]}
        answers = [await self._scripts.run(frame, "editable", job, 0) for frame in self._scripts.roots]
        columns = zip(wanted, *(answer["free"] for answer in answers if answer is not None), strict=True)
        return {spot.label for spot, *free in columns if any(free)}

    async def read(
        self, spots: Sequence[Spot | str], *, timeout: float = 0, filled: bool = False
    ) -> dict[str, ControlContent]:
        """What controls and read-only texts hold, by label.

        Args:
            spots: which.
            timeout: how long they are waited for.
            filled: wait also until none is empty: pages that are drawn first and get their values later.
        """
        wanted = [_spot(spot) for spot in spots]
        patience = Patience(timeout)
        together = len(self._scripts.roots) == 1
        parts = [wanted] if together else [[spot] for spot in wanted]
        held: dict[str, ControlContent] = {}
        for part in parts:
            job = {"spots": [asdict(spot) for spot in part], "filled": filled}
            _, answer = await self._scripts.find("look", job, patience)
            if "wait" in answer:
                async with self._offering("fields"):
                    raise error_for(part[answer.get("index", 0)], answer)
            pairs = zip(part, answer["held"], strict=True)
            held |= {spot.label: content_of(spot, found) for spot, found in pairs}
        return held

    async def click(self, spot: Spot | str, *, timeout: float) -> None:
        """Click a button, link, tile, tab, menu item, picture: once visible, enabled, at rest and on top."""
        wanted = _spot(spot)
        await self._click(wanted, "aim", {"spot": asdict(wanted)}, timeout)

    async def click_in(self, row: TableRow, spot: Spot | str, *, timeout: float = 5) -> None:
        """Click a control in a list's row, turned and scrolled to; one that moved is found by its words."""
        wanted = _spot(spot)
        await self._lists.click_in(row, wanted, {"spot": asdict(wanted)}, timeout)

    async def tick(self, row: TableRow, *, timeout: float = 5) -> None:
        """Mark a list's row by its one check box or radio button, or what is drawn in place of one.

        Raises:
            Unavailable: the mark does not stay.
        """
        await self._lists.tick(row, timeout)

    async def _click(self, spot: Spot, main: str, job: Job, timeout: float) -> Answer:
        """Click where a script says; the answer, where it is not that something is missing or in the way."""
        patience = Patience(timeout)
        while True:
            frame, answer = await self._scripts.find(main, job, patience)
            if "point" in answer and not (self._settle and await self._settle()):
                self._quiet.mark()
                answer = await self._scripts.click(frame, answer["point"])
            if "hit" in answer or "ticked" in answer or answer.get("wait") == "page":
                return answer
            if "wait" in answer and patience.over(answer):
                async with self._offering("captions"):
                    raise error_for(spot, answer)

    async def upload(self, spot: Spot | str, paths: Sequence[Path], *, timeout: float) -> None:
        """Choose files for a file field, or for a button that asks for files (see :mod:`~.given_files`)."""
        wanted = _spot(spot)
        patience = Patience(timeout)
        job = {"spot": asdict(wanted)}
        frame, answer = await self._scripts.find("fileField", job, patience)
        if "wait" in answer:
            raise error_for(wanted, answer)
        element = await self._scripts.element(frame, "fileInput", job, patience.left)
        if element is not None:
            return await element.set_input_files(given(paths))
        async with self._page.expect_file_chooser(timeout=timeout * 1000) as chooser:
            await self.click(wanted, timeout=patience.left)
        return await (await chooser.value).set_files(given(paths))

    async def rows(
        self,
        headers: Sequence[Spot | str],
        *,
        optional: Sequence[Spot | str] = (),
        timeout: float = 0,
        turning: float = 30,
        some: bool = False,
        whole: bool = True,
    ) -> list[TableRow]:
        """The rows of the one list that has these column headers: a table, or what a library draws like one.

        It is read once no request is under way for it, no mask is over it, and it stays the same. Rows that
        are drawn only in view are scrolled through, further pages turned to.

        Args:
            headers: in any order; the list may have more.
            optional: columns that it need not have.
            timeout: how long it is waited for.
            turning: how long each further page is.
            some: wait as long for a first row; a list that stays empty has none.
            whole: False reads the page alone that shows.

        Raises:
            IncompleteList: it has more than could be read.
        """
        columns = ListColumns(tuple(map(_spot, headers)), tuple(map(_spot, optional)))
        async with self._offering("columns"):
            return await self._lists.rows(columns, timeout=timeout, turning=turning, some=some, whole=whole)

    async def settled(self, *, seconds: float) -> None:
        """Wait until the page has drawn what the last act set going and none of its requests is under way.

        Args:
            seconds: how long at most; a page that never rests is left at that.
        """
        patience = Patience(seconds)
        while True:
            begun = self._quiet.begun
            await self._scripts.run(self._page.main_frame, "drawnTwice", {}, patience.left)
            if not await self._quiet.wait(patience.left) or begun == self._quiet.begun:
                return

    @property
    def changes(self) -> int:
        """So many requests that may change something at the portal has the page made."""
        return self._quiet.changes

    async def heads(self) -> list[str]:
        """What heads the columns of the lists that show now."""
        found = [
            await self._scripts.run(frame, "offers", {"sort": "columns"}, 0) for frame in self._scripts.roots
        ]
        return [label for one in found if one for label in one["labels"]]

    async def captions(self, part: str) -> list[str]:
        """The different captions with these words in them, of what can be pushed now."""
        return await self._listed("captionsShown", {"part": part})

    async def folds_away(self, spot: Spot) -> list[str]:
        """The captions of the folded groups, of a tree or a menu, that hold what is not shown now."""
        return await self._listed("foldedHeads", {"names": [spot.label, *spot.aliases]})

    async def _listed(self, script: str, job: Job) -> list[str]:
        found = [await self._scripts.run(frame, script, job, 0) for frame in self._scripts.roots]
        return list(dict.fromkeys(one for answer in found if answer for one in answer["captions"]))

    async def years(self) -> set[int]:
        """Every year that the page names as an application's (2026年度)."""
        found = [await self._scripts.run(frame, "yearsShown", {}, 0) for frame in self._scripts.roots]
        return {year for answer in found if answer for year in answer["years"]}

    async def box(self, spot: Spot | str, *, timeout: float = 0) -> Rectangle | None:
        """Where a control stands in the page's viewport, scrolled into view; None when it is not there."""
        wanted = _spot(spot)
        frame, answer = await self._scripts.find("measure", {"spot": asdict(wanted)}, Patience(timeout))
        if answer.get("wait") == "missing":
            return None
        if "wait" in answer:
            raise error_for(wanted, answer)
        shown = await self._scripts.to_viewport(frame, answer["box"])
        if "wait" in shown:
            raise error_for(wanted, shown)
        return Rectangle(**shown["box"])

    @asynccontextmanager
    async def _offering(self, sort: str) -> AsyncIterator[None]:
        """Have the error about a label that is missing name those that the screen shows: never a value."""
        try:
            yield
        except MissingLabel as missing:
            found = [
                await self._scripts.run(frame, "offers", {"sort": sort}, 0) for frame in self._scripts.roots
            ]
            raise missing.among([label for one in found if one for label in one["labels"]]) from None


def _spot(named: Spot | str) -> Spot:
    return named if isinstance(named, Spot) else Spot(named)
