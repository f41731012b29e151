"""Seeing whether the portal is well: from its front page alone, leaving no trace there."""

from __future__ import annotations

import pytest

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.translate import translated
from rpa.engine.attempt.catalog import province
from rpa.errors import Maintenance, PortalChanged, Stop, Unavailable
from tests.support.portal import portal_at
from tests.support.wire import Wire, nobody_there

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]


async def probe(running: RunningBrowser, url: str, *, seconds: float = 30.0) -> None:
    henan = province("henan")
    with translated():
        async with Session.open(running, portal_at(url, step_seconds=seconds)) as session:
            session.waiter.interruptions = henan.interruptions
            await henan.probe(session)


@pytest.mark.parametrize("edition", ["2024", "2023"])
async def test_a_healthy_portal_is_only_looked_at(running: RunningBrowser, edition: str) -> None:
    with MockPortal(world=World(), edition=edition) as portal:
        await probe(running, portal.url)
        assert portal.world.captchas() == ()
        assert portal.world.journal() == ()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(FaultKind.MAINTENANCE, Place.LANDING, status=503), Maintenance),
        (Fault(FaultKind.MAINTENANCE, Place.LANDING, status=200), Maintenance),
        (Fault(FaultKind.HTTP_500, Place.LANDING), Unavailable),
    ],
)
async def test_an_unwell_portal_is_told(running: RunningBrowser, fault: Fault, error: type[Stop]) -> None:
    with MockPortal(world=World()) as portal:
        portal.world.faults.arm(fault)
        with pytest.raises(error):
            await probe(running, portal.url)
        await probe(running, portal.url)  # the fault is over


async def test_a_portal_that_is_not_there_is_told(running: RunningBrowser) -> None:
    with nobody_there() as url, pytest.raises(Unavailable, match="ERR_CONNECTION_REFUSED"):
        await probe(running, url)


async def test_another_front_page_is_told(running: RunningBrowser) -> None:
    async with Wire({"/": "<h1>网站已改版</h1>"}).listening() as wire:
        with pytest.raises(PortalChanged, match="单位办事通道"):
            await probe(running, wire.url, seconds=4.0)
