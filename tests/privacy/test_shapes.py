"""Personal numbers are masked however they are written; what only looks like one stays readable."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from rpa.privacy.masks import id_numbers, mask_name, redact
from tests.privacy.numbers import AROUND, ID_NUMBERS, WRITTEN, Writing, digits_of, in_groups, wide


@settings(max_examples=300, deadline=None)
@given(written=WRITTEN, around=st.sampled_from(AROUND))
def test_no_personal_number_passes(written: tuple[str, str], around: Writing) -> None:
    number, text = written
    told = redact(around(text))
    assert number not in digits_of(told)
    assert text not in told
    assert "*" in told


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T09:30:00.123+08:00",
        "20261122-093000",
        "批次_结果_20261122-093000.xlsx",
        "2026-11-22 2026-11-23",
        "授权期 20260101-20261231",
        "2026年11月22日 09:30 至 2027年11月22日 18:00",
        "1,234,567,890.12 元",
        "第 3 行、第 1 次尝试，共 2000 户",
        "91410100MA00019860",
        "B20261122-1",
        "http://127.0.0.1:8410/henan/form?month=202611",
        "client=141.0.7390.37 1280x800",
        "400-123-4567",
        "ab12" + "345678901" + "cd" * 20,
        hashlib.sha256(b"x").hexdigest(),
    ],
)
def test_what_must_stay_comparable_is_not_mangled(text: str) -> None:
    assert redact(text) == text


@given(st.datetimes(), st.binary(max_size=8), st.decimals(0, 10**9, places=2))
def test_moments_hashes_and_amounts_stay(moment: datetime, data: bytes, amount: object) -> None:
    digest = hashlib.sha256(data).hexdigest()
    for text in (f"{moment:%Y-%m-%d %H:%M:%S}", moment.isoformat(timespec="seconds"), f"{amount} 元"):
        assert redact(text) == text
    if any(one.isalpha() for one in digest[:12]) and any(one.isalpha() for one in digest[-12:]):
        assert redact(digest) == digest


def test_a_receipt_number_is_kept_where_it_is_named() -> None:
    told = redact("流水号 411302202600001234，账号 41001522010059888888", keep=("411302202600001234",))
    assert told == "流水号 411302202600001234，账号 410*************8888"


@pytest.mark.parametrize("gap", ["\u00a0", "\u3000"])
def test_a_portals_own_spaces_hide_no_number(gap: str) -> None:
    written = in_groups(4, gap=gap)("6222021234567890123")
    assert digits_of(redact(written)) == "622123"


def test_addresses_of_persons_are_masked() -> None:
    assert redact("写信给 wang.fang@example.com.cn。") == "写信给 w***@example.com.cn。"
    assert redact("henan@http://127.0.0.1:8410") == "henan@http://127.0.0.1:8410"


@given(WRITTEN)
def test_what_is_masked_once_stays_so(written: tuple[str, str]) -> None:
    told = redact(written[1])
    assert redact(told) == told


@given(
    ID_NUMBERS,
    st.sampled_from([str, wide, str.lower, in_groups(6, 8, 4), in_groups(6, 8, 4, gap="-")]),
    st.sampled_from(AROUND[:4]),
)
def test_whole_id_numbers_are_found(number: str, write: Writing, around: Writing) -> None:
    text = around(write(number))
    [(begin, end)] = id_numbers(text)
    assert digits_of(text[begin:end]) == number


@pytest.mark.parametrize(
    "text",
    [
        "410101199003077531",  # the check digit is wrong
        "410101199013077533",  # no such month
        "910101199003077538",  # no such region
        "411302202611221235",  # a receipt number with the day of receipt
        "41010119900307753",
        "41010119900307753X0",
        "41010119900307753X".replace("0307", "03*7"),
    ],
)
def test_what_is_no_id_number(text: str) -> None:
    assert list(id_numbers(text)) == []


@given(st.from_regex(r"\A(9[1-3]|5[1-3]|12)(41|44)[0-9]{4}[0-9A-HJ-NPQRTUWXY]{9}\Z"), st.binary())
def test_credit_codes_and_hashes_are_no_id_numbers(body: str, data: bytes) -> None:
    code = body + uscc.calc_check_digit(body)
    assert list(id_numbers(f"{code} {hashlib.sha256(data).hexdigest()}")) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳修文", "欧***"), ("John Smith", "J*********"), ("张", "*"), ("", "")],
)
def test_names_of_persons(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_long_texts_without_end_cost_no_more_than_their_length() -> None:
    """No shape may take time that grows faster than the text: a portal's page can be large."""
    began = time.process_time()
    for text in (
        "1 " * 50_000,
        "1-" * 50_000,
        "a@" * 50_000,
        "123 " * 25_000,
        "0371" * 25_000,
        "a." * 50_000,
    ):
        redact(text)
        list(id_numbers(text))
    assert time.process_time() - began < 5
