"""The console as an ASGI application: every route, behind the access middleware."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from rpa.console.access.middleware import AccessMiddleware
from rpa.console.context import Console
from rpa.console.pages import batches, desk, filings, login_routes, portals, start
from rpa.errors import LedgerDown, UserError

# Windows asks its registry, which may say text/plain: with nosniff no script would run.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")


def build_app(console: Console) -> ASGIApp:
    """The console's application."""
    static = StaticFiles(directory=Path(__file__).parent / "static")
    app = Starlette(
        routes=[
            *login_routes.ROUTES,
            *desk.ROUTES,
            *batches.ROUTES,
            *filings.ROUTES,
            *portals.ROUTES,
            *start.ROUTES,
            Mount("/static", static),
        ],
        exception_handlers={UserError: _refused},
    )
    app.state.console = console
    return AccessMiddleware(app, address=console.address, sessions=console.sessions)


def _refused(_: Request, error: Exception) -> Response:
    """Why a change was not made, in words that the page's script shows."""
    return JSONResponse({"error": str(error)}, 503 if isinstance(error, LedgerDown) else 409)
