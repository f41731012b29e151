"""What a script's answer means when time is up: which of our errors, in words for the operator."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any, Self

from rpa.browser.labels.spots import ControlContent, Match, Spot, normalise
from rpa.errors import ForeignOrigin, NeedsPerson, NotTaken, PortalChanged, Stop, Unavailable

Answer = Mapping[str, Any]
"""What a script in ``js/`` returns: data, or ``wait`` and why."""


_OFFERED = 5
"""So many of the labels that a screen shows are named in a message."""


_HARMS = re.compile("删除|清空|重置|注销|退出|作废|撤销|撤回")
"""What a person who is told a name must never be led to press."""


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
        likely = [name for name in nearest if _likeness(self.label, name) > 0 and not _HARMS.search(name)]
        mend = self._mended_by(likely[0]) if likely else ""
        return type(self)(f"{self.message}；页面上有：{listed}{mend}", self.label)

    def _mended_by(self, name: str) -> str:
        line = f'"{self.label}" = ["{name}"]'
        return f"；如果“{name}”就是“{self.label}”，请在 configs/<平台>.toml 的 [labels] 中加一行：{line}"


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


def check_taken(held: Iterable[ControlContent], accepts: Collection[Match]) -> None:
    """See that every field holds what was asked for, as far as the caller wants it.

    Raises:
        NotTaken: one does not; the message names the labels, never what they hold.
    """
    fields = [f"“{one.label}”（{_HELD[one.match]}）" for one in held if one.match not in accepts]
    if fields:
        raise NotTaken(f"填写后平台上的内容与要填的不一致：{'、'.join(fields)}", _NOT_TAKEN)


_HELD = {
    Match.SAME: "相同",
    Match.FORMATTED: "写法不同",
    Match.CUT: "被截短",
    Match.CHANGED: "没有填入或被改动",
}
_NOT_TAKEN = "请在平台上看看该栏能否手工填写：能填则是页面有变化，请联系维护人员；填不进则更正要填的内容"

_MESSAGES: Mapping[str, tuple[type[Stop], str]] = {
    "missing": (PortalChanged, "页面上找不到{named}"),
    "ambiguous": (PortalChanged, "页面上有 {count} 处{named}，无法判断是哪一处：{places}"),
    "foreign": (ForeignOrigin, "{named}所在的页面属于其他网站（{origin}），没有填写任何内容"),
    "option": (NeedsPerson, "{named}里没有表格中要的选项{options}"),
    "covered": (Unavailable, "{named}一直被{cover}挡住，无法操作"),
    "empty": (Unavailable, "{named}一直是空的"),
    "arriving": (Unavailable, "{named}的图片一直没有显示出来"),
    "broken": (Unavailable, "{named}的图片打不开"),
    "spent": (Unavailable, "{named}的图片没有换成新的"),
    "loading": (Unavailable, "{named}所在的列表一直在加载"),
    "unread": (Unavailable, "{named}所在的列表一直没有显示完整"),
    "busy": (Unavailable, "{named}所在的列表可能还会更新：平台有请求没有返回"),
    "unmarked": (Unavailable, "点了{named}，但平台没有选中这一行"),
    "disabled": (Unavailable, "{named}一直不可用（灰色）"),
}
