"""Fixtures for whoever tests against the mock: ``pytest_plugins = ["mock_portal.pytest_plugin"]``.

``world``, and ``<portal>_portal`` for each portal that there is (``pytest --fixtures`` lists them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mock_portal.provinces import provinces
from mock_portal.server import MockPortal
from mock_portal.world import World


@pytest.fixture
def world() -> World:
    """A world of its own for each test, without employers; no countdown to wait for.

    ``world.look = "classic"`` or ``"spa"`` chooses how its pages are made.
    """
    return World(countdown_seconds=0)


def _serving(key: str) -> Callable[[World], Iterator[MockPortal]]:
    def serve(world: World) -> Iterator[MockPortal]:
        with MockPortal(world=world, portal=key) as portal:
            yield portal

    serve.__doc__ = f"The mock of {key}, newest edition, over ``world``, on free ports of loopback."
    return pytest.fixture(name=f"{key}_portal")(serve)


globals().update({f"{key}_portal": _serving(key) for key in provinces()})
