"""The documents' commands exist, with the very arguments that they show."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from rpa.cli.main import COMMANDS
from rpa.cli.shared.parser import Parser

TOP = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "README.zh.md"]
_FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:rpa|make|python) [^`]+)`")

_FIGURES = re.compile(r"<!-- benchmarks:begin -->.*<!-- benchmarks:end -->", re.DOTALL)
"""What was measured names commands as the measurement does, not as a person types them."""

_LEFT_OUT = {"rpa evidence verify": ["DIR"], "rpa run": ["WORKBOOK.xlsx"], "rpa track": ["BATCH"]}
"""What running text leaves out where it only names a command."""


def command_lines(document: str) -> Iterator[list[str]]:
    """Every command line in a document's shell blocks and in its running text."""
    text = _FIGURES.sub("", (TOP / document).read_text(encoding="utf-8"))
    for block in _FENCED.findall(text):
        for line in block.splitlines():
            yield shlex.split(line, comments=True)
    for line in _INLINE.findall(text):
        yield shlex.split(line)


def parser_of(name: str) -> ArgumentParser:
    parser = Parser(prog=f"rpa {name}")
    import_module(f"rpa.cli.commands.{name}").configure(parser)
    return parser


LINES = [(document, line) for document in DOCUMENTS for line in command_lines(document)]


def test_both_documents_show_commands() -> None:
    for document in DOCUMENTS:
        assert sum(shown == document for shown, _ in LINES) > 15


@pytest.mark.parametrize("line", [line for _, line in LINES if line[0] == "rpa"], ids=" ".join)
def test_every_rpa_command_line_parses(line: list[str]) -> None:
    name, *words = line[1:]
    if "--help" in words:
        assert name in {*COMMANDS, "COMMAND", "命令"}
    else:
        assert vars(parser_of(name).parse_args([*words, *_LEFT_OUT.get(" ".join(line), [])]))


@pytest.mark.parametrize("line", [line for _, line in LINES if line[0] == "make"], ids=" ".join)
def test_every_make_target_exists(line: list[str]) -> None:
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{line[1]}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("line", [line for _, line in LINES if line[0] == "python"], ids=" ".join)
def test_every_script_exists(line: list[str]) -> None:
    path, options = line[1], line[2:]
    if path == "-m":
        module, options = line[2].replace(".", "/"), line[3:]
        path = f"{module}/__main__.py" if (TOP / module).is_dir() else f"{module}.py"
    script = TOP / path
    assert script.is_file()
    assert all(f'"{option}"' in script.read_text(encoding="utf-8") for option in options)


def test_every_command_stands_in_both_documents() -> None:
    for document in DOCUMENTS:
        shown = {line[1] for name, line in LINES if name == document and line[0] == "rpa"}
        assert set(COMMANDS) <= shown


def test_every_folder_of_the_map_exists() -> None:
    table = (TOP / "README.md").read_text(encoding="utf-8").partition("## Folder map")[2]
    for folder in re.findall(r"`([a-z_/]+/)`", table):
        assert (TOP / folder).is_dir(), folder
