"""What a benchmark yields: figures with their aims, kept with the samples that they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    """``×`` for a ratio, else ``s``, ``MB``, ``commits`` …"""
    aim: float | None = None
    """None: shown for information."""
    sense: str = "≤"
    """How value and aim must stand to each other: ``≤``, ``≥`` or ``=``."""
    detail: str = ""
    """Both sides of a ratio, with their spread."""

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        if self.aim is None:
            return None
        return {
            "≤": self.value <= self.aim,
            "≥": self.value >= self.aim,
            "=": self.value == self.aim,
        }[self.sense]


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark found."""

    name: str
    figures: Sequence[Figure]
    how: str
    """How it was measured: what a reader must know to judge the figures."""
    data: Mapping[str, Any]
    """The samples themselves, as JSON."""


def spread(samples: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile; the samples' own values where there are only two."""
    if len(samples) < 2:
        return samples[0], samples[0], samples[0]
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return low, median(samples), high


def ratio_of_medians(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times as long ours takes: the median of ours by the median of theirs."""
    return median(ours) / median(theirs)


def seconds(samples: Sequence[float]) -> str:
    """Median and quartiles, as the table shows them."""
    low, middle, high = spread(samples)
    return f"{middle:.3f} s ({low:.3f}–{high:.3f})"
