"""The picture of the rooms in the design notes is what import-linter checks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "design.md"
HOUSE = "the house"


def _drawn() -> dict[str, list[str]]:
    """Room → its layers as the page draws them, from top to bottom."""
    picture = PAGE.read_text(encoding="utf-8").partition("<!-- rooms:begin -->")[2]
    picture = picture.partition("<!-- rooms:end -->")[0].replace("```text", "").replace("```", "")
    drawn: dict[str, list[str]] = {}
    for block in picture.strip().split("\n\n"):
        room, *layers = re.split(r"\s{2,}", block.strip())
        drawn[room] = layers
    return drawn


def _checked() -> dict[str, list[str]]:
    """The same out of the contracts."""
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    checked = {}
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            parent = contract["layers"][0].rpartition(".")[0]
            room = HOUSE if parent == "rpa" else parent.replace(".", "/")
            checked[room] = [layer.replace(f"{parent}.", "") for layer in contract["layers"]]
    return checked


def test_the_picture_shows_the_contracts() -> None:
    assert _drawn() == _checked()


def test_every_room_of_the_house_is_drawn() -> None:
    inside = {path.name for path in (TOP / "rpa").iterdir() if (path / "__init__.py").is_file()}
    inside |= {path.stem for path in (TOP / "rpa").glob("*.py")} - {"__init__", "__main__"}
    assert {name for layer in _drawn()[HOUSE] for name in layer.split(" | ")} == inside


def test_the_files_that_the_page_names_are_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`((?:rpa|flows|tests|mock_portal|configs)/[\w./-]+?)/?`", text)
    assert len(named) > 20
    assert [name for name in named if not (TOP / name).exists()] == []
    short = re.findall(r"`(engine/[\w./]+)`", text)
    assert [name for name in short if not (TOP / "rpa" / name).exists()] == []
