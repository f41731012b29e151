"""How answers are read."""

from __future__ import annotations

import pytest

from rpa.errors import UserError
from rpa.operator.request import Decision, Kind, check_answer, decision, fold


def test_every_kind_has_a_chinese_name() -> None:
    assert len({kind.chinese for kind in Kind}) == len(Kind)
    assert {kind for kind in Kind if kind.secret} == {Kind.CAPTCHA, Kind.SMS, Kind.PASSWORD}


def test_full_width_is_folded() -> None:
    assert fold("　７ｋ３Ｍ \n") == "7k3M"
    assert check_answer("captcha", " ａｂ１２ ") == "ab12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y", Decision(approved=True)),
        ("Ｙ", Decision(approved=True)),
        ("同意", Decision(approved=True)),
        ("n", Decision(approved=False)),
        ("n 账号不对", Decision(approved=False, reason="账号不对")),
        ("不同意，账号不对", Decision(approved=False, reason="账号不对")),
        ("n 账号不对,请核", Decision(approved=False, reason="账号不对,请核")),
    ],
)
def test_decisions(text: str, expected: Decision) -> None:
    assert decision(text) == expected


@pytest.mark.parametrize(("kind", "text"), [("captcha", "　"), ("approval", "也许"), ("approval", "yn")])
def test_what_cannot_be_an_answer(kind: str, text: str) -> None:
    with pytest.raises(UserError):
        check_answer(kind, text)
