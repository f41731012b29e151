"""What a person can be asked, and how an answer reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rpa.errors import UserError


class Kind(StrEnum):
    """The kinds of request."""

    CAPTCHA = "captcha"
    SMS = "sms"
    PASSWORD = "password"  # noqa: S105 - a kind of request
    APPROVAL = "approval"
    CLEARING = "clearing"
    """Whether a commit never arrived, so that the filing may be made again."""
    SCAN = "scan"
    """Scan the QR code of the picture, then say so."""
    TAKEOVER = "takeover"
    """Do something in the browser's own window, then say so."""

    @property
    def chinese(self) -> str:
        """The word that operators read."""
        return _CHINESE[self]

    @property
    def yes_or_no(self) -> bool:
        """Whether the answer is a decision."""
        return self in (Kind.APPROVAL, Kind.CLEARING, Kind.SCAN, Kind.TAKEOVER)

    @property
    def secret(self) -> bool:
        """Whether the answer must never be written down."""
        return self in (Kind.CAPTCHA, Kind.SMS, Kind.PASSWORD)


_CHINESE = {
    Kind.CAPTCHA: "验证码",
    Kind.SMS: "短信验证码",
    Kind.PASSWORD: "登录密码",
    Kind.APPROVAL: "提交前确认",
    Kind.CLEARING: "未提交确认",
    Kind.SCAN: "扫码登录",
    Kind.TAKEOVER: "人工接管",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says where yes or no is asked."""

    approved: bool
    reason: str = ""


_AFTER_THE_WORD = re.compile(r"[,\s]+")
_YES = ("y", "yes", "同意", "是")
_NO = ("n", "no", "不同意", "否", "退回")


def fold(text: str) -> str:
    """An answer as it is used: full width to half width (NFKC), without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def as_answered(kind: str, text: str) -> str:
    """The text of an answer as it is used: folded, but for a password, which is taken as it is."""
    return text if kind == Kind.PASSWORD else fold(text)


def decision(text: str) -> Decision:
    """Read the answer to a question of yes or no: ``y``, or ``n`` and a reason.

    Raises:
        UserError: it is neither.
    """
    word, _, reason = _AFTER_THE_WORD.sub(" ", fold(text), count=1).partition(" ")
    if word.lower() in _YES:
        return Decision(approved=True)
    if word.lower() in _NO:
        return Decision(approved=False, reason=reason.strip())
    raise UserError("请答 y（同意、已办好）或 n 加理由（不同意、办不了）")


def check_answer(kind: str, text: str) -> str:
    """The folded text, if it can answer a request of this kind.

    Raises:
        UserError: it is empty, or neither yes nor no where that is asked.
    """
    folded = as_answered(kind, text)
    if not folded:
        raise UserError("答复不能为空")
    if Kind(kind).yes_or_no:
        decision(folded)
    return folded


def approval_detail(rows: Iterable[Sequence[str]]) -> Mapping[str, Any]:
    """What an approval shows: label, value in the workbook's row, value on the page."""
    return {"rows": [list(row) for row in rows]}
