"""``rpa doctor``: what this machine has and lacks, and how each lack is mended."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.cli.doctor.checks import Check

_MARKS = {"ok": "正常", "warning": "提醒", "missing": "缺少"}


def configure(parser: Parser) -> None:
    """Whether to install what is missing, how much to print, and whether to leave the portals alone; JSON."""
    parser.add_argument("--fix", action="store_true", help="安装缺少的浏览器和中文字体")
    parser.add_argument("--quiet", action="store_true", help="一切正常时不输出")
    parser.add_argument("--offline", action="store_true", help="不检查平台能否连通")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Examine, mend if asked to, and say what remains."""
    from dataclasses import asdict

    from rpa.cli.doctor.checks import Level, examine
    from rpa.cli.doctor.remedies import mend
    from rpa.privacy.logs import configure_logging
    from rpa.settings.settings import load_settings

    configure_logging(level="WARNING")
    settings = load_settings()
    checks = tuple(examine(settings, offline=arguments.offline))
    if arguments.fix and mend(checks, quiet=arguments.quiet):
        checks = tuple(examine(settings, offline=arguments.offline))
    lacking = [check for check in checks if check.level is Level.MISSING]
    if arguments.json:
        output.document("doctor", {"ok": not lacking, "checks": [asdict(check) for check in checks]})
    elif not arguments.quiet:
        _print(checks)
    else:
        for check in lacking:
            output.note(f"{check.title}：{check.detail}。解决办法：{check.remedy}")
    return ExitCode.ENVIRONMENT if lacking else ExitCode.OK


def _print(checks: Sequence[Check]) -> None:
    broad = max(output.width(check.title) for check in checks)
    for check in checks:
        blank = " " * (broad - output.width(check.title))
        output.say(f"{_MARKS[check.level]}  {check.title}{blank}  {check.detail}")
        if check.remedy:
            output.say(f"      {' ' * broad}  解决办法：{check.remedy}")
