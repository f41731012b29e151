"""How a request is served at any portal: who asks, which fault strikes, what the answer looks like."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mock_portal.faults import FaultKind, Place
from mock_portal.records import Employer, Session
from mock_portal.world import World

NOT_OFFERED = "模拟平台暂未提供此功能"
NO_STORE = {"Cache-Control": "no-store"}
"""Headers of what no cache keeps."""
_CHANGING = ("POST", "PUT", "DELETE")
"""Methods whose requests carry something."""
_STUCK = b"<script>setTimeout(() => { for (;;); }, 50)</script>"
"""At a page's end: it is drawn first."""


class Portal(ABC):
    """One site that is served: its pages over a world, and how it says that something is wrong.

    Args:
        world: the state of all portals.
        edition: the year's version.
        routes: its pages.
    """

    key: ClassVar[str]
    """What employers and the control API call it."""
    package: ClassVar[str]
    """Where its templates are."""

    def __init__(self, world: World, edition: str, routes: Sequence[Route]) -> None:
        self.world = world
        self.year = edition
        self.routes = routes
        self.pages = Environment(
            loader=PackageLoader(self.package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.pages.policies["json.dumps_kwargs"] = {"ensure_ascii": False}

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A template as an answer that no cache keeps."""
        html = self.pages.get_template(template).render(world=self.world, portal=self, **values)
        return HTMLResponse(html, status, NO_STORE)

    def hello(self) -> Mapping[str, str]:
        """What the control API says of it to whoever asks."""
        return {"portal": self.key, "edition": self.year}

    @property
    @abstractmethod
    def cookie(self) -> str:
        """The session's, of its own: browsers do not tell the ports of one host apart."""

    def admits(self, session: Session) -> bool:
        """Whether somebody has signed in."""
        return bool(session.code)

    @abstractmethod
    def expired(self, request: Request) -> Response:
        """The answer to a request without a login."""

    @abstractmethod
    def failed(self, request: Request) -> Response:
        """The answer with HTTP 500."""

    @abstractmethod
    def in_maintenance(self, request: Request, status: int) -> Response:
        """系统维护中, with that HTTP status."""


P = TypeVar("P", bound=Portal)


@dataclass
class Visit(Generic[P]):
    """One request and what its handler needs to answer it."""

    request: Request
    portal: P
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
        employer = self.known(self.session.code)
        if employer is None:
            raise LookupError("nobody is signed in")
        return employer

    def known(self, code: str) -> Employer | None:
        """The employer of a credit code, if this portal knows it."""
        return self.world.employer(code, self.portal.key)

    def field(self, name: str) -> str:
        """A field of the form, without surrounding spaces."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def query(self, name: str) -> str:
        """A value of the address's query."""
        return self.request.query_params.get(name, "").strip()

    def page(self, template: str, **values: Any) -> HTMLResponse:
        """A page of the portal."""
        return self.portal.render(template, **values)


def route(
    path: str,
    handler: Callable[[Visit[P]], Response],
    place: Place,
    *,
    methods: tuple[str, ...] = ("GET",),
    public: bool = False,
) -> Route:
    """A page or action of a portal, at a place where faults can strike.

    Args:
        path: its address.
        handler: does the work and answers.
        place: how faults name it.
        methods: GET serves HEAD too.
        public: served without a login too.
    """

    async def serve(request: Request) -> Response:
        portal: P = request.app.state.portal
        sessions = portal.world.sessions
        cookie = request.cookies.get(portal.cookie)
        session = sessions.get(cookie)
        code = session.code if session else ""
        unwell = await _strike(request, portal, place, code)
        if unwell:
            return unwell
        expires = portal.world.faults.take(FaultKind.SESSION_EXPIRY, place, code)
        if session and expires:
            sessions.end(session.id)
        session = None if expires else session
        if not public:
            sessions.note_use(cookie, session)
        admitted = session is not None and portal.admits(session)
        if (not admitted and not public) or sessions.retired(cookie):
            return portal.expired(request)
        return await _answer(Visit(request, portal, session or sessions.new()), handler, place)

    return Route(path, serve, methods=list(methods))


async def _answer(visit: Visit[P], handler: Callable[[Visit[P]], Response], place: Place) -> Response:
    code, faults = visit.session.code, visit.world.faults
    if visit.request.method in _CHANGING:
        visit.form = await _form(visit.request)
        visit.pretends = faults.take(FaultKind.SUCCESS_WITHOUT_COMMIT, place, code) is not None
        visit.beside = faults.take(FaultKind.DUPLICATE_ROW, place, code) is not None
    response = handler(visit)
    await visit.form.close()
    if response.media_type == "text/html" and faults.take(FaultKind.STUCK, place, code):
        response.body = bytes(response.body) + _STUCK
        response.headers["content-length"] = str(len(response.body))
    if faults.take(FaultKind.ANSWER_LOST_AFTER_COMMIT, place, code):
        _reset_connection(visit.request)
    if visit.request.cookies.get(visit.portal.cookie) != visit.session.id:
        response.set_cookie(visit.portal.cookie, visit.session.id, httponly=True, samesite="lax")
    return response


async def _form(request: Request) -> FormData:
    """What a form or a script sent; of a script's JSON the texts and lists of texts."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return await request.form()
    sent = await request.json()
    texts = ((name, value if isinstance(value, list) else [value]) for name, value in sent.items())
    return FormData([(name, each) for name, several in texts for each in several if isinstance(each, str)])


async def _strike(request: Request, portal: Portal, place: Place, code: str) -> Response | None:
    """Faults that come before any work is done."""
    faults = portal.world.faults
    if late := faults.take(FaultKind.LATENCY, place, code):
        await asyncio.sleep(late.milliseconds / 1000)  # the fault itself: nothing is being waited for
    if faults.take(FaultKind.HTTP_500, place, code):
        return portal.failed(request)
    if maintenance := faults.take(FaultKind.MAINTENANCE, place, code):
        return portal.in_maintenance(request, maintenance.status)
    return None


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


def page(template: str, **values: Any) -> Callable[[Visit[Any]], Response]:
    """The handler of a page that says the same to everybody.

    Args:
        template: its name.
        values: what stands in it.
    """
    return lambda visit: visit.page(template, **values)


def redirect(address: str) -> RedirectResponse:
    """Go on to another page, by GET."""
    return RedirectResponse(address, 303)


def picture(png: bytes) -> Response:
    """A picture that no cache keeps."""
    return Response(png, media_type="image/png", headers=NO_STORE)


def captcha(visit: Visit[P]) -> Response:
    """The handler of a login page's captcha: a new one each time."""
    return picture(visit.world.sessions.new_captcha(visit.session))
