"""What a province adds to the mock: its sites, each at an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.routing import Route

from mock_portal.visit import Portal
from mock_portal.world import World


@dataclass(frozen=True, slots=True)
class Site:
    """A portal, or what it sends its visitors to, with its pages."""

    portal: Portal
    routes: Sequence[Route]


@dataclass(frozen=True, slots=True)
class Province:
    """What is served for one province."""

    name: str
    editions: tuple[str, ...]
    """The newest last."""
    origins: tuple[str, ...]
    """What its sites beside the portal are called, in their order; the portal itself comes first, unnamed."""
    sites: Callable[[World, str, Sequence[str]], Sequence[Site]]
    """From a world, an edition and the sites' addresses, in that order."""
