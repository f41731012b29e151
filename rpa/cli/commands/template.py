"""``rpa template``: an empty workbook to fill in."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser


def configure(parser: Parser) -> None:
    """Where the workbook is written, and whether over an existing file."""
    parser.add_argument("out", metavar="OUT.xlsx", type=Path, help="写到哪个文件")
    parser.add_argument("--force", action="store_true", help="文件已存在时覆盖")


def run(arguments: Namespace) -> int:
    """Write the workbook; an existing file is left alone unless told otherwise."""
    from rpa.errors import UserError
    from rpa.settings.settings import load_settings
    from rpa.workbook.template import write_template

    out: Path = arguments.out
    if out.suffix.lower() != ".xlsx":
        raise UserError(f"文件名要以 .xlsx 结尾：{out}")
    if out.exists() and not arguments.force:
        raise UserError(f"{out} 已存在，没有改动。要覆盖请加 --force")
    settings = load_settings()
    names = [portal.name for portal in settings.portals.values()]
    written = write_template(out, portals=names, logins=settings.login_ways)
    output.say(f"已生成：{written}")
    output.note(f"填好后先检查：rpa check {written}")
    return ExitCode.OK
