"""``python -m benchmarks [NAME …] [--quick]``: measure, and write results.md, .svg and .json.

``scaling`` and ``operator`` take most of an hour each, so they run only when they are named; the figures of
``scaling`` stand in ``docs/scale-out.md``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    check_rows,
    cost,
    exactly_once,
    filing,
    handler,
    looking,
    machine,
    operator,
    scaling,
    sealing,
    startup,
    throughput,
    typing_cost,
)
from benchmarks.figures import Figure, Result
from benchmarks.picture import svg
from benchmarks.table import figures, markdown

_BEGIN, _END = "<!-- benchmarks:begin -->", "<!-- benchmarks:end -->"
_CHECK_HOW = """\
`rpa check` on a workbook in which every row has a finding, in a process of its own: import, read, judge and
write the marked copy; the peak is the process's largest resident size. The median of five such runs."""


def _check_rows(*, quick: bool) -> Result:
    rows = 1000 if quick else check_rows.ROWS
    runs = [check_rows.measure(rows) for _ in range(1 if quick else 5)]
    runs.sort(key=lambda one: one["total_s"])
    found = runs[len(runs) // 2]  # the median run, whole: its parts add up
    parts = ", ".join(f"{part} {found[f'{part}_s']:.2f} s" for part in ("import", "read", "judge", "mark"))
    name = f"`rpa check`, {rows:,} rows"
    return Result(
        "check_rows",
        (
            Figure(name, found["total_s"], "s", 5.0, detail=f"{parts}; {_range(runs)}"),
            Figure(f"{name}: peak memory", found["peak_mb"], "MB", 300.0),
        ),
        _CHECK_HOW,
        found,
    )


def _range(runs: list[dict[str, float]]) -> str:
    return f"{len(runs)} runs: {runs[0]['total_s']:.2f}–{runs[-1]['total_s']:.2f} s"


BENCHMARKS: dict[str, Callable[[bool], Result]] = {
    "filing": lambda quick: asyncio.run(filing.measure(quick=quick)),
    "handler": lambda quick: asyncio.run(handler.measure(quick=quick)),
    "throughput": lambda quick: asyncio.run(throughput.measure(quick=quick)),
    "looking": lambda quick: asyncio.run(looking.measure(quick=quick)),
    "typing": lambda quick: asyncio.run(typing_cost.measure(quick=quick)),
    "startup": lambda quick: startup.measure(quick=quick),
    "check_rows": lambda quick: _check_rows(quick=quick),
    "exactly_once": lambda quick: asyncio.run(exactly_once.measure(quick=quick)),
    "sealing": lambda quick: sealing.measure(quick=quick),
    "cost": lambda quick: cost.measure(quick=quick),
    "scaling": lambda quick: scaling.measure(quick=quick),
    "operator": lambda quick: operator.measure(quick=quick),
}

_BY_NAME_ONLY = {"scaling", "operator"}


def main() -> None:
    """Run what the command line names; by default all that do not have to be named."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure and write the results."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="few samples: to see that it runs")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder of the results")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    about = machine.describe()
    results = []
    for name in arguments.names or [name for name in BENCHMARKS if name not in _BY_NAME_ONLY]:
        print(f"{name} …", flush=True)
        results.append(BENCHMARKS[name](arguments.quick))
        print("\n".join(figures(results[-1].figures)[2:]), flush=True)
    if not arguments.quick:
        results = _beside_earlier(results, arguments.out / "results.json")
    _write(arguments.out, results, about, quick=arguments.quick)
    shown = [result for result in results if result.name not in _BY_NAME_ONLY]
    if {result.name for result in shown} == BENCHMARKS.keys() - _BY_NAME_ONLY and not arguments.quick:
        _show_in_docs(shown, about)


def _beside_earlier(results: list[Result], path: Path) -> list[Result]:
    """The results of this run, with the earlier whole ones of the benchmarks that it left out."""
    known = {result.name: result for result in results}
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    for kept in document["results"] if document and not document["quick"] else ():
        figures_kept = tuple(Figure(**figure) for figure in kept["figures"])
        known.setdefault(kept["name"], Result(**{**kept, "figures": figures_kept}))
    return [known[name] for name in BENCHMARKS if name in known]


def _show_in_docs(results: list[Result], about: dict[str, str]) -> None:
    """Put the table of a whole run where ``docs/benchmarks.md`` keeps it."""
    table = "\n".join(figures([figure for result in results for figure in result.figures]))
    text = f"""{_BEGIN}
Measured {about["Date"][:10]} by `make bench` on {about["CPU"]}, Python {about["Python"].split()[-1]},
{about["Browser"]}. The sides of a ratio take turns in one run; medians, quartiles in brackets; ours ÷ theirs.

{table}

![The ratios beside their aims](../benchmarks/results.svg)

{_END}"""
    page = Path(__file__).parents[1] / "docs" / "benchmarks.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    page.write_text(before + text + after, encoding="utf-8")


def _write(folder: Path, results: list[Result], about: dict[str, str], *, quick: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = [figure for result in results for figure in result.figures]
    note = (
        f"{about['Date'][:10]} · {about['CPU']} · Python {about['Python'].split()[-1]} · {about['Browser']}"
    )
    document = {"machine": about, "quick": quick, "results": [asdict(result) for result in results]}
    written = {
        "results.md": markdown(results, about, quick=quick),
        "results.svg": svg(found, "What a filing with full evidence costs", note),
        "results.json": json.dumps(document, ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
