"""The two sites of Guangdong: how they tell that something is wrong, and what their screens share.

Pages fetch what they show. Each answer is ``{"code": 0, "message": "", "data": …}``; any other code means
that it was not done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_portal import visit as serving
from mock_portal.records import Session
from mock_portal.visit import NO_STORE, Portal
from mock_portal.world import World

EXPIRED = "登录已失效，请重新登录"
MAINTENANCE = "系统维护中"
FAILED = "系统异常，请稍后再试"
NO_UNIT = "请先选择办理业务的单位"

REFUSED_CODE, EXPIRED_CODE, FAILED_CODE, MAINTENANCE_CODE = 1, 401, 500, 503


class _Site(Portal):
    """What both sites have in common.

    Args:
        world: the state of all portals.
        edition: the year's version.
        routes: its pages.
        other: the address of the other one, where visitors are sent to and come back from.
    """

    key = "guangdong"
    package = "mock_portal.guangdong"
    title: str

    def __init__(self, world: World, edition: str, routes: Sequence[Route], other: str) -> None:
        super().__init__(world, edition, routes)
        self.other = other

    def expired(self, request: Request) -> Response:
        """A box over an empty page, or what a page's script has to say."""
        if _from_script(request):
            return say(code=EXPIRED_CODE, message=EXPIRED)
        return self.render("expired.html", message=EXPIRED)

    def failed(self, request: Request) -> Response:
        """The server's error page, or an answer that a script can read."""
        if _from_script(request):
            return say(code=FAILED_CODE, message=FAILED, status=500)
        return self.render("error.html", status=500)

    def in_maintenance(self, request: Request, status: int) -> Response:
        """A page, drawn by the script that asked where it was one."""
        if _from_script(request):
            return say(code=MAINTENANCE_CODE, message=MAINTENANCE, status=status)
        return self.render("maintenance.html", status=status)


class Guangdong(_Site):
    """广东省人力资源和社会保障厅网上服务平台."""

    cookie = "GDHRSSSESSION"
    title = "广东省人力资源和社会保障厅网上服务平台"

    def admits(self, session: Session) -> bool:
        """Whether an account has signed in; a handler has perhaps still to choose a unit."""
        return bool(session.login)

    def hello(self) -> Mapping[str, str]:
        """With the identity provider's address."""
        return {**super().hello(), "identity": self.other}


class Identity(_Site):
    """广东省统一身份认证平台, at an origin of its own."""

    cookie = "GDTYRZSESSION"
    title = "广东省统一身份认证平台"


Visit: TypeAlias = serving.Visit[Guangdong]
IdentityVisit: TypeAlias = serving.Visit[Identity]


def _from_script(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def say(data: Any = None, *, code: int = 0, message: str = "", status: int = 200) -> JSONResponse:
    """The answer to a page's script."""
    body = {"code": code, "message": message, "data": {} if data is None else data}
    return JSONResponse(body, status, headers=NO_STORE)


def refuse(message: str) -> JSONResponse:
    """The answer to a page's script: not done, and why."""
    return say(code=REFUSED_CODE, message=message)


def for_unit(handler: Callable[[Visit], Response]) -> Callable[[Visit], Response]:
    """A handler of requests that are a unit's: refused while none has been chosen."""

    def serve(visit: Visit) -> Response:
        return handler(visit) if visit.session.code else refuse(NO_UNIT)

    return serve
