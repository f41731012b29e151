"""What is served for this province: the portal, its identity provider, and the business pages' own port."""

from __future__ import annotations

from collections.abc import Sequence

from mock_portal.guangdong import confirm, identity, login, setup, shell
from mock_portal.guangdong.visit import Addresses, Business, Guangdong, Identity
from mock_portal.visit import Portal
from mock_portal.world import World


def sites(world: World, edition: str, addresses: Sequence[str]) -> Sequence[Portal]:
    """All three, each knowing the others' addresses."""
    known = Addresses(*addresses)
    routes = [*login.ROUTES, *setup.ROUTES, *shell.ROUTES, *confirm.ROUTES]
    return [
        Guangdong(world, edition, routes, known),
        Identity(world, edition, identity.ROUTES, known),
        Business(world, edition, confirm.ROUTES, known),
    ]
