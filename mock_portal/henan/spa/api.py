"""What all requests of the page's script have in common."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words
from mock_portal.records import Draft, Employer
from mock_portal.visit import NO_STORE, route

HALL = "/ehrss-si-enterprise"
XSRF_COOKIE, XSRF_HEADER = "XSRF-TOKEN", "X-XSRF-TOKEN"

Handler = Callable[[Visit], Response]


def call(
    path: str, handler: Handler, place: Place, *, methods: tuple[str, ...] = ("GET",), public: bool = False
) -> Route:
    """A request of the script: whatever is no GET must carry the token of the cookie XSRF-TOKEN (§4).

    Args:
        path: its whole address.
        handler: answers; a ``LookupError`` of it is HTTP 400 with its message.
        place: how faults name it.
        methods: see :func:`mock_portal.visit.route`.
        public: served without a login too.
    """

    def serve(visit: Visit) -> Response:
        token = sha256(visit.session.id.encode()).hexdigest()[:32]
        changes = visit.request.method not in ("GET", "HEAD")
        if changes and visit.request.headers.get(XSRF_HEADER) != token:
            return refuse("Invalid CSRF Token", status=403)
        try:
            response = handler(visit)
        except LookupError as error:
            return refuse(str(error.args[0]))
        if visit.request.cookies.get(XSRF_COOKIE) != token:
            response.set_cookie(XSRF_COOKIE, token, samesite="lax")
        return response

    return route(path, serve, place, methods=methods, public=public)


def answer(data: Any) -> JSONResponse:
    """What was asked for."""
    return JSONResponse(data, headers=NO_STORE)


def refuse(message: str, *, status: int = 400) -> JSONResponse:
    """Not done, and why: the script reads ``message``."""
    return JSONResponse({"message": message}, status, headers=NO_STORE)


def unit(visit: Visit) -> Employer:
    """Whose data it is: the unit that the *script* names, out of its storage, not the session's (§4).

    Raises:
        LookupError: there is no such unit.
    """
    named = [visit.query(name) or visit.field(name) for name in ("companyId", "applicantId")]
    number = next(filter(None, named), "")
    for each in visit.world.known_employers(visit.portal.key):
        if number and each.unit_number == number:
            return each
    raise LookupError(visit.portal.says(Words.UNKNOWN_UNIT))


def draft_of(visit: Visit, draft_id: str) -> Draft:
    """A saved form by its applyId alone, whoever's it is.

    Raises:
        LookupError: there is none.
    """
    for each in visit.world.known_employers(visit.portal.key):
        found = visit.world.draft(each.code, draft_id)
        if found:
            return found
    raise LookupError(visit.portal.says(Words.GONE))
