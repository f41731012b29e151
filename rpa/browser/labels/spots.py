"""Plain data about controls: how a person names one, what it holds, a table's row, a rectangle."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class ControlKind(StrEnum):
    """What sort of control a label is meant for, where one label could be several."""

    ANY = "any"
    TEXT = "text"
    SELECT = "select"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    DATE = "date"
    FILE = "file"
    BUTTON = "button"
    LINK = "link"
    OUTPUT = "output"
    """A read-only text beside its label."""
    PICTURE = "picture"
    """A picture by its own name, or the one beside the control of that name (a captcha)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A control as a person names it."""

    label: str
    """Empty: the only one of its kind that there is; of buttons, one that does more than close."""
    aliases: tuple[str, ...] = ()
    """Other names of the same control, e.g. those of another edition."""
    kind: ControlKind = ControlKind.ANY
    within: str = ""
    """Visible heading, legend, dialog title or row text that the control stands under."""
    above: bool = False
    """Only in what floats above the page, where one of this name does: in an open dialog."""

    def also(self, names: Iterable[str]) -> Spot:
        """The same control with further names."""
        others = tuple(name for name in names if name != self.label and name not in self.aliases)
        return replace(self, aliases=(*self.aliases, *others)) if others else self


Values = Mapping[Spot, str | bool] | Mapping[str, str | bool] | Mapping[Spot | str, str | bool]
"""What to fill in, in the page's order."""


class Match(StrEnum):
    """How far what a page shows is what was asked for, such as a value that was filled in."""

    SAME = "same"
    FORMATTED = "formatted"
    """The same but for spaces, separators, width or how a date or amount is written."""
    MASKED = "masked"
    """Part of it is hidden (``6222****1234``), and what shows is the same: more cannot be compared."""
    CUT = "cut"
    """Only the beginning is there."""
    CHANGED = "changed"

    @property
    def agrees(self) -> bool:
        """Whether both say the same as far as the page shows it, however it writes it."""
        return self in AGREEING


AGREEING = (Match.SAME, Match.FORMATTED, Match.MASKED)


@dataclass(frozen=True, slots=True)
class ControlContent:
    """What a control holds. For a password neither text nor value tells what was typed."""

    label: str
    text: str
    """As the page shows it: for a select the chosen option."""
    value: str
    """What stands behind it: for a select the option's value."""
    match: Match = Match.SAME
    """Compared with what was asked for; always the same when only read."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a list with column headers."""

    cells: Mapping[str, str]
    """Header (normalised) → text; each column by the name that it was asked for, and by its own."""
    index: int
    """Place among the rows of its page, from 0."""
    headers: tuple[Spot, ...]
    """The columns by which the list was found, each with its other names."""
    optional: tuple[Spot, ...] = ()
    """Columns that the list need not have."""
    page: int = 1
    """The page of the list that it stands on, from 1."""
    key: str | None = None
    """What tells it from another row that says the same, where the page has something."""

    def __getitem__(self, header: str) -> str:
        """The text under a header, however spaced; KeyError when the table has no such column."""
        return self.cells[normalise(header)]

    def get(self, header: str, default: str = "") -> str:
        """The text under a header, however spaced; ``default`` when the table has no such column."""
        return self.cells.get(normalise(header), default)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in the page's viewport, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float


_INVISIBLE = re.compile("[\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ue000-\uf8ff\ufeff\u2217]+")
_MASK = re.compile(r"[*\u2022\u25cf]+|[xX]{3,}")
"""What stands for hidden characters; normalising turns full-width asterisks into these."""
_AMOUNT = re.compile(r"-?(?:0|[1-9]\d*)\.\d+|-?[1-9]\d*")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})?(?:[-/.月](\d{1,2})?)?日?")


def normalise(text: str) -> str:
    """A label as a person reads it; the same rule as ``normalise`` in ``js/dom.js``."""
    return re.sub("^[*:]+|[*:]+$", "", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def compare(asked: str, shown: str) -> Match:
    """How far ``shown`` is what was ``asked`` for.

    >>> compare("6222021234567890123", "6222 0212 3456 7890 123")
    <Match.FORMATTED: 'formatted'>
    """
    if asked == shown:
        return Match.SAME
    if any(form(asked) == form(shown) != "" for form in (_bare, _amount, _date, _untailed)):
        return Match.FORMATTED
    bare_asked, bare_shown = _bare(asked), _bare(shown)
    if _masks(bare_shown, bare_asked):
        return Match.MASKED
    return Match.CUT if bare_shown and bare_asked.startswith(bare_shown) else Match.CHANGED


def _bare(text: str) -> str:
    """Without spaces, width and the separators that pages put between characters."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d)[,-](?=\d)", "", plain)


def _untailed(text: str) -> str:
    """Without the tail that tells how somebody logged in, as in ``甲公司 【CA认证】`` (portals.md, §12)."""
    return re.sub(r"【[^【】]*认证】$", "", _bare(text))


def _masks(shown: str, whole: str) -> bool:
    """Whether what is shown is the whole with a part hidden; a mask may be shorter than what it hides."""
    parts = _MASK.split(shown)
    if parts == [shown]:
        return False
    pattern = ".+".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, whole) is not None


def _amount(text: str) -> str:
    """An amount without separators, currency sign and trailing zeros; empty when it is none."""
    plain = re.sub(r"^[¥$]|元$|,", "", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    if not _AMOUNT.fullmatch(plain):
        return ""
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(text: str) -> str:
    """A date, month or year as ``2024-3-5``, however it is written; empty when it is none."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    found = _DATE.fullmatch(plain)
    return "-".join(str(int(part)) for part in found.groups() if part) if found else ""
