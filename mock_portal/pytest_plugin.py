"""Fixtures for whoever tests against the mock: ``pytest_plugins = ["mock_portal.pytest_plugin"]``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_portal.server import MockPortal
from mock_portal.world import World


@pytest.fixture
def world() -> World:
    """A world of its own for each test, without employers; no countdown to wait for."""
    return World(countdown_seconds=0)


@pytest.fixture
def henan_portal(world: World) -> Iterator[MockPortal]:
    """The Henan portal, edition 2024, over that world, on a free port of loopback."""
    with MockPortal(world=world) as portal:
        yield portal


@pytest.fixture
def guangdong_portal(world: World) -> Iterator[MockPortal]:
    """The Guangdong portal over that world, and its identity provider at ``identity_url``."""
    with MockPortal(world=world, portal="guangdong") as portal:
        yield portal
