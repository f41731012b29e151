"""What sealing a batch's evidence costs, and how fast it is verified, beside reading and hashing alone."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure, Result, ratio_of_medians, seconds
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.tree import ALGORITHMS
from rpa.evidence.files import payload
from rpa.evidence.recorder import Recorder
from tests.evidence.recorded import DONE, filing

EMPLOYERS, PICTURES = 500, 14
_PICTURE = 60_000  # bytes, as the pictures of a filing are on average
_LINES_BETWEEN = 3  # besides the picture's own

_LINES = PICTURES * (_LINES_BETWEEN + 1)

_VERIFY = """
import sys, time
from pathlib import Path
from rpa.evidence.bag.verify import verify
began = time.perf_counter()
assert verify(Path(sys.argv[1]), roots=[]).intact
print(time.perf_counter() - began)
"""

_HOW = f"""\
{EMPLOYERS} employers, each with {PICTURES} pictures of {_PICTURE // 1000} kB and a trail of {_LINES} lines,
on this machine's disk, read before (so from memory where there is enough). Verifying is held against
`sha256sum` over the same files, one process on each core, turn by turn."""


def measure(*, quick: bool = False) -> Result:
    """Seconds and megabytes for sealing; megabytes a second for verifying."""
    employers, rounds = (20, 1) if quick else (EMPLOYERS, 5)
    with tempfile.TemporaryDirectory() as folder:
        bag = Path(folder) / "B20261122-1"
        _record(bag, employers)
        sealed = _timed(lambda: seal(bag))
        again = _timed(lambda: seal(bag))
        anew = [_anew(bag) for _ in range(rounds)]
        verified, hashed = [], []
        for _ in range(rounds):
            verified.append(_verify(bag))
            hashed.append(_timed(lambda: _hash(bag)))
        size = sum(path.stat().st_size for path in payload(bag).rglob("*") if path.is_file()) / 1e6
        words = sum(path.stat().st_size for path in payload(bag).rglob("*.jsonl")) / 1e6
    speeds = sorted(size / one for one in verified)
    batch = f"{employers} employers × {PICTURES} pictures"
    return Result(
        "sealing",
        (
            Figure(
                f"Sealing {batch}",
                sealed,
                "s",
                detail=f"{size:.0f} MB, {words:.1f} MB of them audit; {' and '.join(ALGORITHMS)}; "
                f"after the batch went on {seconds(anew)}; unchanged {again:.2f} s",
            ),
            Figure(
                f"Verifying {batch}", speeds[len(speeds) // 2], "MB/s", 300.0, "≥", f"{seconds(verified)}"
            ),
            Figure(
                "Verifying ÷ `sha256sum` alone",
                ratio_of_medians(verified, hashed),
                "×",
                detail=f"{seconds(verified)} ÷ {seconds(hashed)}",
            ),
        ),
        _HOW,
        {"sealed": sealed, "again": again, "anew": anew, "verified": verified, "hashed": hashed, "mb": size},
    )


def _record(bag: Path, employers: int) -> None:
    chance = random.Random(1)
    for number in range(employers):
        with Recorder(bag, filing(number), operator="王经办") as recorder:
            for picture in range(PICTURES):
                for _ in range(_LINES_BETWEEN):
                    recorder.line("步骤", step=f"第 {picture} 步", attempt=1)
                jpeg = chance.randbytes(_PICTURE)
                recorder.picture(f"第 {picture} 步", jpeg, address="https://example.cn/x", title="申请")
            recorder.ended(DONE)


def _anew(bag: Path) -> float:
    """A filing is looked up again, and the whole bag sealed anew."""
    with Recorder(bag, filing(0), operator="王经办") as recorder:
        recorder.line("步骤", step="跟踪", attempt=2)
    unseal(bag)
    return _timed(lambda: seal(bag))


def _verify(bag: Path) -> float:
    """Seconds, in a process of its own, as the command's: ours is full of other benchmarks' things."""
    done = subprocess.run(
        [sys.executable, "-c", _VERIFY, str(bag)], check=True, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout)


def _hash(bag: Path) -> None:
    names = "\0".join(str(path) for path in payload(bag).rglob("*") if path.is_file())
    command = ["xargs", "-0", "-P", str(os.cpu_count()), "-n", "500", "sha256sum"]
    subprocess.run(command, input=names.encode(), stdout=subprocess.DEVNULL, check=True)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
