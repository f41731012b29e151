"""What is shared names no province: adding one touches its own folders and its settings alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook

from mock_portal.control import MOCK
from mock_portal.provinces import provinces
from mock_portal.records import EmployerState
from mock_portal.seed import load
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.cli.demo.rehearsal import write_workbook
from rpa.cli.main import main
from rpa.settings.configs import configs_folder, portal_values, portals_in_order
from rpa.workbook.template import write_template
from tests.support.example_province import mocked, unpacked

TOP = Path(__file__).parents[2]
PORTALS = portal_values()
PORTALS_IN_ORDER = [*portals_in_order()]
NAMED = re.compile("|".join([*PORTALS, *(values["name"] for values in PORTALS.values())]), re.IGNORECASE)
ALLOWED = {
    "rpa/identifiers.py": "GB/T 2260: every province of China",
    "rpa/workbook/provinces.py": "GB/T 2260: every city of China, by province",
}


def shared_files() -> Iterator[Path]:
    """Code, pages, scripts and styles that all provinces have in common."""
    own = [TOP / "mock_portal" / key for key in PORTALS]
    for folder in ("rpa", "mock_portal", "tools"):
        for path in (TOP / folder).rglob("*"):
            unrelated = "__pycache__" in path.parts or any(path.is_relative_to(each) for each in own)
            if path.is_file() and not unrelated and not path.is_relative_to(configs_folder()):
                yield path
    yield TOP / "flows" / "__init__.py"


def lines_that_name_one() -> dict[str, list[str]]:
    """File → its lines that name a province."""
    found: dict[str, list[str]] = {}
    for path in shared_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        if lines := [line.strip() for line in text.splitlines() if NAMED.search(line)]:
            found[path.relative_to(TOP).as_posix()] = lines
    return found


def test_the_settings_name_several() -> None:
    assert len(PORTALS) > 1


def test_nothing_shared_names_a_province() -> None:
    found = lines_that_name_one()
    assert {name: lines for name, lines in found.items() if name not in ALLOWED} == {}
    assert ALLOWED.keys() <= found.keys()
    assert all(line.startswith('"') for lines in found.values() for line in lines), "only the tables' lines"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The province of docs/add-a-province.md with its mock, put where the others are."""
    folder = tmp_path / "checkout"
    with unpacked(folder, monkeypatch), mocked(folder, monkeypatch):
        yield


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["demo"], "、示例各有几户虚构单位"),
        (["portal", "serve"], "、示例（example），默认"),
        (["portal", "serve"], "，示例2024（默认最新的）"),
    ],
)
def test_helps_name_a_further_province(
    command: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    assert told in "".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("example")
def test_a_further_province_has_its_examples_and_its_place_in_the_demo(tmp_path: Path) -> None:
    book = load_workbook(write_template(tmp_path / "空表.xlsx", portals=["示例"]))
    assert [line[1] for line in book["示例"].iter_rows(values_only=True)] == ["平台", "示例", "示例"]
    assert [*write_workbook(tmp_path / "演示.xlsx", 2)] == [*PORTALS_IN_ORDER, "example"]


@pytest.mark.usefixtures("example")
def test_a_further_mock_is_found_and_served(tmp_path: Path) -> None:
    write_workbook(tmp_path / "演示.xlsx", 2)
    first, second = load(tmp_path / "演示.xlsx", "example")
    assert first.unit_number.startswith("99")
    world = World([first, replace(second, state=EmployerState.ALREADY_FILED)])
    with (
        MockPortal(world=world, portal="example") as portal,
        urlopen(f"{portal.url}/__mock__/hello") as answer,
    ):
        assert json.load(answer) == {"mock": MOCK, "portal": "example", "edition": "2024"}
    (filed,) = world.filings(portal="example")
    assert (filed.serial[:4], filed.handling) == ("9901", "已受理")


def test_settings_and_mocks_have_one_order() -> None:
    assert [*provinces()] == PORTALS_IN_ORDER
