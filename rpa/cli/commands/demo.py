"""``rpa demo``: the whole job once, for fictional employers at the mock portal."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.options import add_browser_options, browser_overrides
from rpa.cli.shared.parser import Parser
from rpa.cli.shared.portal_examples import sampled_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mock_portal.server import MockPortal
    from mock_portal.world import World
    from rpa.cli.shared.signals import Interruptions
    from rpa.engine.batch.records import BatchResult
    from rpa.settings.settings import PortalSettings, Settings

    Portals = Mapping[str, PortalSettings]

FOLDER = Path("稳岗返还演示")
EMPLOYERS = 6
_NO_PACE = 10_000


def configure(parser: Parser) -> None:
    """Its options."""
    parser.add_argument("--interactive", action="store_true", help="验证码和提交前确认由您本人在终端答复")
    parser.add_argument(
        "--count",
        metavar="N",
        type=int,
        default=EMPLOYERS,
        help=f"{'、'.join(sampled_names())}各有几户虚构单位（默认 {EMPLOYERS}）",
    )
    parser.add_argument(
        "--keep",
        metavar="DIR",
        type=Path,
        default=FOLDER,
        help=f"演示的文件放在哪个文件夹，每次演示一个子文件夹（默认 {FOLDER}）",
    )
    add_browser_options(parser)
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Write a sample workbook, start the mock portals, file, and report.

    Everything stays in the demo's own folder: the user's ledger and evidence are not touched.
    """
    from rpa.cli.shared.batch_report import report
    from rpa.cli.shared.exit_codes import ExitCode
    from rpa.errors import UserError
    from rpa.privacy.logs import configure_logging

    if arguments.count < 1:
        raise UserError("--count 至少为 1")
    configure_logging(level="WARNING")
    folder = _new_folder(arguments.keep)
    workbook = folder / "稳岗返还示例.xlsx"
    shown = write_workbook(workbook, arguments.count)
    names = "、".join(portal.name for portal in shown.values())
    output.note(f"示例工作簿（{names}各 {arguments.count} 户虚构单位）：{workbook}")
    result, interruptions = _file(arguments, folder, workbook, shown)
    code = report(result, as_json=arguments.json)
    return ExitCode.INTERRUPTED if interruptions else code


def _new_folder(top: Path) -> Path:
    """A folder of this demo's own under ``top``, named by the time."""
    name = datetime.now().strftime("%Y%m%d-%H%M%S")
    number, folder = 1, top / name
    while folder.exists():
        number += 1
        folder = top / f"{name}-{number}"
    folder.mkdir(mode=0o700, parents=True)
    return folder.resolve()


def write_workbook(workbook: Path, count: int) -> Portals:
    """So many employers at each portal of which there are a mock and samples; returns the portals."""
    from mock_portal.provinces import provinces
    from rpa.workbook.samples import sample_rows, sampled_portals
    from rpa.workbook.template import write_sample

    portals = {key: portal for key, portal in sampled_portals().items() if key in provinces()}
    year = datetime.now().year
    write_sample(workbook, [row for key in portals for row in sample_rows(count, year, key)])
    return portals


def _file(
    arguments: Namespace, folder: Path, workbook: Path, shown: Portals
) -> tuple[BatchResult, Interruptions]:
    """Run the batch against mock portals that know the workbook's employers."""
    import asyncio
    from contextlib import ExitStack

    from mock_portal.seed import load
    from mock_portal.server import MockPortal
    from mock_portal.world import World
    from rpa.cli.shared.demo_operator import DemoOperator
    from rpa.cli.shared.run_batch import batch_with_signals
    from rpa.engine.batch.records import RunOptions
    from rpa.operator.desk import Channel
    from rpa.operator.terminal import Terminal

    world = World(load(workbook))
    with ExitStack() as stack:
        portals = [stack.enter_context(MockPortal(world=world, portal=each)) for each in shown]
        settings = _settings(arguments, folder, portals)
        _store_logins(folder, world, shown)
        addresses = "，".join(f"{each.province.name} {each.url}" for each in portals)
        output.note(f"模拟平台已在本机启动：{addresses}")
        channel: Channel = (
            Terminal(who="演示者")
            if arguments.interactive
            # The portals share one world: the first one's control API knows every captcha.
            else DemoOperator(portals[0].url, portals[0].token, announce=output.note)
        )
        options = RunOptions(approve="first")
        return asyncio.run(batch_with_signals(workbook, settings, options, channels=[channel]))


def _settings(arguments: Namespace, folder: Path, portals: Sequence[MockPortal]) -> Settings:
    """Everything in the demo's own folder, and no pace: a mock portal is nobody's server."""
    from rpa.settings.settings import load_settings

    chosen = {} if arguments.concurrency is None else {"concurrency": arguments.concurrency}
    users = load_settings(**browser_overrides(arguments), engine=chosen)
    engine = users.engine
    pace = {"at_once": engine.concurrency or engine.most_at_once, "starts_per_minute": _NO_PACE}
    return load_settings(
        home=folder,
        database_url="",
        evidence_folder=None,
        portals={
            each.portal: {"base_url": each.url, "extra_origins": each.urls[1:], **pace} for each in portals
        },
        engine={"concurrency": engine.concurrency},
        browser=users.browser.model_dump(),
    )


def _store_logins(folder: Path, world: World, shown: Portals) -> None:
    """The handlers' passwords, in a file of the demo's own: the machine's keyring is left alone."""
    from rpa.credentials.store import Credential, Credentials, Source

    storing = [key for key, portal in shown.items() if any(way.stored for way in portal.logins.values())]
    for key, handler in product(storing, world.people.handlers()):
        login = Credential(handler.account, handler.password)
        Credentials(folder).set(key, handler.account, login, into=Source.FILE)
