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
from rpa.settings.settings import Settings

TOP = Path(__file__).parents[2]
READMES = ["README.md", "README.zh.md"]
COMMAND_PAGES = ["docs/commands.md", "docs/命令.md"]
OTHERS = [
    "CONTRIBUTING.md",
    "docs/benchmarks.md",
    "docs/evidence.md",
    "docs/scale-out.md",
    "docs/settings.md",
    "docs/操作手册.md",
    "docs/设置.md",
]
DOCUMENTS = READMES + COMMAND_PAGES + OTHERS
_FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)\s]+)\)")
_INLINE = re.compile(r"`((?:rpa|make|python) [^`]+)`")

_FIGURES = re.compile(r"<!-- benchmarks:begin -->.*<!-- benchmarks:end -->", re.DOTALL)
"""What was measured names commands as the measurement does, not as a person types them."""

_LEFT_OUT = {
    "rpa answer": ["17"],
    "rpa check": ["WORKBOOK.xlsx"],
    "rpa evidence": ["key"],
    "rpa evidence decrypt": ["BATCH"],
    "rpa evidence encrypt": ["BATCH"],
    "rpa evidence purge": ["--older-than", "5y"],
    "rpa evidence share": ["BATCH", "--out", "OUT.zip"],
    "rpa evidence verify": ["DIR"],
    "rpa reconcile": ["BATCH"],
    "rpa results": ["BATCH"],
    "rpa retry": ["BATCH", "--verdict", "平台不可用"],
    "rpa run": ["WORKBOOK.xlsx"],
    "rpa secrets": ["list"],
    "rpa secrets set": ["PORTAL", "NAME"],
    "rpa submit": ["WORKBOOK.xlsx"],
    "rpa track": ["BATCH"],
}
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


def test_every_document_shows_commands() -> None:
    for document in READMES + COMMAND_PAGES:
        assert sum(shown == document for shown, _ in LINES) > 15
    assert {document for document, _ in LINES} == set(DOCUMENTS)


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


def test_every_command_stands_on_both_pages_of_commands() -> None:
    for document in COMMAND_PAGES:
        shown = {line[1] for name, line in LINES if name == document and line[0] == "rpa"}
        assert set(COMMANDS) <= shown


def test_every_folder_of_the_map_exists() -> None:
    table = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Folder map")[2]
    folders = re.findall(r"`([a-z_/]+/)`", table)
    assert len(folders) > 15
    for folder in folders:
        assert (TOP / folder).is_dir(), folder


def test_the_readme_leads_to_every_page() -> None:
    targets = set(_LINK.findall((TOP / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in (TOP / "docs").glob("*.md")} <= targets


def test_the_readmes_are_short() -> None:
    for readme in READMES:
        assert len((TOP / readme).read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("page", [*DOCUMENTS, "CHANGELOG.md", "docs/portals.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        name, _, heading = target.partition("#")
        aim = (TOP / page).parent / name if name else TOP / page
        assert aim.exists(), target
        assert not heading or heading in anchors(aim), target


def anchors(page: Path) -> set[str]:
    """What a link may name in a page: its headings as hosts of repositories write them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_setting_stands_in_its_page() -> None:
    page = (TOP / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        keys = [f"{name}.{key}" for key in inner] if inner else [name]
        assert [key for key in keys if f"`{key}" not in page] == []
