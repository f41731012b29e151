"""What processes take of the machine's memory (Linux)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def with_children(pids: Sequence[int]) -> set[int]:
    """The processes, their children, and theirs."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = _read(entry / "stat")
            if stat:
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    family = set(pids)
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def megabytes(pid: int) -> float:
    """What a process takes, memory that it shares counted in shares."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _read(path: Path) -> str:
    """Empty when the process has ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
