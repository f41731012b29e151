"""What is served for this province: the portal, and the identity provider that it sends its visitors to."""

from __future__ import annotations

from collections.abc import Sequence

from mock_portal.guangdong import confirm, identity, login, setup, shell
from mock_portal.guangdong.visit import Guangdong, Identity
from mock_portal.visit import Portal
from mock_portal.world import World


def sites(world: World, edition: str, addresses: Sequence[str]) -> Sequence[Portal]:
    """Both, each knowing the other's address."""
    portal_url, identity_url = addresses
    routes = [*login.ROUTES, *setup.ROUTES, *shell.ROUTES, *confirm.ROUTES]
    return [
        Guangdong(world, edition, routes, identity_url),
        Identity(world, edition, identity.ROUTES, portal_url),
    ]
