"""What every page of the console is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from rpa.console.access.address import ConsoleAddress
from rpa.console.access.sessions import ConsoleSessions, Visitor
from rpa.console.feed.change_feed import ChangeFeed
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


@dataclass(slots=True)
class Console:
    """The console of one process."""

    settings: Settings
    ledger: Ledger
    """Its own, so that it sees what this process's worker writes."""
    address: ConsoleAddress
    sessions: ConsoleSessions
    change_feed: ChangeFeed
    works: bool = False
    """Whether a worker for everything runs in this process now, so that what is started here is worked on."""


def console_of(request: Request) -> Console:
    """The console that serves a request."""
    return cast("Starlette", request.app).state.console  # type: ignore[no-any-return]


def visitor_of(request: Request) -> Visitor:
    """Who sent a request; the access middleware lets nobody else in, except to log in."""
    return cast("Visitor", request.state.visitor)


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from ``templates/``, with what all of them show.

    Args:
        request: that asks for it.
        template: file name.
        status: of HTTP.
        facts: what this page shows.
    """
    console = console_of(request)
    visitor = request.state.visitor
    shared = {
        "person": visitor.name if visitor else "",
        "path": request.url.path,
        "waiting": len(console.ledger.requests.waiting()) if visitor else 0,
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(**shared, **facts), status)
