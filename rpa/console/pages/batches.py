"""批次: how far each batch is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.console.context import Console, console_of, page
from rpa.console.endpoints import page_endpoint
from rpa.console.pages import batch_actions, changes, results, views
from rpa.console.pages.uploads import Uploads
from rpa.console.tags import batch_tag, moment, portal_tags, progress_tags, row_tag
from rpa.engine.operations.batch_progress import ProgressView, span
from rpa.engine.operations.portal_names import portal_name
from rpa.engine.operations.portal_status import clock, portal_statuses
from rpa.evidence.files import REPORT, payload
from rpa.filing import Verdict
from rpa.ledger.batches.counts import RECENT
from rpa.ledger.data.batches import BatchState, RowFilter
from rpa.ledger.data.fleet import WorkerState

_PAGE = re.compile(r"[0-9]{1,6}")
_BATCHES = 20
_ROWS = 50
"""So many on a page: it stays quick however long the workbook is."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """Turning the pages of a list."""

    number: int
    """Of this page, 1 first."""
    size: int
    total: int
    """Of what is listed."""
    filters: dict[str, str]
    """What else its address has to say."""

    @property
    def last(self) -> int:
        """The last page's number."""
        return max(1, -(-self.total // self.size))

    def to(self, number: int) -> str:
        """The address of another page."""
        return f"?{urlencode({**self.filters, 'page': number})}"


def _page_number(request: Request) -> int:
    asked = request.query_params.get("page", "")
    return max(1, int(asked)) if _PAGE.fullmatch(asked) else 1


@page_endpoint
def _batches(request: Request) -> Response:
    console = console_of(request)
    batches = console.ledger.batches.all()
    number = _page_number(request)
    shown = batches[(number - 1) * _BATCHES : number * _BATCHES]
    looked = [ProgressView(console.ledger.counts.of(batch.id)) for batch in shown]
    return page(
        request,
        "batches.html.j2",
        cards=[(view, batch_tag(view), progress_tags(view.progress)) for view in looked],
        pages=Pagination(number, _BATCHES, len(batches), {}),
        moment=moment,
        idle=idle(console, any(_goes_on(view) for view in looked)),
    )


@page_endpoint
def _batch(request: Request) -> Response:
    console = console_of(request)
    progress = console.ledger.counts.of(request.path_params["id"])
    view = ProgressView(progress)
    requests = [one for one in console.ledger.requests.waiting() if one.batch_id == progress.batch.id]
    return page(
        request,
        "batch.html.j2",
        view=view,
        batch=progress.batch,
        tag=batch_tag(view),
        tags=progress_tags(progress),
        portals=list(_portals(console, view)),
        several=len(progress.portals) > 1,
        pace=_pace(view),
        next_due=clock(progress.next_due),
        workers=workers(console),
        idle=idle(console, _goes_on(view)),
        requests=len(requests),
        again=batch_actions.retry_choices(progress),
        paused=progress.batch.state is BatchState.PAUSED,
        cancelled=progress.batch.state is BatchState.CANCELLED,
        uncertain=progress.verdicts.get(Verdict.UNCONFIRMED, 0),
        submitted=sum(progress.verdicts.get(one, 0) for one in Verdict if one.final),
        actions=console.ledger.actions.newest(progress.batch.id, limit=20),
        report=(payload(console.settings.evidence_root / progress.batch.id) / REPORT).is_file(),
        here=progress.batch.workbook.is_file(),
        upload=Uploads(console.settings.home, console.settings.workbook).of(progress.batch.workbook),
        moment=moment,
        clock=clock,
        **_rows(request, console, progress.batch.id),
    )


def workers(console: Console) -> Sequence[WorkerState]:
    """Whoever works now."""
    return console.ledger.workers.living(console.settings.engine.dead_seconds)


def idle(console: Console, to_do: bool) -> bool:  # noqa: FBT001 - a word for it would say nothing more
    """Whether there is something to do and nobody does it."""
    return to_do and not workers(console)


def _goes_on(view: ProgressView) -> bool:
    return not view.ended and view.progress.batch.state is BatchState.ACTIVE


def _pace(view: ProgressView) -> str:
    if not view.rate or view.ended:
        return ""
    lately = f"近 {RECENT.total_seconds() / 60:.0f} 分钟每分钟 {view.rate:.1f} 户"
    return lately + (f"，预计还要 {span(view.minutes_left)}" if view.minutes_left else "")


def _portals(console: Console, view: ProgressView) -> Iterator[dict[str, Any]]:
    """Each portal of a batch: its name, what its rows are at, and what holds it up."""
    known = {one.state.portal: one for one in portal_statuses(console.ledger.portals, console.settings)}
    for key, counts in sorted(view.progress.portals.items()):
        standing = known.get(key)
        tags = portal_tags(counts)
        ended = sum(tag.number for tag in tags if tag.kind in Verdict.__members__)
        yield {
            "name": portal_name(console.settings, key),
            "tags": tags,
            "done": ended,
            "total": sum(counts.values()),
            "held": standing.text() if standing and standing.text() != "正常" else "",
        }


def _rows(request: Request, console: Console, batch_id: str) -> dict[str, Any]:
    kind, text = (request.query_params.get(name, "").strip() for name in ("kind", "q"))
    number, wanted = _page_number(request), RowFilter(kind, text)
    named = partial(portal_name, console.settings)
    skip = (number - 1) * _ROWS
    rows, total = console.ledger.rows.find(batch_id, wanted, portal_name=named, skip=skip, most=_ROWS)
    filters = {name: value for name, value in (("kind", kind), ("q", text)) if value}
    return {
        "rows": [(row.status, row_tag(row)) for row in rows],
        "pages": Pagination(number, _ROWS, total, filters),
        "kind": kind,
        "text": text,
    }


ROUTES = [
    Route("/batches", _batches),
    Route("/batches/{id}", _batch),
    *batch_actions.ROUTES,
    *changes.ROUTES,
    *results.ROUTES,
    *views.ROUTES,
]
