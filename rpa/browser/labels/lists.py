"""Lists with column headers: read whole, over all their pages, and never before they are drawn anew."""

# ruff: noqa: ASYNC109 - the waiting is done in the page, which says afterwards what was missing

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rpa.browser.labels.errors import Answer, error_for
from rpa.browser.labels.page_scripts import Job, PageScripts, Patience
from rpa.browser.labels.spots import ControlKind, Spot, TableRow
from rpa.browser.quiet import Quiet
from rpa.errors import IncompleteList

_MOST_PAGES = 200
"""Further a list is not read: it is none that a person would look through."""

_UNMOVED = 2.0
"""Seconds after which a click on a pager that changed nothing and asked for nothing is made once more."""

_UNCHANGED = 0.5
"""Seconds in which a list that is as it was before the act, or empty, may still change."""
_LOOK = 0.5
"""Seconds of one look for the page that was turned to."""

_MARK = Spot("选择框", kind=ControlKind.CHECKBOX)

Turn = Literal["next", "prev"]
Click = Callable[[Spot, str, Job, float], Awaitable[Answer]]
"""Clicks where a script says; its last answer, where that is about another page of the list."""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """What a list is known by."""

    needed: tuple[Spot, ...]
    optional: tuple[Spot, ...] = ()

    @property
    def job(self) -> dict[str, Any]:
        """For the scripts."""
        return {"headers": _names(self.needed), "optional": _names(self.optional)}

    @property
    def spot(self) -> Spot:
        """For messages."""
        return Spot("、".join(one.label for one in self.needed))


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, as it showed when it stayed the same."""

    rows: Sequence[Mapping[str, Any]]
    total: int | None
    """So many rows the list says it has."""
    number: int | None
    """The page's, where its pager tells."""
    pages: int | None
    next: bool
    """Whether one can go there."""
    prev: bool
    drawn: str
    """What its lines say: to tell another page by."""

    @property
    def last(self) -> bool:
        """Whether the pager says that nothing comes behind it."""
        return not self.next or (self.number is not None and self.number == self.pages)


