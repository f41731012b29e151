"""The unit's home (H6), the shell around the business pages, and the list of items (H7)."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit, later
from mock_portal.henan.words import Words
from mock_portal.visit import NOT_OFFERED, redirect, route

FRAMES = {
    "items": "/unit/items",
    "pending": "/unit/pending",
    "progress": "/unit/progress",
    "later": "/unit/later",
}
"""What the shell can show → the page in its frame."""


def _home(visit: Visit) -> Response:
    month = f"{visit.world.clock.now():%Y%m}"
    filed = visit.world.filings(visit.employer.code, portal="henan")
    filings = [each for each in filed if f"{each.accepted_at:%Y%m}" == month]
    states = [each.handling for each in filings]
    counters = {
        "审核中业务": states.count("待办理") + states.count("审核中"),
        "审核通过业务": states.count("已通过"),
        "审核退回业务": states.count("审核退回"),
    }
    return visit.page(
        "home.html",
        employer=visit.employer,
        pending=len(visit.world.drafts(visit.employer.code)),
        counters=counters,
        month=month,
        not_offered=NOT_OFFERED,
    )


def _shell(visit: Visit) -> Response:
    shown = visit.query("to") or "items"
    if shown not in FRAMES:
        return redirect("/unit/home")
    return visit.page("shell.html", employer=visit.employer, frame=FRAMES[shown], shown=shown, frames=FRAMES)


def _items(visit: Visit) -> Response:
    refusal = visit.portal.says(Words.ITEM_REFUSED)
    return visit.page("items.html", items=visit.portal.edition.items, refusal=refusal)


ROUTES: list[Route] = [
    route("/unit/home", _home, Place.HOME),
    route("/unit/main", _shell, Place.HOME),
    route("/unit/items", _items, Place.ITEMS),
    route("/unit/later", later, Place.ITEMS),
]
