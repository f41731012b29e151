"""What the benchmarks make of given numbers: medians, ratios, table, picture. Nothing is timed here."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

import pytest

from benchmarks.figures import Figure, Result, ratio_of_medians, spread
from benchmarks.picture import svg
from benchmarks.table import markdown

pytestmark = pytest.mark.counts_commits

SVG = "{http://www.w3.org/2000/svg}"
FAST = Figure("Ours ÷ theirs", 0.5, "×", 1.0, detail="1.000 s ÷ 2.000 s")
SLOW = Figure("Start <cold> ÷ bare", 4.0, "×", 3.0)
MANY = Figure("At once, ours ÷ theirs", 0.9, "×", 0.8, "≥")
EXACT = Figure("Commits", 31, "commits", 30, "=")
PLAIN = Figure("Overhead", 1.234, "s")


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([7.0], (7.0, 7.0, 7.0)),
        ([1.0, 3.0], (1.5, 2.0, 2.5)),
        ([5.0, 1.0, 4.0, 2.0, 3.0], (2.0, 3.0, 4.0)),
        ([1.0, 1.0, 1.0, 100.0], (1.0, 1.0, 25.75)),
    ],
)
def test_the_spread_is_the_quartiles(samples: Sequence[float], expected: tuple[float, ...]) -> None:
    assert spread(samples) == expected


def test_one_slow_sample_does_not_move_the_ratio() -> None:
    assert ratio_of_medians([1.0, 1.2, 99.0], [2.0, 2.4, 2.4]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("figure", "met"), [(FAST, True), (SLOW, False), (MANY, True), (EXACT, False), (PLAIN, None)]
)
def test_an_aim_is_met_or_missed_in_its_own_sense(figure: Figure, met: bool | None) -> None:
    assert figure.met is met


def test_the_table_shows_every_figure_beside_its_aim() -> None:
    results = [Result("filing", (FAST, PLAIN), "In turn.", {}), Result("startup", (SLOW, EXACT), "Cold.", {})]
    lines = markdown(results, {"CPU": "two cores"}, quick=False).splitlines()
    assert "| Ours ÷ theirs | 0.50 × | ≤ 1.00 × | yes | 1.000 s ÷ 2.000 s |" in lines
    assert "| Overhead | 1.23 s |  |  |  |" in lines
    assert "| Start <cold> ÷ bare | 4.00 × | ≤ 3.00 × | **no** |  |" in lines
    assert "| Commits | 31 commits | = 30 commits | **no** |  |" in lines
    assert "| CPU | two cores |" in lines
    assert "**startup**: Cold." in lines


def test_a_short_run_says_so() -> None:
    assert "--quick" in markdown([], {}, quick=True)
    assert "--quick" not in markdown([], {}, quick=False)


def test_the_picture_draws_ratios_with_aims_to_scale() -> None:
    drawing = ElementTree.fromstring(svg([FAST, SLOW, MANY, EXACT, PLAIN], "Cost & speed", "a machine"))
    bars = [float(one.get("width", "")) for one in drawing.iter(f"{SVG}rect") if one.get("class") == "bar"]
    marks = [float(one.get("x1", "")) for one in drawing.iter(f"{SVG}line")]
    left = float(next(one.get("x", "") for one in drawing.iter(f"{SVG}rect") if one.get("class") == "bar"))
    measured = [bar / (mark - left) for bar, mark in zip(bars, marks, strict=True)]
    assert measured == pytest.approx([0.5, 4 / 3, 0.9 / 0.8], rel=0.01)
    assert max(bars) < float(drawing.get("width", ""))
    words = [one.text for one in drawing.iter(f"{SVG}text")]
    assert {"Cost & speed", "Start <cold> ÷ bare", "0.50 ×", "aim ≤ 3.00"} <= set(words)
