"""What is served at one address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import Route

from mock_portal.visit import Portal


@dataclass(frozen=True, slots=True)
class Site:
    """A portal, or what it sends its visitors to, with its pages."""

    portal: Portal
    routes: Sequence[Route]
