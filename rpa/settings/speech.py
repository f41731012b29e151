"""By which words a portal's messages are told: lists that all portals share, and a portal's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from rpa.settings.configs import read_defaults


class Tone(StrEnum):
    """What a portal's message means for whoever reads it. Words are held against the tones in this order."""

    CREDENTIALS = "credentials"
    """Account or password are wrong, or the account is locked."""
    CAPTCHA = "captcha"
    """What was read from a picture, or came by SMS, is wrong or too old."""
    EXPIRED = "expired"
    """Nobody is signed in any more."""
    MAINTENANCE = "maintenance"
    PROGRESS = "progress"
    """Something is under way: the answer comes later."""
    SUCCESS = "success"
    IN_REVIEW = "in_review"
    """An earlier application is being reviewed (正在审核中)."""
    ALREADY = "already"
    """It was applied for before (已经申请过, 请勿重复)."""
    TRANSIENT = "transient"
    """The portal is unwell for now (系统繁忙, 网络异常); or it failed and says no reason."""
    QUESTION = "question"
    """It wants a yes or a no: two buttons of opposite meaning, else words."""
    INFORMATION = "information"
    """Nothing depends on it: a notice that is closed."""
    REFUSAL = "refusal"
    UNKNOWN = "unknown"
    """None of the words is known: a person's to read."""


def word_list(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words, or patterns between slashes.

    Raises:
        ValueError: a pattern is none.
    """
    for word in words:
        try:
            compiled(word)
        except re.error:
            raise ValueError("不是有效的正则表达式") from None
    return words


@cache
def compiled(word: str) -> re.Pattern[str]:
    """What finds a word, or a pattern between slashes, in a message without spaces and in half width.

    Raises:
        re.error: the pattern is none.
    """
    pattern = word[1:-1] if len(word) > 1 and word[0] == word[-1] == "/" else re.escape(word)
    return re.compile(pattern, re.IGNORECASE)


WordList = Annotated[tuple[str, ...], AfterValidator(word_list)]
"""Words of one tone, as the settings give them."""


@cache
def shared_words() -> Mapping[Tone, tuple[str, ...]]:
    """The words that all portals share.

    Raises:
        UserError: ``configs/defaults.toml`` is not TOML.
        pydantic.ValidationError: a tone or pattern in it is wrong.
    """
    return TypeAdapter(dict[Tone, WordList]).validate_python(read_defaults().get("speech", {}))
