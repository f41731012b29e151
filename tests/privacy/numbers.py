"""Personal numbers for the tests, as people and programs write them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from hypothesis import strategies as st
from stdnum.cn import ric

FIRST, LAST = date(1940, 1, 1), date(2005, 12, 31)


def _id_number(region: str, born: date, order: int) -> str:
    first = f"{region}{born:%Y%m%d}{order:03}"
    return first + ric.calc_check_digit(f"{first}0")


ID_NUMBERS = st.builds(
    _id_number,
    st.sampled_from(["410101", "440103", "110101", "419001", "500119"]),
    st.dates(FIRST, LAST),
    st.integers(0, 999),
)
OLD_ID_NUMBERS = st.from_regex(r"\A410101[4-9][0-9](0[1-9]|1[0-2])[0-2][1-9][0-9]{3}\Z")
MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
LANDLINES = st.from_regex(r"\A0[1-9][0-9]{2}[2-9][0-9]{6,7}\Z")
ACCOUNTS = st.from_regex(r"\A[1-9][0-9]{11,29}\Z")

Writing = Callable[[str], str]


def in_groups(*sizes: int, gap: str = " ") -> Writing:
    """Writes a number in groups of these sizes, the last one over and over."""

    def write(number: str) -> str:
        groups, left, size = [], number, list(sizes)
        while left:
            groups.append(left[: size[0]])
            left = left[size[0] :]
            size = size[1:] or size
        return gap.join(groups)

    return write


def wide(number: str) -> str:
    """Full width, as a Chinese keyboard writes it."""
    return "".join(chr(ord(one) + 0xFEE0) for one in number)


def digits_of(text: str) -> str:
    """All digits of a text, half width, one after the other."""
    return "".join(re.findall("[0-9X]", unicodedata.normalize("NFKC", text).upper()))


ANY_WAY: tuple[Writing, ...] = (str, wide, str.lower)
BY_KIND: tuple[tuple[st.SearchStrategy[str], tuple[Writing, ...]], ...] = (
    (ID_NUMBERS, (in_groups(6, 8, 4), in_groups(6, 8, 4, gap="-"), in_groups(6, 4, 4))),
    (OLD_ID_NUMBERS, (in_groups(6, 6, 3),)),
    (
        MOBILES,
        (
            in_groups(3, 4),
            in_groups(3, 4, gap="-"),
            "+86{}".format,
            "+86 {}".format,
            "86-{}".format,
            lambda number: "0086 " + in_groups(3, 4)(number),
        ),
    ),
    (LANDLINES, (in_groups(4, 8, gap="-"), "({0[0]}{0[1]}{0[2]}{0[3]}){0}".format)),
    (ACCOUNTS.filter(lambda number: len(number) > 14), (in_groups(4), in_groups(4, gap="-"), in_groups(8))),
    (ACCOUNTS, ()),
)
WRITTEN = st.one_of(
    [
        st.builds(lambda number, write: (number, write(number)), numbers, st.sampled_from((*ANY_WAY, *ways)))
        for numbers, ways in BY_KIND
    ]
)
"""A number, and how it was written."""

AROUND: tuple[Writing, ...] = (
    "联系方式{}".format,
    "账号：{}，户名".format,
    lambda number: repr(f"电话\n{number}\n"),
    lambda number: json.dumps({"电话": "手机"})[:-2] + number + '"}',
    lambda number: f"http://127.0.0.1/?q={quote('电话：')}{number}&p=1",
    "({})".format,
    "_{}.jpg".format,
)
"""What a number stands in."""
