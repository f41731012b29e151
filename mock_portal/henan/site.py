"""What is served for this province: one site, in one of two looks."""

from __future__ import annotations

from collections.abc import Sequence

from mock_portal.henan import entry, home, pending, progress, refund, spa
from mock_portal.henan.visit import Henan, of_look
from mock_portal.world import World


def sites(world: World, edition: str, _addresses: Sequence[str]) -> Sequence[Henan]:
    """The portal alone."""
    classic = [*entry.ROUTES, *home.ROUTES, *refund.ROUTES, *pending.ROUTES, *progress.ROUTES]
    routes = [*entry.FRONT, *of_look("classic", classic), *of_look("spa", spa.ROUTES)]
    return [Henan(world, edition, routes)]
