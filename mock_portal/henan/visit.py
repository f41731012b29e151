"""The portal of Henan: its two looks, how it tells that something is wrong, and what its screens share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from mock_portal import visit as serving
from mock_portal.henan.editions import EDITIONS
from mock_portal.henan.words import CLASSIC_SCRIPT, Words
from mock_portal.visit import NO_STORE, NOT_OFFERED, Portal, page
from mock_portal.world import REFUND, World

COOKIES = {"classic": "JSESSIONID", "spa": "SESSION"}
"""Look → its session's cookie (that of the public front end: §4)."""


class Henan(Portal):
    """河南省社会保障网上服务平台 in one of its editions."""

    key = "henan"
    package = "mock_portal.henan"

    def __init__(self, world: World, edition: str, routes: Sequence[Route]) -> None:
        super().__init__(world, edition, routes)
        self.edition = EDITIONS[edition]
        self.pages.globals |= {"edition": self.edition, "Words": Words}

    @property
    def look(self) -> str:
        """``classic`` or ``spa``: the world's switch, or else what the edition usually has."""
        return self.world.look or self.edition.look

    @property
    def cookie(self) -> str:
        """The session's, which differs with the look."""
        return COOKIES[self.look]

    def says(self, words: Words, *inserted: str) -> str:
        """A message in the phrasing that the world is set to."""
        return words.said(self.world.phrasing).format(*inserted)

    def script_words(self, names: Iterable[str] = CLASSIC_SCRIPT) -> Mapping[str, str]:
        """What a page's script says: name → message."""
        return {name: Words[name].said(self.world.phrasing) for name in names}

    def item_name(self, item: str) -> str:
        """What this edition calls an item."""
        return self.edition.refund_name if item == REFUND else item

    def expired(self, request: Request) -> Response:
        """A page of its own, or what a page's script has to say."""
        if self.look == "spa":
            return say("", done=False, status=401)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return say(self.says(Words.EXPIRED), done=False, expired=True)
        return self.render("expired.html")

    def failed(self, request: Request) -> Response:
        """The server's error page."""
        return self.render("error.html", status=500)

    def in_maintenance(self, request: Request, status: int) -> Response:
        """A page, to scripts too."""
        return self.render("maintenance.html", status=status)


Visit: TypeAlias = serving.Visit[Henan]


class _OfLook(Route):
    """A route that is there while the portal has its look."""

    look: str

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["app"].state.portal.look != self.look:
            return Match.NONE, {}
        return super().matches(scope)


def of_look(look: str, routes: Iterable[Route]) -> Sequence[Route]:
    """The same routes, unknown while the portal has another look."""
    found = []
    for each in routes:
        made = _OfLook(each.path, each.endpoint, methods=sorted(each.methods or ()))
        made.look = look
        found.append(made)
    return found


def say(message: str, *, done: bool, status: int = 200, **more: Any) -> JSONResponse:
    """The answer to a script of a page: what the drawn dialog says, and whether it was done."""
    return JSONResponse({"ok": done, "message": message, **more}, status, headers=NO_STORE)


later = page("later.html", message=NOT_OFFERED)
"""The answer of every link whose screen this mock does not have."""
