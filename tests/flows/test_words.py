"""Flow code holds our words alone; what a portal says is data, each word with its mark."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa import errors
from rpa.settings.portal import PortalSettings, shipped_portals
from rpa.settings.words import Mark

pytestmark = pytest.mark.counts_commits

TOP = Path(__file__).parents[2]
PORTALS = shipped_portals()
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}
_TO_PEOPLE = {"step", "commit", "before_change", "Occasion", "take_over", "scan", "type_password", "decide"}
"""What is called with words for people: names of steps, questions, what comes before a portal's words."""
_BESIDE_THE_WAY = {"G3 首次登录"}
"""Screens that no filing of a unit passes but its first."""
_SAID_TO_PEOPLE = {"_SCAN", "_RUN_AGAIN"}
_BY_STRUCTURE = {"buttons_saying"}
"""What finds something by a part of its words, where its own name is not there."""


class _PortalWords(ast.NodeVisitor):
    """The Chinese texts of a module that are neither documentation nor said to people."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        return

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _TO_PEOPLE | _ERRORS | _BY_STRUCTURE:
            return
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _CHINESE.search(node.value):
            self.found.add(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = [
            part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)
        ]
        if not any(name in _SAID_TO_PEOPLE or name.endswith("_STEP") for name in names):
            self.generic_visit(node)


def words_of(portal: str) -> Iterator[tuple[str, str]]:
    """Module → text, for the flows of a portal."""
    for module in sorted((TOP / "flows" / portal).glob("*.py")):
        visitor = _PortalWords()
        visitor.visit(ast.parse(module.read_text(encoding="utf-8")))
        for text in sorted(visitor.found):
            yield module.name, text


def known_to(portal: PortalSettings) -> set[str]:
    return {entry.ours for entry in portal.entries()} | {
        *portal.logins,
        *(item for edition in portal.editions.values() for item in edition.item_names),
    }


@pytest.mark.parametrize("portal", PORTALS)
def test_what_a_flow_names_stands_in_the_settings(portal: str) -> None:
    known = known_to(PORTALS[portal])
    assert [each for each in words_of(portal) if each[1] not in known] == []


@pytest.mark.parametrize("portal", PORTALS)
def test_no_word_stands_there_for_nothing(portal: str) -> None:
    used = {text for _, text in words_of(portal)}
    assert {entry.ours for entry in PORTALS[portal].entries()} - used == set()


@pytest.mark.parametrize("portal", PORTALS)
def test_no_inferred_word_stands_in_the_way(portal: str) -> None:
    """Where nobody has seen any of its names, a thing is found by structure, or is not missed."""
    bare = [
        entry.ours
        for entry in PORTALS[portal].entries()
        if entry.screen not in _BESIDE_THE_WAY
        and entry.word.only_inferred
        and not (entry.word.structure or entry.word.optional)
    ]
    assert bare == []


@pytest.mark.parametrize("portal", PORTALS)
def test_every_word_has_a_mark(portal: str) -> None:
    entries = PORTALS[portal].entries()
    assert all(entry.word.names for entry in entries)
    marks = Counter(mark for entry in entries for mark, _ in entry.word.marked())
    assert marks[Mark.MANUAL] > 15
    assert marks[Mark.OPERATOR] == 0
