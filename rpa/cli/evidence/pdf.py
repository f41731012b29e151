"""``rpa evidence pdf``: one employer's file note, or every employer's, as a PDF."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rpa.cli.evidence.lookup import opened_bag
from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

WHAT = "把一家单位（或整个批次）的办理记录打印成 PDF"


def configure(parser: Parser) -> None:
    """Which bag, which employer in it, and where the PDF is written; JSON."""
    parser.add_argument("bag", metavar="BATCH|DIR", help="本机的批次编号，或证据文件夹")
    parser.add_argument(
        "--employer", metavar="NAME|CODE", default="", help="单位名称或统一社会信用代码；不写就打印全部"
    )
    parser.add_argument(
        "--out", metavar="FILE.pdf", type=Path, required=True, help="写到哪个 PDF 文件，已有的会被替换"
    )
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Print it, and say what is in it."""
    import asyncio

    from rpa.errors import UserError
    from rpa.evidence.printing import print_report
    from rpa.privacy.logs import configure_logging
    from rpa.settings.settings import load_settings

    out: Path = arguments.out
    if out.suffix.lower() != ".pdf" or not out.parent.is_dir():
        raise UserError(f"--out 应是已有文件夹里的一个 .pdf 文件：{out}")
    configure_logging(level="WARNING")
    browser = load_settings().browser
    with opened_bag(arguments.bag) as bag:
        printed = asyncio.run(print_report(bag, out, browser, employer=arguments.employer))
    if arguments.json:
        output.document(
            "evidence-pdf",
            {
                "file": str(printed.path),
                "employers": list(printed.employers),
                "filings": printed.filings,
                "missing_pictures": printed.missing,
            },
        )
        return ExitCode.OK
    who = printed.employers[0] if len(printed.employers) == 1 else f"{len(printed.employers)} 家单位"
    output.say(f"已打印 {who} 的 {printed.filings} 笔办件：{printed.path}")
    if printed.missing:
        output.say(f"其中 {printed.missing} 张截图不在证据文件夹里（已按期清除，或没有放进这份副本）")
    return ExitCode.OK
