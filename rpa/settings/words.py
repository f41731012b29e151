"""What a portal says on its screens, as data: every label and message that a flow waits for or uses.

A flow has our word alone; ``configs/<portal>.toml`` says by screen what the portal may call it, and how sure
each name is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Mark(StrEnum):
    """How sure it is that a portal says so (docs/portals.md)."""

    MANUAL = "S"
    CODE = "C"
    """Seen in the portal's own code."""
    NOTICE = "P"
    """In a public notice."""
    INFERRED = "I"
    OPERATOR = "O"
    """Told by somebody who saw the portal."""

    @property
    def chinese(self) -> str:
        """As the list of words explains it."""
        return _IN_CHINESE[self]


_IN_CHINESE = {
    Mark.MANUAL: "手册",
    Mark.CODE: "平台前端代码",
    Mark.NOTICE: "公开通知",
    Mark.INFERRED: "推断",
    Mark.OPERATOR: "操作员告知",
}


class Word(BaseModel):
    """One thing on a screen under every name that is known for it.

    In a file of settings: ``"保存" = { S = ["保存"], I = ["提交保存"], structure = "…" }``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    manual: tuple[str, ...] = Field(default=(), alias="S")
    code: tuple[str, ...] = Field(default=(), alias="C")
    notice: tuple[str, ...] = Field(default=(), alias="P")
    inferred: tuple[str, ...] = Field(default=(), alias="I")
    operator: tuple[str, ...] = Field(default=(), alias="O")
    structure: str = ""
    """How it is found where the page has none of its names: by what stands where (Chinese, for the list)."""
    optional: bool = False
    """Used where it is there, and not missed."""

    def marked(self) -> Iterator[tuple[Mark, str]]:
        """Every name with its mark, the surest first."""
        known = (self.manual, self.code, self.notice, self.inferred, self.operator)
        for mark, names in zip(Mark, known, strict=True):
            for name in names:
                yield mark, name

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the surest first, each once."""
        return tuple(dict.fromkeys(name for _, name in self.marked()))

    @property
    def only_inferred(self) -> bool:
        """Whether nobody has seen any of its names."""
        return {mark for mark, _ in self.marked()} <= {Mark.INFERRED}


Screens = dict[str, dict[str, Word]]
"""Screen (with its number in docs/portals.md) → our word → what the portal calls it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of words."""

    screen: str
    edition: str
    """Empty: of every edition."""
    ours: str
    word: Word
