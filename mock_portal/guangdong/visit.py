"""The sites of Guangdong: how they tell that something is wrong, and what their screens share.

Pages fetch what they show. Each answer is ``{"code": 0, "message": "", "data": …}``; any other code means
that it was not done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_portal import visit as serving
from mock_portal.guangdong.words import OTHER, phrased
from mock_portal.records import Session
from mock_portal.visit import NO_STORE, Portal, redirect
from mock_portal.world import World

EXPIRED = "登录已失效，请重新登录"
MAINTENANCE = "系统维护中"
FAILED = "系统异常，请稍后再试"
NO_UNIT = "请先选择办理业务的单位"

LOGIN = "/isso/login.html"

REFUSED_CODE, EXPIRED_CODE, FAILED_CODE, MAINTENANCE_CODE = 1, 401, 500, 503


class Addresses(NamedTuple):
    """Where each site is."""

    portal: str
    identity: str
    business: str


class Site(Portal):
    """What the sites have in common.

    Args:
        world: the state of all portals.
        edition: the year's version.
        routes: its pages.
        sites: where all of them are: visitors are sent from one to another.
    """

    key = "guangdong"
    package = "mock_portal.guangdong"
    title: str

    def __init__(self, world: World, edition: str, routes: Sequence[Route], sites: Addresses) -> None:
        super().__init__(world, edition, routes)
        self.sites = sites

    def words(self, own: str) -> str:
        """A message in the phrasing that is set."""
        return phrased(self.world, own)

    @property
    def spa(self) -> bool:
        """Whether pages are made as the real front end is."""
        return self.world.look == "spa"

    @property
    def other_words(self) -> Mapping[str, str]:
        """What the pages' scripts say instead of their own words."""
        return OTHER if self.world.phrasing == "other" else {}

    def expired(self, request: Request) -> Response:
        """A box over an empty page, or what a page's script has to say; the real front end's login page."""
        if _from_script(request):
            return say(code=EXPIRED_CODE, message=self.words(EXPIRED))
        if self.spa:
            return redirect(f"{self.sites.portal}{LOGIN}")
        return self.render("expired.html", message=self.words(EXPIRED))

    def failed(self, request: Request) -> Response:
        """The server's error page, or an answer that a script can read."""
        if _from_script(request):
            return say(code=FAILED_CODE, message=self.words(FAILED), status=500)
        return self.render("error.html", status=500)

    def in_maintenance(self, request: Request, status: int) -> Response:
        """A page, drawn by the script that asked where it was one."""
        if _from_script(request):
            return say(code=MAINTENANCE_CODE, message=self.words(MAINTENANCE), status=status)
        return self.render("maintenance.html", status=status)


class Guangdong(Site):
    """广东省人力资源和社会保障厅网上服务平台."""

    cookie = "GDHRSSSESSION"
    title = "广东省人力资源和社会保障厅网上服务平台"

    def admits(self, session: Session) -> bool:
        """Whether an account has signed in; a handler has perhaps still to choose a unit."""
        return bool(session.login)

    def hello(self) -> Mapping[str, str]:
        """With the addresses of the identity provider and of the business pages."""
        return {**super().hello(), "identity": self.sites.identity, "business": self.sites.business}


class Business(Guangdong):
    """The business pages, on the portal's host at another port: its sessions are the portal's."""

    title = "失业保险业务系统"


class Identity(Site):
    """广东省统一身份认证平台, at an origin of its own."""

    cookie = "GDTYRZSESSION"
    title = "广东省统一身份认证平台"


Visit: TypeAlias = serving.Visit[Guangdong]
IdentityVisit: TypeAlias = serving.Visit[Identity]
AnySite = TypeVar("AnySite", bound=Site)


def _from_script(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def say(data: Any = None, *, code: int = 0, message: str = "", status: int = 200) -> JSONResponse:
    """The answer to a page's script."""
    body = {"code": code, "message": message, "data": {} if data is None else data}
    return JSONResponse(body, status, headers=NO_STORE)


def refuse(visit: serving.Visit[AnySite], message: str) -> JSONResponse:
    """The answer to a page's script: not done, and why."""
    return say(code=REFUSED_CODE, message=visit.portal.words(message))


def for_unit(handler: Callable[[Visit], Response]) -> Callable[[Visit], Response]:
    """A handler of requests that are a unit's: refused while none has been chosen."""

    def serve(visit: Visit) -> Response:
        return handler(visit) if visit.session.code else refuse(visit, NO_UNIT)

    return serve


def by_look(template: str, **values: Any) -> Callable[[serving.Visit[AnySite]], Response]:
    """The handler of a page that is made in two ways: the one under ``spa/`` is made as the real one is.

    Args:
        template: its name.
        values: what stands in it.
    """
    return lambda visit: visit.page(f"spa/{template}" if visit.portal.spa else template, **values)


def listed(visit: Visit, rows: Sequence[Mapping[str, str]]) -> Response:
    """Rows for a page's script: all of them, or the page that it asks for, with how many there are."""
    if not visit.query("page"):
        return say(rows)
    size = int(visit.query("size"))
    start = (int(visit.query("page")) - 1) * size
    return say({"total": len(rows), "rows": rows[start : start + size]})
