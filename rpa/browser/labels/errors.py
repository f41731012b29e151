"""What a script's answer means when time is up: which of our errors, in words for the operator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from typing import Any, Self

from rpa.browser.labels.spots import Spot, normalise
from rpa.errors import ForeignOrigin, NeedsPerson, PortalChanged, Stop, Unavailable

Answer = Mapping[str, Any]
"""What a script in ``js/`` returns: data, or ``wait`` and why."""


_OFFERED = 5
"""So many of the labels that a screen shows are named in a message."""


class MissingLabel(PortalChanged):
    """A label that is nowhere on the screen.

    Args:
        message: says so.
        label: ours; of a list the column that it lacks.
    """

    def __init__(self, message: str, label: str) -> None:
        super().__init__(message)
        self.label = label

    def among(self, shown: Collection[str]) -> Self:
        """The same error, with the labels that the screen does show and the line that would mend it."""
        nearest = sorted(shown, key=lambda name: -_likeness(self.label, name))[:_OFFERED]
        if not nearest:
            return self
        listed = "".join(f"“{name}”" for name in nearest)
        line = f'"{self.label}" = ["{nearest[0]}"]'
        mend = f"如果“{nearest[0]}”就是“{self.label}”，请在 configs/<平台>.toml 的 [labels] 中加一行：{line}"
        return type(self)(f"{self.message}；页面上有：{listed}；{mend}", self.label)


def _likeness(label: str, name: str) -> float:
    return SequenceMatcher(None, normalise(label), normalise(name)).ratio()


def error_for(spot: Spot, answer: Answer) -> Stop:
    """The error for a spot that could not be used, from the last answer of the page."""
    kind, message = _MESSAGES.get(answer["wait"], (Unavailable, "平台没有响应对{named}的操作"))
    places = answer.get("places", [])
    options = [option for option in answer.get("options", []) if option]
    words = {
        "named": f"“{spot.label}”" + (f"（在“{spot.within}”下）" if spot.within else ""),
        "count": len(places),
        "places": "；".join(places),
        "origin": answer.get("origin", ""),
        "options": f"，平台上有：{'、'.join(options)}" if options else "",
        "cover": f"“{answer['by']}”" if answer.get("by") else "其他内容",
    }
    if answer["wait"] == "missing":
        return MissingLabel(message.format(**words), answer.get("lacking", spot.label))
    return kind(message.format(**words))


_MESSAGES: Mapping[str, tuple[type[Stop], str]] = {
    "missing": (PortalChanged, "页面上找不到{named}"),
    "ambiguous": (PortalChanged, "页面上有 {count} 处{named}，无法判断是哪一处：{places}"),
    "foreign": (ForeignOrigin, "{named}所在的页面属于其他网站（{origin}），没有填写任何内容"),
    "option": (NeedsPerson, "{named}里没有表格中要的选项{options}"),
    "covered": (Unavailable, "{named}一直被{cover}挡住，无法操作"),
    "empty": (Unavailable, "{named}一直是空的"),
    "loading": (Unavailable, "{named}所在的列表一直在加载"),
    "unread": (Unavailable, "{named}所在的列表一直没有显示完整"),
    "busy": (Unavailable, "{named}所在的列表可能还会更新：平台有请求没有返回"),
    "unmarked": (Unavailable, "点了{named}，但平台没有选中这一行"),
    "disabled": (Unavailable, "{named}一直不可用（灰色）"),
}
