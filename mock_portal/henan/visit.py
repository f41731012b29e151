"""The portal of Henan: how it tells that something is wrong, and what its screens share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_portal import visit as serving
from mock_portal.henan.editions import EDITIONS
from mock_portal.visit import NO_STORE, NOT_OFFERED, Portal, page
from mock_portal.world import World

EXPIRED = "未登录或登录超时。请重新登录，谢谢！"


class Henan(Portal):
    """河南省社会保障网上服务平台 in one of its editions."""

    key = "henan"
    package = "mock_portal.henan"
    cookie = "JSESSIONID"

    def __init__(self, world: World, edition: str, routes: Sequence[Route]) -> None:
        super().__init__(world, edition, routes)
        self.edition = EDITIONS[edition]
        self.pages.globals["edition"] = self.edition

    def expired(self, request: Request) -> Response:
        """A page of its own, or what a page's script has to say."""
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return say(EXPIRED, done=False, expired=True)
        return self.render("expired.html", message=EXPIRED)

    def failed(self, request: Request) -> Response:
        """The server's error page."""
        return self.render("error.html", status=500)

    def in_maintenance(self, request: Request, status: int) -> Response:
        """A page, to scripts too."""
        return self.render("maintenance.html", status=status)


Visit: TypeAlias = serving.Visit[Henan]


def say(message: str, *, done: bool, **more: Any) -> JSONResponse:
    """The answer to a script of a page: what the drawn dialog says, and whether it was done."""
    return JSONResponse({"ok": done, "message": message, **more}, headers=NO_STORE)


later = page("later.html", message=NOT_OFFERED)
"""The answer of every link whose screen this mock does not have."""
