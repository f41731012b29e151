"""Where a picture shows personal data: what is looked for, and the boxes that a shared copy hides.

A page is asked beside the capture (``js/private.js``). Two things count: what stands under a label of a
person's data, whatever it is, and what the filing at work knows, or what looks like a number of a person,
wherever it shows. What identifies the filing stays readable: names and codes of the employer, receipt
numbers, dates.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rpa.privacy.masks import Box

_LABELS = (
    "法定代表人姓名",
    "法定代表人",
    "法人代表",
    "法人姓名",
    "(?<![\u4e00-\u9fff])法人",
    "负责人",
    "经办人姓名",
    "经办人",
    "授权人",
    "填报人",
    "联系人姓名",
    "联系人",
    "姓名",
    "(?:联系|办公|固定)?电话(?:号码)?",
    "联系方式",
    "(?:联系)?手机号?码?",
    "证件号码?",
    "身份证号?码?",
    "(?:银行|收款|管理员|个人|登录)?[账帐]号",
    "银行账户",
    "卡号",
    "个人编号",
    "社会保障号码?",
    "户名",
    "用户名",
    "账户名称",
    "(?:登录)?密码",
    "(?:电子)?邮箱",
)
"""How labels of a person's data end, as the manuals write them; regular expressions."""

_OPEN = "流水号|受理号|(?<!个人)编号|管理码|信用代码|机构代码|注册号|单位名称|凭证号|批次号"
"""Labels of numbers and names that identify a filing, not a person."""

_MARGIN = 3
"""Pixels around what is hidden: letters reach over their boxes."""
_MOST = 300
UNKNOWN = "未能识别"
"""What the one box says that covers a picture whose page could not be examined."""


class PersonalData:
    """What is personal at one session: words for always, values while an attempt works on a filing.

    Args:
        labels: further labels (plain words) that the portal's settings name.
    """

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self._labels = "|".join([*map(re.escape, labels), *_LABELS])
        self._known: dict[str, str] = {}
        """Value → what it is."""
        self._open: tuple[str, ...] = ()

    @contextmanager
    def knowing(self, known: Mapping[str, str], open_values: Collection[str]) -> Iterator[None]:
        """Know a filing's values inside the block, and forget them, and what was learnt, behind it.

        Args:
            known: personal value → what it is, in Chinese.
            open_values: values that stay readable even where they look personal.
        """
        self._known, self._open = dict(known), tuple(open_values)
        try:
            yield
        finally:
            self._known, self._open = {}, ()

    def learn(self, what: str, value: str) -> None:
        """Know one more value until the attempt is over, such as a login's account."""
        if value and value not in self._open:
            self._known.setdefault(value, what)

    def wanted(self, *, trusted: bool) -> Mapping[str, Any]:
        """What the page script looks for; values only where the page is the portal's own."""
        known = [[what, value] for value, what in self._known.items() if len(value) > 1] if trusted else []
        return {
            "labels": self._labels,
            "open": _OPEN,
            "known": known,
            "plain": list(self._open) if trusted else [],
        }


def places_of(told: str | None) -> list[Box] | None:
    """The places that a page script tells of, in pixels; None where it could not tell.

    Args:
        told: ``x,y,width,height,what`` on each line.
    """
    if told is None:
        return None
    found = (line.split(",", 4) for line in told.splitlines())
    return [
        Box(int(left), int(top), int(width), int(height), what) for left, top, width, height, what in found
    ]


def boxes_in(places: Iterable[Box] | None, width: int, height: int) -> tuple[Box, ...]:
    """The boxes of a picture: with a margin, inside the picture, none in another one.

    Args:
        places: None where it cannot be told: all of the picture counts as personal then.
        width: of the picture.
        height: of the picture.
    """
    if places is None:
        return (Box(0, 0, width, height, UNKNOWN),)
    found: list[Box] = []
    for one in places:
        x, y = max(one.x - _MARGIN, 0), max(one.y - _MARGIN, 0)
        right = min(one.x + one.width + _MARGIN, width)
        bottom = min(one.y + one.height + _MARGIN, height)
        if right > x and bottom > y:
            found.append(Box(x, y, right - x, bottom - y, one.what))
    outer = _without_inner(found)
    return tuple(outer if len(outer) <= _MOST else _one_for_each(outer))


def _without_inner(boxes: Sequence[Box]) -> list[Box]:
    """The boxes that no other one holds, from the top down."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda one: -one.width * one.height):
        if not any(_holds(other, box) for other in kept):
            kept.append(box)
    return sorted(kept, key=lambda one: (one.y, one.x))


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def _one_for_each(boxes: Sequence[Box]) -> list[Box]:
    """One box around all of a kind: a list of hundreds of people."""
    kinds: dict[str, list[Box]] = {}
    for box in boxes:
        kinds.setdefault(box.what, []).append(box)
    around = []
    for what, alike in kinds.items():
        x, y = min(one.x for one in alike), min(one.y for one in alike)
        right, bottom = max(one.x + one.width for one in alike), max(one.y + one.height for one in alike)
        around.append(Box(x, y, right - x, bottom - y, what))
    return around