class Lists:
    """The lists of one page.

    Args:
        scripts: the page's scripts.
        quiet: whether the page waits for data.
        click: how a spot is clicked.

    Every method raises ``PortalChanged`` for a list that is missing or there twice, ``Unavailable`` for one
    that is not drawn in time.
    """

    def __init__(self, scripts: PageScripts, quiet: Quiet, click: Click) -> None:
        self._scripts = scripts
        self._quiet = quiet
        self._click = click
        self._drawn: dict[ListColumns, tuple[int, str]] = {}
        """What was read last, and after which act."""

    async def rows(
        self, columns: ListColumns, *, timeout: float, turning: float, some: bool, whole: bool
    ) -> list[TableRow]:
        """The rows of the one list with these columns; see :meth:`rpa.browser.labels.Labels.rows`.

        Raises:
            IncompleteList: it has more than could be read.
        """
        page = await self._page(columns, Patience(timeout), some=some)
        if page is None:
            return []
        if whole:
            page = await self._first(columns, page, turning)
        found = _rows_of(columns, page, page.number or 1)
        count = 1
        while whole and not page.last and (page.total is None or len(found) < page.total):
            if count == _MOST_PAGES:
                raise IncompleteList(f"超过 {_MOST_PAGES} 页")
            turned = await self._turned(columns, page, "next", turning)
            if turned is None:
                break
            page, count = turned, count + 1
            found += _rows_of(columns, page, page.number or count)
        if whole and page.total is not None and len(found) < page.total:
            raise IncompleteList(f"共 {page.total} 条，只读到 {len(found)} 条")
        return found

    async def _first(self, columns: ListColumns, page: ListPage, turning: float) -> ListPage:
        """Go back to the list's first page: an earlier look may have left it elsewhere."""
        for _ in range(_MOST_PAGES):
            if page.number == 1 or not page.prev:
                return page
            turned = await self._turned(columns, page, "prev", turning)
            if turned is None:
                return page
            page = turned
        raise IncompleteList(f"超过 {_MOST_PAGES} 页")

    async def _page(self, columns: ListColumns, patience: Patience, *, some: bool = False) -> ListPage | None:
        """The page that shows; None: it stays empty."""
        act, before = self._drawn.get(columns, (-1, ""))
        shown = await self._look({**columns.job, "some": some}, columns, patience)
        if isinstance(shown, ListPage):
            as_before = act < self._quiet.acts and (shown.drawn == before or not shown.rows)
            if not as_before or self._quiet.moved:
                return shown
            # Drawn a moment after its answer came, it may yet show what it did before the act, or nothing.
            unlike = {**columns.job, "unlike": shown.drawn}
            while True:
                changed = await self._look(unlike, columns, Patience(min(_UNCHANGED, patience.left)))
                if isinstance(changed, ListPage):
                    return changed
                if changed["wait"] == "same" or patience.left == 0:
                    return shown
        if shown["wait"] == "empty":
            return None
        raise error_for(columns.spot, shown)

    async def _look(self, job: Job, columns: ListColumns, patience: Patience) -> ListPage | Answer:
        """The page, once nothing is under way for it and it stays the same; else what it waits for."""
        while True:
            await self._quiet.wait(patience.left)
            begun = self._quiet.begun
            _, answer = await self._scripts.find("readList", job, patience)
            if "wait" in answer:
                return answer
            page = _page_of(answer)
            over = patience.left == 0
            if self._quiet.now and (begun == self._quiet.begun or over):
                break
            if over and not self._certainly_new(columns, page):
                return {"wait": "busy"}
            if over:
                break
        self._drawn[columns] = (self._quiet.acts, page.drawn)
        return page

    def _certainly_new(self, columns: ListColumns, page: ListPage) -> bool:
        """Whether a list was drawn after the last act, though a request of the page's never ends."""
        act, before = self._drawn.get(columns, (0, ""))
        changed = bool(before) and act < self._quiet.acts and before != page.drawn
        return bool(page.rows) and (changed or self._quiet.new_document)

    async def _turned(
        self, columns: ListColumns, page: ListPage, turn: Turn, seconds: float
    ) -> ListPage | None:
        """Turn the page and read the other one; None when there is none: the same rows stay.

        Raises:
            IncompleteList: the pager says that it is another page, yet nothing else shows.
        """
        patience = Patience(seconds)
        job = {**columns.job, "unlike": page.drawn}
        waits: Answer = {"wait": "same", "page": page.number}
        for _ in range(2):  # a click is sometimes lost on a page that is drawn just then
            begun, waited = self._quiet.begun, Patience(_UNMOVED)
            spot = Spot("下一页" if turn == "next" else "上一页")
            await self._click(spot, "aimTurn", {**columns.job, "turn": turn}, patience.left)
            while patience.left > 0:
                shown = await self._look(job, columns, Patience(min(_LOOK, patience.left)))
                if isinstance(shown, ListPage):
                    return _next_to(page, shown)
                waits = shown
                unmoved = waits["wait"] == "same" and waits["page"] == page.number
                if unmoved and self._quiet.now and waited.left == 0:
                    break
            if self._quiet.begun > begun or patience.left == 0:
                break
        if waits["wait"] != "same":
            raise error_for(columns.spot, waits)
        if waits["page"] != page.number:
            raise IncompleteList(f"第 {waits['page']} 页一直没有显示出来")
        return None

    # --- one row again

    async def click_in(self, row: TableRow, spot: Spot, job: Job, timeout: float) -> None:
        """Click a control in a row, on the page of the list that the row stands on."""
        await self._in_row(row, spot, "aimInRow", job, timeout)

    async def tick(self, row: TableRow, timeout: float) -> None:
        """Mark a row, and see that it is marked.

        Raises:
            Unavailable: the mark does not stay.
        """
        answer: Answer = {}
        for _ in range(2):  # as above
            if "ticked" in await self._in_row(row, _MARK, "aimBoxInRow", {}, timeout):
                return
            job = {**_row_job(row), "clicked": True}
            _, answer = await self._scripts.find("aimBoxInRow", job, Patience(min(timeout, _UNMOVED)))
            if "ticked" in answer:
                return
        raise error_for(_MARK, answer)

    async def _in_row(self, row: TableRow, spot: Spot, main: str, job: Job, timeout: float) -> Answer:
        columns = ListColumns(row.headers, row.optional)
        begun_anew = False
        for _ in range(2 * _MOST_PAGES):
            answer = await self._click(spot, main, {**_row_job(row), **job}, timeout)
            if answer.get("wait") != "page":
                return answer
            page = await self._page(columns, Patience(timeout))
            if page is not None and answer["page"] is None and not begun_anew:
                begun_anew, first = True, await self._first(columns, page, timeout)
                if first is not page:
                    continue
            back = answer["page"] is not None and answer["page"] > row.page
            if page is None or not await self._turned(columns, page, "prev" if back else "next", timeout):
                break
        raise error_for(spot, {"wait": "missing"})


def _names(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    return [{"label": spot.label, "aliases": spot.aliases} for spot in spots]


def _row_job(row: TableRow) -> dict[str, Any]:
    columns = ListColumns(row.headers, row.optional)
    return {**columns.job, "cells": dict(row.cells), "index": row.index, "page": row.page, "key": row.key}


def _page_of(answer: Answer) -> ListPage:
    pager = answer["pager"]
    told = {name: pager[name] for name in ("total", "pages", "next", "prev")}
    return ListPage(answer["rows"], number=pager["page"], drawn=answer["drawn"], **told)


def _rows_of(columns: ListColumns, page: ListPage, number: int) -> list[TableRow]:
    return [
        TableRow(row["cells"], index, columns.needed, columns.optional, number, row["key"])
        for index, row in enumerate(page.rows)
    ]


def _next_to(page: ListPage, turned: ListPage) -> ListPage:
    """The page that was turned to, if no page was skipped."""
    if page.number is not None and turned.number is not None and abs(turned.number - page.number) > 1:
        raise IncompleteList(f"翻页时从第 {page.number} 页跳到了第 {turned.number} 页")
    return turned
