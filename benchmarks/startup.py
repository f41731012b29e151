"""``rpa --help`` against a bare interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from benchmarks.figures import Figure, Result, ratio_of_medians, seconds

_COMMANDS = {
    "rpa --help": [
        sys.executable,
        "-c",
        "import sys; from rpa.cli.main import main; sys.exit(main(['--help']))",
    ],
    "python -c pass": [sys.executable, "-c", "pass"],
}
_HOW = """\
`rpa --help` (what the installed command does) and `python -c pass` in the same interpreter, taken in turn
after one run each that is not counted. Byte code is cached, as after any first use."""


def measure(*, quick: bool = False) -> Result:
    """Wall seconds of the command, and how many bare interpreters it costs."""
    samples: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for _ in range(1 + (5 if quick else 15)):
        for name, command in _COMMANDS.items():
            samples[name].append(_wall(command))
    kept = {name: times[1:] for name, times in samples.items()}
    ours, bare = kept.values()
    return Result(
        "startup",
        (
            Figure(
                "`rpa --help` ÷ `python -c pass`",
                ratio_of_medians(ours, bare),
                "×",
                3.0,
                detail=f"{seconds(ours)} ÷ {seconds(bare)}; {len(ours)} a side",
            ),
            Figure("`rpa --help`", sorted(ours)[len(ours) // 2], "s", 0.25, detail="median wall time"),
        ),
        _HOW,
        {"seconds": kept},
    )


def _wall(command: list[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - began
