"""The results as a Markdown table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figures import Figure, Result

_MET = {True: "yes", False: "**no**", None: ""}


def markdown(results: Sequence[Result], machine: Mapping[str, str], *, quick: bool) -> str:
    """Every figure side by side with its aim, then how each was measured, then the machine."""
    lines = ["# Benchmarks", ""]
    if quick:
        lines += ["A short run (`--quick`): too few samples to quote.", ""]
    lines += figures([figure for result in results for figure in result.figures])
    lines += ["", "Medians; quartiles in brackets. A ratio is ours ÷ theirs.", "", "## How"]
    for result in results:
        lines += ["", f"**{result.name}**: {result.how}"]
    lines += ["", "## Machine", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {said} |" for what, said in machine.items()]
    return "\n".join(lines) + "\n"


def figures(found: Sequence[Figure]) -> list[str]:
    """The table alone, line by line."""
    head = ["| What | Measured | Aim | Met | Both sides |", "|---|---:|---:|:-:|---|"]
    return head + [
        f"| {figure.what} | {shown(figure)} | {aim(figure)} | {_MET[figure.met]} | {figure.detail} |"
        for figure in found
    ]


def shown(figure: Figure) -> str:
    """A value with its unit."""
    return _amount(figure.value, figure.unit)


def aim(figure: Figure) -> str:
    """What was aimed for."""
    return "" if figure.aim is None else f"{figure.sense} {_amount(figure.aim, figure.unit)}"


def _amount(value: float, unit: str) -> str:
    if unit in ("×", "s"):
        return f"{value:.2f} {unit}"
    return f"{value:.0f} {unit}"
