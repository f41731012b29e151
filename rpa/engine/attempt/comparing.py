"""The row beside the page: what agrees, and how the evidence says what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rpa.browser.labels.spots import Held, State, compare
from rpa.evidence.recorder import EQUAL

_SAID = {
    State.SAME: EQUAL,
    State.FORMATTED: "一致（平台改了写法）",
    State.CUT: "不一致（平台截短了）",
    State.CHANGED: "不一致",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of the row beside what the page holds."""

    label: str
    expected: str = field(repr=False)
    shown: str = field(repr=False)
    state: State

    @property
    def agrees(self) -> bool:
        """Whether row and page say the same, however the page writes it."""
        return self.state in (State.SAME, State.FORMATTED)

    @property
    def said(self) -> str:
        """How the evidence tells it, without the values."""
        return _SAID[self.state]


def compared(expected: Mapping[str, str], shown: Mapping[str, Held]) -> tuple[Compared, ...]:
    """Each expected value beside what its label holds."""
    return tuple(
        Compared(label, value, shown[label].text, compare(value, shown[label].text))
        for label, value in expected.items()
    )
