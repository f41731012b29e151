"""A batch of fictional employers, filed at mock portals of this process.

Everything stays in the demo's own folder: the user's ledger, evidence and logins are not touched.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import product
from pathlib import Path

from mock_portal.provinces import provinces
from mock_portal.seed import load
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.cli.demo.operator import DemoOperator
from rpa.cli.shared import output
from rpa.cli.shared.options import browser_overrides
from rpa.cli.shared.run_batch import BatchRun, run_with_signals
from rpa.credentials.store import Credential, Credentials, Source
from rpa.engine.batch.data import RunOptions
from rpa.operator.desk import Channel
from rpa.operator.terminal import Terminal
from rpa.settings.portal import PortalSettings
from rpa.settings.settings import Settings, load_settings
from rpa.workbook.samples import sample_rows, sampled_portals
from rpa.workbook.template import write_sample

Portals = Mapping[str, PortalSettings]

_NO_PACE = 10_000


def new_folder(top: Path) -> Path:
    """Make a folder for one demo under ``top``, named by the time."""
    name = datetime.now().strftime("%Y%m%d-%H%M%S")
    number, folder = 1, top / name
    while folder.exists():
        number += 1
        folder = top / f"{name}-{number}"
    folder.mkdir(mode=0o700, parents=True)
    return folder.resolve()


def write_workbook(workbook: Path, count: int) -> Portals:
    """Write a workbook for the portals of which there are a mock and sample rows; returns those portals.

    Args:
        workbook: where it is written.
        count: employers at each portal.
    """
    portals = {key: portal for key, portal in sampled_portals().items() if key in provinces()}
    year = datetime.now().year
    write_sample(workbook, [row for key in portals for row in sample_rows(count, year, key)])
    return portals


def file_workbook(workbook: Path, portals: Portals, arguments: Namespace) -> BatchRun:
    """Run the batch against mock portals that know the workbook's employers.

    Args:
        workbook: of :func:`write_workbook`; everything else is written beside it.
        portals: which it has rows for.
        arguments: of ``rpa demo``.

    Raises:
        UserError: an option is wrong, or the machine lacks something.
    """
    world, folder = World(load(workbook)), workbook.parent
    with ExitStack() as stack:
        mocks = [stack.enter_context(MockPortal(world=world, portal=each)) for each in portals]
        settings = _settings(arguments, folder, mocks)
        _store_logins(folder, world, portals)
        addresses = "，".join(f"{each.province.name} {each.url}" for each in mocks)
        output.note(f"模拟平台已在本机启动：{addresses}")
        channel: Channel = (
            Terminal(who="演示者")
            if arguments.interactive
            # The portals share one world: the first one's control API knows every captcha.
            else DemoOperator(mocks[0].url, mocks[0].token, announce=output.note)
        )
        options = RunOptions(approve="first")
        return asyncio.run(run_with_signals(workbook, settings, options, channels=[channel]))


def _settings(arguments: Namespace, folder: Path, mocks: Sequence[MockPortal]) -> Settings:
    """Everything in the demo's own folder, and no pace: a mock portal is nobody's server."""
    chosen = {} if arguments.concurrency is None else {"concurrency": arguments.concurrency}
    users = load_settings(**browser_overrides(arguments), engine=chosen)
    engine = users.engine
    pace = {"at_once": engine.concurrency or engine.most_at_once, "starts_per_minute": _NO_PACE}
    return load_settings(
        home=folder,
        database_url="",
        evidence_folder=None,
        portals={
            each.portal: {"base_url": each.url, "extra_origins": each.urls[1:], **pace} for each in mocks
        },
        engine={"concurrency": engine.concurrency},
        browser=users.browser.model_dump(),
    )


def _store_logins(folder: Path, world: World, portals: Portals) -> None:
    """The handlers' passwords, in a file of the demo's own: the machine's keyring is left alone."""
    storing = [key for key, portal in portals.items() if any(way.stored for way in portal.logins.values())]
    for key, handler in product(storing, world.people.handlers()):
        login = Credential(handler.account, handler.password)
        Credentials(folder).set(key, handler.account, login, into=Source.FILE)
