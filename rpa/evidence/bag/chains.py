"""Holds a bag's chains against each other and against its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rpa.evidence.audit import (
    ChainBrokenError,
    Line,
    in_order,
    noted_files,
    read_lines,
    readable,
    whole_lines,
)
from rpa.evidence.bag.chronicle import Told
from rpa.evidence.bag.problems import Problem, Trouble
from rpa.evidence.files import sha256


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it was read."""

    rows: Sequence[bytes]
    lines: Sequence[Line]
    """Where the chain is broken: all that can be read."""
    held: int
    """So many of them hold."""
    problems: Sequence[Problem] = ()

    @classmethod
    def of(cls, name: str, data: bytes) -> Chain:
        """Read a chain and say where it breaks."""
        lines: list[Line] = []
        rows = whole_lines(data)
        try:
            lines.extend(read_lines(data))
        except ChainBrokenError as error:
            problem = Problem(Trouble.CHAIN, name, str(error))
            if in_order(data):
                problem = Problem(Trouble.REORDERED, name, f"从第 {error.number} 行起次序被调换")
            return cls(rows, tuple(readable(data)), error.number - 1, (problem,))
        return cls(rows, lines, len(lines))


def check_trails(told: Told, trails: Mapping[str, Chain]) -> Iterator[Problem]:
    """Hold the filings' trails against what the batch's chain says of their lines.

    Args:
        told: the batch's chain.
        trails: folder → its trail.
    """
    for folder, hashes in told.lines.items():
        name = f"data/{folder}/audit.jsonl"
        if folder not in trails:
            yield Problem(Trouble.MISSING, name)
            continue
        found = [sha256(row) for row in trails[folder].rows]
        if found[: len(hashes)] == hashes:
            continue
        if sorted(found) == sorted(hashes):
            yield Problem(Trouble.REORDERED, name, "与批次记录链的次序不符")
            continue
        place = next(n for n, digest in enumerate(hashes) if n >= len(found) or found[n] != digest)
        what = "起被删去" if place >= len(found) else "与批次记录链不符"
        yield Problem(Trouble.CHAIN, name, f"第 {place + 1} 行{what}")


def check_files(noted: Mapping[str, str], sums: Mapping[str, str]) -> Iterator[Problem]:
    """Hold the files against the hashes that lines speak of.

    Args:
        noted: file → hash, as lines say.
        sums: file → hash, as it is.
    """
    for name, digest in noted.items():
        if name not in sums:
            yield Problem(Trouble.MISSING, name)
        elif sums[name] != digest:
            yield Problem(Trouble.ALTERED, name, "与记录中的校验值不符")


def noted_in(trails: Mapping[str, Chain]) -> dict[str, str]:
    """File → hash, as the trails' own lines say."""
    return {
        f"data/{folder}/{name}": digest
        for folder, trail in trails.items()
        for name, digest in noted_files(trail.lines).items()
    }
