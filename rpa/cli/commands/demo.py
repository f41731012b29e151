"""``rpa demo``: the whole job once, for fictional employers at the mock portal."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_browser_options
from rpa.cli.shared.parser import Parser
from rpa.cli.shared.portal_examples import sampled_names

FOLDER = Path("稳岗返还演示")
EMPLOYERS = 6


def configure(parser: Parser) -> None:
    """Who answers, how many employers, where the files stay; the browser; JSON."""
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
    """Write a sample workbook, start the mock portals, file, and report."""
    from rpa.cli.demo.rehearsal import file_workbook, new_folder, write_workbook
    from rpa.cli.shared.batch_report import report
    from rpa.errors import UserError
    from rpa.privacy.logs import configure_logging

    if arguments.count < 1:
        raise UserError("--count 至少为 1")
    configure_logging(level="WARNING")
    workbook = new_folder(arguments.keep) / "稳岗返还示例.xlsx"
    portals = write_workbook(workbook, arguments.count)
    names = "、".join(portal.name for portal in portals.values())
    output.note(f"示例工作簿（{names}各 {arguments.count} 户虚构单位）：{workbook}")
    batch_run = file_workbook(workbook, portals, arguments)
    code = report(batch_run.result, as_json=arguments.json)
    return ExitCode.INTERRUPTED if batch_run.interruptions else code
