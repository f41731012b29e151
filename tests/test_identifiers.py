from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.identifiers import (
    Checked,
    account,
    beyond_excel,
    credit_code,
    mobile,
    phone,
    registered_in,
    unit_number,
    visible,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("91350100M000100Y43", "91350100M000100Y43"),
        ("91410100MA00019860", "91410100MA00019860"),
        ("９１３５０１００ｍ０００１００ｙ４３", "91350100M000100Y43"),
        (" 9135 0100 M000\u200b100Y43\ufeff", "91350100M000100Y43"),
        ("91350100-M000100Y-43", "91350100M000100Y43"),
        ("N2350100M000100Y4J", "N2350100M000100Y4J"),
    ],
)
def test_credit_codes_are_normalised(text: str, value: str) -> None:
    checked = credit_code(text)
    assert checked.value == value
    assert checked.problem == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("91350100M000100Y4Z", "字符 Z"),
        ("91350100M000100Y44", "校验位"),
        ("N2350100M000100Y42", "校验位"),
        ("91350100M000100Y4", "实际 17 位"),
        ("410100123456789", "实际 15 位"),
        ("91350100MO00100Y43", "字符 O"),
        ("  ", "没有填写"),
    ],
)
def test_wrong_credit_codes_say_why(text: str, part: str) -> None:
    assert part in credit_code(text).problem


def test_a_code_tells_where_it_was_issued() -> None:
    assert registered_in("91410100MA00019860") == "河南"
    assert registered_in("91440100MA0001986X") == "广东"
    assert registered_in("") == ""


@pytest.mark.parametrize(
    "text", ["13800001234", "+86 138-0000-1234", "８６１３８００００１２３４", "138 0000 1234\u200b"]
)
def test_mobiles(text: str) -> None:
    assert mobile(text) == Checked("13800001234")
    assert phone(text) == Checked("13800001234")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0377-63123456", "0377-63123456"),
        ("037763123456", "037763123456"),
        ("（0377）63123456", "0377-63123456"),
        ("0377—63123456—802", "0377-63123456-802"),
        ("400-123-4567", "400-123-4567"),
    ],
)
def test_landlines(text: str, value: str) -> None:
    assert phone(text) == Checked(value)


def test_strange_phones() -> None:
    assert "区号" in phone("63123456").warning
    assert "一个号码" in phone("13800001234/13800005678").problem
    assert phone("12345").problem
    assert phone("").problem == "没有填写"
    assert mobile("0377-63123456").problem


def test_accounts_are_never_refused_for_luhn() -> None:
    assert account("6222 0212 3456 7890 121") == Checked("6222021234567890121")
    assert account("1714000000000001") == Checked("1714000000000001")
    assert account("１７１４０００００００００００１").value == "1714000000000001"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("6222021234567890128", "个人银行卡"),
        ("622202123456789000", "舍入"),
        ("1714-000001", "原样"),
        ("1714001", "少见"),
    ],
)
def test_odd_accounts_are_warnings(text: str, part: str) -> None:
    checked = account(text)
    assert checked.problem == ""
    assert part in checked.warning


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("6.22E+18", "科学计数"),
        ("账号1714", "数字以外"),
        ("12", "位数不对"),
        ("", "没有"),
    ],
)
def test_impossible_accounts(text: str, part: str) -> None:
    assert part in account(text).problem


def test_unit_numbers() -> None:
    assert unit_number(" 410000000001 ") == Checked("410000000001")
    assert unit_number("4.1E+11").problem
    assert unit_number("单位41").problem


def test_brackets_and_inner_spaces_stay_as_typed() -> None:
    assert visible(" 郑州示例（集团）有限公司\u200b") == "郑州示例（集团）有限公司"
    assert visible("Demo  (China)\u3000Ltd") == "Demo (China) Ltd"


def test_excel_keeps_fifteen_digits() -> None:
    assert not beyond_excel(999_999_999_999_999.0)
    assert beyond_excel(1e15)


def test_values_stay_out_of_repr() -> None:
    assert "6222021234567890128" not in repr(account("6222021234567890128"))


@given(st.text())
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    for check in (credit_code, mobile, phone, account, unit_number):
        checked = check(text)
        assert not any(letter.isspace() for letter in checked.value)
        assert not (checked.problem and checked.warning)
