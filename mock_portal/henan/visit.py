"""How a request is served: who asks, which fault strikes, what the answer looks like."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mock_portal.faults import FaultKind, Place
from mock_portal.henan.editions import EDITIONS, Edition
from mock_portal.records import Employer, Session
from mock_portal.world import World

COOKIE = "JSESSIONID"
EXPIRED = "未登录或登录超时。请重新登录，谢谢！"
NOT_OFFERED = "模拟平台暂未提供此功能"


@dataclass(frozen=True)
class Portal:
    """The portal that an app serves."""

    world: World
    edition: Edition
    pages: Environment

    @classmethod
    def of(cls, world: World, edition: str) -> Portal:
        """A portal of an edition (``2023`` or ``2024``).

        Raises:
            ValueError: there is no such edition.
        """
        if edition not in EDITIONS:
            raise ValueError(f"no edition {edition!r}; there are {', '.join(EDITIONS)}")
        pages = Environment(
            loader=PackageLoader("mock_portal.henan"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        pages.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        return cls(world, EDITIONS[edition], pages)


@dataclass
class Visit:
    """One request and what its handler needs to answer it."""

    request: Request
    portal: Portal
    session: Session
    form: FormData = field(default_factory=FormData)
    pretends: bool = False
    """The fault SUCCESS_WITHOUT_COMMIT strikes: answer as if it was done, and do nothing."""
    beside: bool = False
    """The fault DUPLICATE_ROW strikes."""

    @property
    def world(self) -> World:
        """The portal's state."""
        return self.portal.world

    @property
    def employer(self) -> Employer:
        """The employer that is signed in."""
        employer = self.world.employer(self.session.code)
        if employer is None:
            raise LookupError("nobody is signed in")
        return employer

    def field(self, name: str) -> str:
        """A field of the form, without surrounding spaces."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def query(self, name: str) -> str:
        """A value of the address's query."""
        return self.request.query_params.get(name, "").strip()

    def page(self, template: str, **values: Any) -> HTMLResponse:
        """A page of the portal."""
        return render(self.portal, template, **values)


Handler = Callable[[Visit], Response]


def render(portal: Portal, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer that no cache keeps."""
    html = portal.pages.get_template(template).render(world=portal.world, edition=portal.edition, **values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def say(message: str, *, done: bool, **more: Any) -> JSONResponse:
    """The answer to a script of a page: what the drawn dialog says, and whether it was done."""
    return JSONResponse({"ok": done, "message": message, **more}, headers={"Cache-Control": "no-store"})


def route(
    path: str, handler: Handler, place: Place, *, methods: tuple[str, ...] = ("GET",), public: bool = False
) -> Route:
    """A page or action of the portal, at a place where faults can strike.

    Args:
        path: its address.
        handler: does the work and answers.
        place: how faults name it.
        methods: GET serves HEAD too.
        public: served without a login too.
    """

    async def serve(request: Request) -> Response:
        portal: Portal = request.app.state.portal
        session = portal.world.session(request.cookies.get(COOKIE))
        code = session.code if session else ""
        unwell = await _strike(request, portal, place, code)
        if unwell:
            return unwell
        expires = portal.world.faults.take(FaultKind.SESSION_EXPIRY, place, code)
        if session and expires:
            portal.world.end_session(session.id)
        if (expires or not code) and not public:
            return _expired(request, portal)
        visit = Visit(request, portal, session if session and not expires else portal.world.new_session())
        return await _answer(visit, handler, place)

    return Route(path, serve, methods=list(methods))


async def _answer(visit: Visit, handler: Handler, place: Place) -> Response:
    code, faults = visit.session.code, visit.world.faults
    if visit.request.method == "POST":
        visit.form = await visit.request.form()
        visit.pretends = faults.take(FaultKind.SUCCESS_WITHOUT_COMMIT, place, code) is not None
        visit.beside = faults.take(FaultKind.DUPLICATE_ROW, place, code) is not None
    response = handler(visit)
    await visit.form.close()
    if faults.take(FaultKind.ANSWER_LOST_AFTER_COMMIT, place, code):
        _reset_connection(visit.request)
    if visit.request.cookies.get(COOKIE) != visit.session.id:
        response.set_cookie(COOKIE, visit.session.id, httponly=True, samesite="lax")
    return response


async def _strike(request: Request, portal: Portal, place: Place, code: str) -> Response | None:
    """Faults that come before any work is done."""
    faults = portal.world.faults
    if late := faults.take(FaultKind.LATENCY, place, code):
        await asyncio.sleep(late.milliseconds / 1000)  # the fault itself: nothing is being waited for
    if faults.take(FaultKind.HTTP_500, place, code):
        return render(portal, "error.html", status=500)
    if maintenance := faults.take(FaultKind.MAINTENANCE, place, code):
        return render(portal, "maintenance.html", status=maintenance.status)
    return None


def _expired(request: Request, portal: Portal) -> Response:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return say(EXPIRED, done=False, expired=True)
    return render(portal, "expired.html", message=EXPIRED)


def _reset_connection(request: Request) -> None:
    """Drop the connection with a TCP reset, as a server or a proxy that dies does.

    Raises:
        ConnectionResetError: the server does not hand out its transport (a test client without a socket).
    """
    state: Mapping[str, Any] = request.scope.get("state", {})
    transport = state.get("transport")
    if transport is None:
        raise ConnectionResetError("the answer is lost")
    linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


def redirect(path: str) -> RedirectResponse:
    """Go on to another page, by GET."""
    return RedirectResponse(path, 303)


def later(visit: Visit) -> Response:
    """The answer of every link whose screen this mock does not have."""
    return visit.page("later.html", message=NOT_OFFERED)
