"""What can be wrong with evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What can be wrong with a file; the values are what operators read."""

    ALTERED = "被改动"
    MISSING = "缺失"
    ADDED = "多出"
    REORDERED = "次序被调换"
    CHAIN = "记录链断裂"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was recorded."""

    trouble: Trouble
    path: str
    """Relative to the bag, with ``/``."""
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.trouble}：{self.path}" + (f"（{self.detail}）" if self.detail else "")
