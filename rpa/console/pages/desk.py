"""待办: what waits for a person, and what that person answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace

from sse_starlette import EventSourceResponse, JSONServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.browser.shown_image import MEDIA_TYPES
from rpa.console.context import console_of, page, visitor_of
from rpa.console.endpoints import JsonObject, change_endpoint
from rpa.console.feed.waiting_requests import (
    LeaseHolder,
    arrivals,
    moments_to_look,
    request_list,
    with_seconds_left,
)
from rpa.errors import LedgerDown, UserError
from rpa.ledger.ledger import Ledger
from rpa.operator.desk import answer_request
from rpa.operator.request import Kind, as_answered

_LEASE_SECONDS = 15.0
"""A page that has gone without a word holds its request so long; one that is there renews it."""
_PING_SECONDS = 15
_SEND_SECONDS = 10
_AGAIN_MILLISECONDS = 1000
"""A page that lost us tries again after so long."""
_SERIOUS = frozenset({Kind.APPROVAL, Kind.CLEARING})
"""What cannot be undone at the portal may be taken back here for some seconds."""
_TEXT_LIMIT = 500

_Look = Callable[[Ledger], JsonObject]
_Finish = Callable[[JsonObject], JsonObject]


def _desk(request: Request) -> Response:
    return page(request, "desk.html.j2")


def _events(request: Request) -> Response:
    """The waiting requests as one page sees them."""
    holder = LeaseHolder.of(visitor_of(request).key, request.query_params.get("tab"))
    return _stream(request, "requests", lambda ledger: request_list(ledger, holder), with_seconds_left)


def _arrivals(request: Request) -> Response:
    """How many wait, and the newest: for pages that only count and remind."""
    return _stream(request, "arrivals", arrivals)


def _picture(request: Request) -> Response:
    """The picture by its full name; none where it was replaced or the request is over."""
    picture = None
    with suppress(UserError):  # there is no such request
        picture = console_of(request).ledger.requests.picture(_number(request))
    if picture is None or picture.id != request.query_params.get("id") or picture.type not in MEDIA_TYPES:
        return Response(status_code=404)
    return Response(picture.data, media_type=picture.type)


def _answer(request: Request, posted: JsonObject) -> JsonObject:
    """Hand in an answer; says how it reads now, unless it is a password, and how long it can be undone."""
    console, text, picture_id = console_of(request), posted.get("text"), posted.get("picture_id")
    if not isinstance(text, str) or len(text) > _TEXT_LIMIT:
        raise UserError(f"答复不能超过 {_TEXT_LIMIT} 个字")
    waiting = next((one for one in console.ledger.requests.waiting() if one.id == _number(request)), None)
    if waiting is None:
        raise UserError("这条待办已过期、已撤回或已由别人答复，您的答复没有用上")
    hold = console.settings.console.undo_seconds if waiting.kind in _SERIOUS else 0.0
    answer_request(
        console.ledger.requests,
        replace(waiting, picture_id=picture_id if isinstance(picture_id, str) else None),
        text,
        who=visitor_of(request).name,
        holder=_holder(request, posted),
        hold=hold,
    )
    shown = "" if waiting.kind == Kind.PASSWORD else as_answered(waiting.kind, text)
    return {"text": shown, "undo_seconds": hold}


def _take_back(request: Request, _: JsonObject) -> JsonObject:
    console_of(request).ledger.requests.take_back(_number(request), who=visitor_of(request).name)
    return {}


def _refresh(request: Request, _: JsonObject) -> JsonObject:
    console_of(request).ledger.requests.ask_refresh(_number(request), who=visitor_of(request).name)
    return {}


def _hold(request: Request, posted: JsonObject) -> JsonObject:
    holder = _holder(request, posted)
    if not holder:
        raise UserError("没有说明是哪个页面")
    name = visitor_of(request).name
    console_of(request).ledger.leases.take(_number(request), holder=holder, name=name, seconds=_LEASE_SECONDS)
    return {"seconds": _LEASE_SECONDS}


def _let_go(request: Request, posted: JsonObject) -> JsonObject:
    console_of(request).ledger.leases.release(_number(request), holder=_holder(request, posted))
    return {}


def _number(request: Request) -> str:
    return str(request.path_params["number"])


def _holder(request: Request, posted: JsonObject) -> str:
    """The page that sends it: it names its tab alone, so that nobody speaks for another person."""
    return str(LeaseHolder.of(visitor_of(request).key, posted.get("holder")))


# --- streams


def _stream(request: Request, name: str, look: _Look, finish: _Finish = lambda found: found) -> Response:
    """What a look at the ledger shows, at once and whenever it shows something else."""

    async def events() -> AsyncIterator[JSONServerSentEvent]:
        console, before = console_of(request), None
        async for _ in moments_to_look(console.change_feed):
            if not _still_here(request):
                return
            with suppress(LedgerDown):  # the page goes on showing what it has
                found = await run_in_threadpool(look, console.ledger)
                if found != before:
                    before = found
                    yield JSONServerSentEvent(finish(found), event=name, retry=_AGAIN_MILLISECONDS)

    return EventSourceResponse(events(), ping=_PING_SECONDS, send_timeout=_SEND_SECONDS)


def _still_here(request: Request) -> bool:
    """Whether the session that opened a stream still stands: a stream outlives the check at its beginning."""
    console = console_of(request)
    return console.sessions.visitor(request.cookies.get(console.address.cookie, "")) is not None


ROUTES = [
    Route("/", _desk),
    Route("/requests/events", _events),
    Route("/requests/arrivals", _arrivals),
    Route("/requests/{number:int}/picture", _picture),
    Route("/requests/{number:int}/answer", change_endpoint(_answer), methods=["POST"]),
    Route("/requests/{number:int}/take-back", change_endpoint(_take_back), methods=["POST"]),
    Route("/requests/{number:int}/refresh", change_endpoint(_refresh), methods=["POST"]),
    Route("/requests/{number:int}/hold", change_endpoint(_hold), methods=["POST"]),
    Route("/requests/{number:int}/let-go", change_endpoint(_let_go), methods=["POST"]),
]
