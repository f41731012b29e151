"""``rpa evidence verify``: whether a batch's evidence is still what was recorded."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rpa.cli import output
from rpa.cli.exit_codes import ExitCode
from rpa.cli.parser import Parser


def configure(parser: Parser) -> None:
    """Its subcommand."""
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command")
    what = "核验一个批次的证据文件夹：完好，还是哪个文件被改动、缺失或多出"
    verify = commands.add_parser("verify", help=what, description=what)
    verify.add_argument("folder", metavar="DIR|BATCH", help="批次的证据文件夹，或批次编号")
    verify.add_json()


def run(arguments: Namespace) -> int:
    """Verify the folder and name every problem."""
    from rpa.evidence.verify import verify  # noqa: PLC0415 - its help needs none of it

    folder = _folder(arguments.folder)
    verification = verify(folder)
    problems = verification.problems
    if arguments.json:
        document = {
            "folder": str(folder),
            "intact": verification.intact,
            "closed": verification.closed,
            "files": verification.files,
            "lines": verification.lines,
            "summary": verification.summary,
            "problems": [
                {"trouble": one.trouble.name.lower(), "path": one.path, "detail": one.detail}
                for one in problems
            ],
        }
        output.document("evidence", document)
    else:
        output.say(verification.summary)
        for problem in problems:
            output.say(f"  {problem}")
    return ExitCode.OK if verification.intact else ExitCode.FINDINGS


def _folder(text: str) -> Path:
    """A folder, or where a batch of this machine keeps its evidence.

    Raises:
        UserError: there is no such folder.
    """
    from rpa.errors import UserError  # noqa: PLC0415
    from rpa.settings import load_settings  # noqa: PLC0415

    folder = Path(text)
    if folder.is_dir():
        return folder
    if folder.name == text and (of_batch := load_settings().evidence_root / text.upper()).is_dir():
        return of_batch
    raise UserError(f"没有这个文件夹，也没有这个批次的证据：{text}")
