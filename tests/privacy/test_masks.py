"""What must never be written down is not, wherever it turns up."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loguru import logger

from rpa.errors import Difference, Mismatch
from rpa.filing import Employer
from rpa.privacy.masks import forget_secret, hide, mask, mask_account, redact, register_secret

SECRET = "k7Qw!zP9"


@pytest.fixture
def secret() -> Iterator[str]:
    yield register_secret(SECRET)
    forget_secret(SECRET)


def test_a_registered_secret_is_hidden_until_it_is_forgotten(secret: str) -> None:
    assert SECRET not in redact(f"密码 {secret} 已输入")
    forget_secret(secret)
    assert secret in redact(f"密码 {secret} 已输入")
    register_secret(secret)


@pytest.mark.parametrize(("value", "shown"), [("13812345678", "138****5678"), ("1234567", "*******")])
def test_mask(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_mask_can_hide_an_end() -> None:
    assert mask("12345678", head=2, tail=0) == "12******"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("abcd", "****"),
        ("zhang", "z***g"),
        ("13812345678", "13*******78"),
        ("440103199003077538", "440************538"),
    ],
)
def test_mask_account(value: str, shown: str) -> None:
    assert mask_account(value) == shown


@given(st.text(min_size=1, max_size=40))
def test_most_of_an_account_stays_hidden(value: str) -> None:
    masked = mask_account(value)
    assert len(masked) == len(value)
    assert masked.count("*") > len(value) / 2


def test_a_captcha_is_hidden_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    hide("2026", seconds=600)
    assert redact("2026-11-22") == "〔已隐去〕-11-22"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 601)
    assert redact("2026-11-22") == "2026-11-22"


def test_a_password_that_is_a_captcha_too_stays_hidden(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(secret, seconds=600)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 601)
    assert secret not in redact(f"密码 {secret}")


def test_any_text_can_be_a_secret() -> None:
    strange = register_secret("ab\udcff\x00cd")  # as a terminal with another encoding hands it over
    try:
        assert redact(strange) == "〔已隐去〕"
    finally:
        forget_secret(strange)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps,
        repr,
        quote,
        quote_plus,
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: quote(text, safe="!'()*"),  # JavaScript's encodeURIComponent
        lambda text: quote_plus(text, safe="*").replace("~", "%7E"),  # a form that a browser sends
        lambda text: str(markupsafe.escape(text)),
        lambda text: quote(text, safe="/:@!$&()*+,;=?"),  # an address bar
    ],
)
def test_a_secret_is_hidden_however_it_is_written(written: Callable[[str], str]) -> None:
    awkward = register_secret("~pa\"ss'w\\örd&<密> *1")
    try:
        assert redact(f"<{written(awkward)}>") in ("<〔已隐去〕>", '<"〔已隐去〕">', "<'〔已隐去〕'>")
    finally:
        forget_secret(awkward)


def test_the_log_holds_neither_secrets_nor_variables(secret: str, log: io.StringIO) -> None:
    def fails(password: str) -> None:
        raise ValueError(f"refused: {password}")

    logger.info("answered {} for 13812345678", secret)
    try:
        fails(secret)
    except ValueError:
        logger.exception("failed with {}", secret)
    written = log.getvalue()
    assert "refused" in written
    assert secret not in written
    assert "13812345678" not in written


def test_data_and_errors_show_no_personal_values() -> None:
    employer = Employer(
        "示例公司", "91410100MA00019860", contact="张三", phone="13812345678", account="171400000001"
    )
    differences = (Difference("银行账号", "171400000001", "999"),)
    said = repr(employer) + str(Mismatch(differences)) + repr(Mismatch(differences)) + repr(differences)
    assert "银行账号" in said
    for value in ("张三", "13812345678", "171400000001", "999"):
        assert value not in said
