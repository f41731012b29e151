"""The mock portal as an ASGI application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from mock_portal import control
from mock_portal.henan import entry, home, pending, progress, refund
from mock_portal.henan.visit import Portal
from mock_portal.world import World


class _CachedFiles(StaticFiles):
    """Style sheet, script and pictures: browsers may keep them for a day."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def build_app(world: World, edition: str = "2024", token: str = "") -> Starlette:
    """The portal of an edition over a world.

    Args:
        world: the portal's state, which a test may change while it is served.
        edition: ``2024`` or ``2023``.
        token: what ``X-Mock-Token`` must be for the control API; empty closes all of it but ``hello``.

    Raises:
        ValueError: there is no such edition.
    """
    screens: list[Any] = [
        *entry.ROUTES,
        *home.ROUTES,
        *refund.ROUTES,
        *pending.ROUTES,
        *progress.ROUTES,
    ]
    static = Path(__file__).parent / "henan" / "static"
    app = Starlette(
        routes=[
            *screens,
            Mount(control.PREFIX, routes=control.ROUTES),
            Mount("/static", _CachedFiles(directory=static)),
        ]
    )
    app.state.portal = Portal.of(world, edition)
    app.state.token = token
    return app
