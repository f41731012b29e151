"""平台: how each portal stands, how many filings it may get, and who works."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.console.context import console_of, page, visitor_of
from rpa.console.endpoints import JsonObject, change_endpoint, page_endpoint, words_of
from rpa.console.pages import pausing
from rpa.console.pages.batches import workers
from rpa.console.tags import moment
from rpa.engine.operations.portal_status import PortalStatus, clock, portal_statuses
from rpa.engine.operations.target import Target
from rpa.errors import UserError
from rpa.filing import PortalKey
from rpa.ledger.ledger import Ledger


@page_endpoint
def _portals(request: Request) -> Response:
    console = console_of(request)
    running = console.ledger.counts.running_by_portal()
    return page(
        request,
        "portals.html.j2",
        portals=[
            (
                one,
                console.settings.portals.get(PortalKey(one.state.portal).name),
                running.get(one.state.portal, 0),
                _tone(one),
            )
            for one in portal_statuses(console.ledger.portals, console.settings)
        ],
        workers=workers(console),
        works=console.works,
        actions=[one for one in console.ledger.actions.newest(limit=100) if one.portal][:10],
        clock=clock,
        moment=moment,
    )


def _tone(standing: PortalStatus) -> str:
    if standing.state.paused_at:
        return "bad"
    return "warn" if standing.opens_at else "good"


@change_endpoint
def _pause(request: Request, posted: JsonObject) -> JsonObject:
    return pausing.pause(*_target(request, posted))


@change_endpoint
def _resume(request: Request, posted: JsonObject) -> JsonObject:
    return pausing.resume(*_target(request, posted))


def _target(request: Request, posted: JsonObject) -> tuple[Ledger, Target, str]:
    console, key = console_of(request), words_of(posted, "portal")
    for one in portal_statuses(console.ledger.portals, console.settings):
        if one.state.portal == key:
            return console.ledger, Target(key, f"平台“{one.name}”"), visitor_of(request).name
    raise UserError("没有这个平台")


ROUTES = [
    Route("/portals", _portals),
    Route("/portals/pause", _pause, methods=["POST"]),
    Route("/portals/resume", _resume, methods=["POST"]),
]
