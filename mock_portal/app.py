"""The mock portals as an ASGI application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.resources import files

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_portal import control
from mock_portal.provinces import first_portal, province
from mock_portal.visit import Portal
from mock_portal.world import World


class _CachedFiles(StaticFiles):
    """Style sheet, script and pictures: browsers may keep them for a day."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


class _ByPort:
    """One application for each port that the server listens on."""

    def __init__(self, apps: Mapping[int, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)


def build_app(
    world: World,
    edition: str = "",
    token: str = "",
    *,
    portal: str = "",
    addresses: Mapping[int, str] | None = None,
) -> ASGIApp:
    """A portal of an edition over a world.

    Args:
        world: the portal's state, which a test may change while it is served.
        edition: one of the portal's; empty: its newest.
        token: what ``X-Mock-Token`` must be for the control API; empty closes all of it but ``hello``.
        portal: its key; empty: the first one.
        addresses: port → address of each of the portal's sites; needed where there are several.

    Raises:
        ValueError: there is no such edition.
        KeyError: there is no such portal.
    """
    portal = portal or first_portal()
    served_for = province(portal)
    edition = edition or served_for.editions[-1]
    if edition not in served_for.editions:
        raise ValueError(f"no edition {edition!r}; there are {', '.join(served_for.editions)}")
    served = addresses or {0: ""}
    sites = import_module(f"mock_portal.{portal}.site").sites
    apps = [_app(one, token) for one in sites(world, edition, tuple(served.values()))]
    return apps[0] if len(apps) == 1 else _ByPort(dict(zip(served, apps, strict=True)))


def _app(portal: Portal, token: str) -> Starlette:
    mounts: Sequence[Mount] = (
        Mount(control.PREFIX, routes=control.ROUTES),
        Mount("/static", _CachedFiles(directory=str(files(portal.package) / "static"))),
    )
    app = Starlette(routes=[*portal.routes, *mounts])
    app.state.portal = portal
    app.state.token = token
    return app
