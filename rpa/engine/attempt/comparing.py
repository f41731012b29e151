"""The row beside the page: what agrees, and how the evidence says what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rpa.browser.labels.spots import ControlContent, Match, compare
from rpa.evidence.recorder import EQUAL

_IN_WORDS = {
    Match.SAME: EQUAL,
    Match.FORMATTED: "一致（平台改了写法）",
    Match.MASKED: "无法完全核对（平台隐去一部分，看得见的一致）",
    Match.CUT: "不一致（平台截短了）",
    Match.CHANGED: "不一致",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of the row beside what the page holds."""

    label: str
    expected: str = field(repr=False)
    shown: str = field(repr=False)
    match: Match

    @property
    def agrees(self) -> bool:
        """Whether row and page say the same, however the page writes it."""
        return self.match.agrees

    @property
    def in_words(self) -> str:
        """How the evidence tells it, without the values."""
        return _IN_WORDS[self.match]


def compared(expected: Mapping[str, str], shown: Mapping[str, ControlContent]) -> tuple[Compared, ...]:
    """Each expected value beside what its label holds."""
    return tuple(
        Compared(label, value, shown[label].text, compare(value, shown[label].text))
        for label, value in expected.items()
    )
