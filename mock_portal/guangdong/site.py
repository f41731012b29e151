"""What is served for Guangdong: the portal, and the identity provider at an origin of its own."""

from __future__ import annotations

from collections.abc import Sequence

from mock_portal.guangdong import confirm, identity, login, setup, shell
from mock_portal.guangdong.visit import Guangdong, Identity
from mock_portal.site import Site
from mock_portal.world import World


def sites(world: World, edition: str, addresses: Sequence[str]) -> Sequence[Site]:
    """Portal and identity provider, each told where the other is."""
    portal_url, identity_url = addresses
    portal = Guangdong(world, edition, identity_url)
    routes = [*login.ROUTES, *setup.ROUTES, *shell.ROUTES, *confirm.ROUTES]
    return [Site(portal, routes), Site(Identity(world, edition, portal_url), identity.ROUTES)]
