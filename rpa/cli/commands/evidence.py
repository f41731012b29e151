"""``rpa evidence``: what becomes of a batch's evidence after its filings.

Each subcommand is one module of ``rpa.cli.evidence`` with ``WHAT`` (its line in the help) and
the two functions of a command.
"""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module
from typing import Any

from rpa.cli.shared.parser import Parser

COMMANDS = ("verify", "stamp", "share", "pdf", "encrypt", "decrypt", "key", "purge")
"""In the order of the help."""


def configure(parser: Parser) -> None:
    """One subcommand for each module of ``rpa.cli.evidence``."""
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command")
    for name in COMMANDS:
        module = _module(name)
        module.configure(commands.add_parser(name, help=module.WHAT, description=module.WHAT))


def run(arguments: Namespace) -> int:
    """Run the subcommand that was typed."""
    return int(_module(arguments.command).run(arguments))


def _module(name: str) -> Any:
    return import_module(f"rpa.cli.evidence.{name}")
