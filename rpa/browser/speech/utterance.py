"""One thing that a portal says, and what it means: by its structure first, then by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rpa.browser.labels.spots import normalise
from rpa.settings.portal import PortalSettings
from rpa.settings.speech import Tone, compiled

__all__ = ["Shape", "Tone", "Utterance"]

YES = ("是", "确定", "确认", "提交", "确认提交", "继续", "同意", "ok", "yes")
"""What a question is answered with, the first that there is."""
CLOSE = ("知道了", "我知道了", "我已知晓", "确定", "确认", "关闭", "ok", "×")
"""What closes a notice, the first that there is."""
CLOSE_ONLY = ("×", "关闭", "取消", "否", "返回", *CLOSE)
"""What closes anything and agrees to nothing, the first that there is."""
_NO = re.compile(r"^(?:否|取消|关闭|返回|不|暂|再看|再想|我再|稍后|放弃|no$|cancel)")
"""How a caption begins that agrees to nothing."""
_CONDITION = re.compile(
    r"(?:^|(?<=[,。;!]))"
    r"(?:(?:如|若|倘|一旦|万一|否则|逾期|(?:提交|申报|保存|确认)后)[^,。;!]*|[^,。;!]*(?:将|的会|会被)(?:被|会|予以)?(?:退回|驳回)[^,。;!]*)"
    r"(?:[,。;!]|$)"
)
"""A clause that says what would be, and not what is: 如账户信息有误请联系经办机构, 审核不通过的将退回修改."""
_STATED = frozenset({Tone.SUCCESS, Tone.ALREADY, Tone.TRANSIENT, Tone.REFUSAL})
"""What counts only where it is said to be so."""
_CLOSES_ITSELF = {"知道了", "我知道了", "我已知晓"}
_LONG = 200
"""Characters from which a text is a notice or a document: single words in it are no answer."""


class Shape(StrEnum):
    """How a message is shown."""

    NATIVE = "native"
    """The browser's own alert, confirm or prompt."""
    DIALOG = "dialog"
    """A box above the page that wants a click, or stands until one."""
    TOAST = "toast"
    """Words above the page that go away by themselves."""
    INLINE = "inline"
    """A text in the page, such as an error beside its field."""
    BANNER = "banner"
    """As wide as the page, or nearly."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a portal said once."""

    words: str
    """Without title and buttons."""
    title: str
    tone: Tone
    shape: Shape
    buttons: tuple[str, ...]
    """Captions in the page's order, without spaces; a cross is ``×``."""
    top: bool
    """Nothing covered it when it was heard, or when it last moved."""
    certainty: int
    """How far its structure alone says that it is a message: 2 certainly, 1 if its words agree, 0 perhaps
    (it counts where nothing else was said in time)."""
    key: tuple[int, int] = (0, 0)
    """Where it is: the document, and the number there."""

    @property
    def floats(self) -> bool:
        """Whether it stands above the page."""
        return self.shape in (Shape.NATIVE, Shape.DIALOG, Shape.TOAST)

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Captions that say yes to it, the likeliest first; at last the only button that says no no."""
        others = tuple(button for button in self.buttons if button != "×" and not _declines(button))
        return (*YES, *CLOSE[:3], *(others if len(others) == 1 else ()))

    @property
    def asks(self) -> bool:
        """Whether it wants a yes or a no by its buttons, whatever its words say."""
        return _asks(self.buttons)

    @property
    def telling(self) -> bool:
        """Whether it is certain enough to go by at once."""
        return self.certainty >= (2 if self.tone is Tone.UNKNOWN else 1)


def drawn(told: Mapping[str, Any], document: int, portal: PortalSettings) -> Utterance:
    """A message that ``js/speech.js`` tells of."""
    shape, title, words, buttons = (
        Shape(told["shape"]),
        told["title"],
        told["words"],
        tuple(told["buttons"]),
    )
    tone = tone_of(words, portal, title=title, buttons=buttons)
    key = (document, told["key"])
    return Utterance(words, title, tone, shape, buttons, told["top"], told["certainty"], key)


def native(kind: str, message: str, number: int, portal: PortalSettings) -> Utterance:
    """A dialog of the browser's own, of Playwright's kind: ``alert``, ``confirm`` or ``prompt``."""
    buttons = ("确定",) if kind == "alert" else ("确定", "取消")
    tone = tone_of(message, portal, buttons=buttons)
    return Utterance(message, "", tone, Shape.NATIVE, buttons, top=True, certainty=2, key=(0, number))


def tone_of(words: str, portal: PortalSettings, *, title: str = "", buttons: tuple[str, ...] = ()) -> Tone:
    """What a message means.

    Two buttons of opposite meaning make a question of it, unless its words tell why nothing goes on. A
    notice is known by its title; a long text tells nothing by the words that occur in it.
    """
    said, named = normalise(words).lower(), normalise(title).lower()
    stated = _CONDITION.sub("", said) or said
    asks = _asks(buttons)
    if _fits(Tone.INFORMATION, named, portal) and not asks:
        return Tone.INFORMATION
    for tone in Tone:
        if tone is Tone.QUESTION and asks:
            return tone
        meant = stated if tone in _STATED else said
        if len(said) <= _LONG and _fits(tone, meant, portal):
            return tone
    return Tone.INFORMATION if _CLOSES_ITSELF & set(buttons) else Tone.UNKNOWN


def _fits(tone: Tone, said: str, portal: PortalSettings) -> bool:
    return any(compiled(word).search(said) for word in portal.spoken(tone)) if said else False


def _asks(buttons: tuple[str, ...]) -> bool:
    declining = [_declines(button) for button in buttons if button != "×"]
    return any(declining) and not all(declining)


def _declines(button: str) -> bool:
    return _NO.match(button.lower()) is not None
