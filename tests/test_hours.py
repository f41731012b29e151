"""Opening hours: read as written, in China's time, with no moment lost between two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa.errors import UserError
from rpa.filing import CHINA
from rpa.settings.hours import Hours
from rpa.settings.settings import load_settings

MONDAY = datetime(2026, 11, 23, tzinfo=CHINA)


def at(day: int, time: str) -> datetime:
    """A moment of the week that begins on :data:`MONDAY`; day 1 is Monday."""
    hour, minute = map(int, time.split(":"))
    return MONDAY + timedelta(days=day - 1, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("texts", "opened", "closed"),
    [
        (["1-5 08:00-20:00"], [(1, "8:00"), (5, "19:59")], [(1, "7:59"), (5, "20:00"), (6, "10:00")]),
        (["6,7 09:00-12:00"], [(6, "9:00"), (7, "11:59")], [(5, "10:00"), (7, "12:00")]),
        (["1-3,5 9:00-10:00"], [(3, "9:30"), (5, "9:30")], [(4, "9:30")]),
        (["06:00-23:30"], [(1, "6:00"), (7, "23:29")], [(3, "5:59"), (7, "23:30")]),
        (["5 22:00-02:00"], [(5, "22:00"), (6, "1:59")], [(5, "1:00"), (6, "2:00"), (6, "22:00")]),
        (["7 22:00-02:00"], [(7, "23:00"), (1, "1:59")], [(1, "2:00"), (7, "21:59")]),
        (["00:00-24:00"], [(1, "0:00"), (7, "23:59")], []),
        (["1 08:00-10:00", "1 09:00-12:00"], [(1, "8:00"), (1, "11:59")], [(1, "12:00")]),
        ([], [(1, "0:00"), (7, "3:00")], []),
    ],
)
def test_what_an_entry_means(
    texts: list[str], opened: list[tuple[int, str]], closed: list[tuple[int, str]]
) -> None:
    hours = Hours.parse(texts)
    assert all(hours.open_at(at(*moment)) for moment in opened)
    assert not any(hours.open_at(at(*moment)) for moment in closed)


def test_the_hours_are_chinas_wherever_the_machine_stands() -> None:
    hours = Hours.parse(["1-5 08:00-20:00"])
    sunday_night = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)  # Monday 07:59:59 in China
    assert not hours.open_at(sunday_night)
    assert hours.open_at(sunday_night + timedelta(seconds=1))
    assert hours.next_opening(sunday_night) == at(1, "8:00")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((1, "7:00"), (1, "8:00")),
        ((1, "12:00"), (1, "12:00")),
        ((1, "20:00"), (2, "8:00")),
        ((5, "20:00"), (8, "8:00")),
        ((7, "23:00"), (8, "8:00")),
    ],
)
def test_the_next_opening(now: tuple[int, str], then: tuple[int, str]) -> None:
    assert Hours.parse(["1-5 08:00-20:00"]).next_opening(at(*now)) == at(*then)


TIMES = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
DAYS = st.lists(st.integers(1, 7), min_size=1, max_size=3).map(lambda days: ",".join(map(str, days)) + " ")
RANGES = st.tuples(TIMES, TIMES).filter(lambda both: both[0] != both[1]).map("-".join)
ENTRIES = st.tuples(DAYS | st.just(""), RANGES).map("".join)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(st.lists(ENTRIES, min_size=1, max_size=3), MOMENTS, st.floats(0, 1, exclude_max=True))
def test_the_next_opening_is_open_and_nothing_before_it_is(
    texts: list[str], moment: datetime, part: float
) -> None:
    hours = Hours.parse(texts)
    opening = hours.next_opening(moment)
    assert moment <= opening < moment + timedelta(weeks=1)
    assert hours.open_at(opening)
    if opening > moment:
        between = moment + (opening - moment) * part
        assert between == opening or not hours.open_at(between)
        assert not hours.open_at(opening - timedelta(microseconds=1))


@given(st.lists(ENTRIES, min_size=2, max_size=3), MOMENTS)
def test_several_entries_add_up(texts: list[str], moment: datetime) -> None:
    alone = [Hours.parse([text]).open_at(moment) for text in texts]
    assert Hours.parse(texts).open_at(moment) is any(alone)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "0-5 08:00-20:00",
        "1-8 08:00-20:00",
        "5-1 08:00-20:00",
        "1-5",
        "08:00",
        "08:00-25:00",
        "08:60-20:00",
        "24:00-02:00",
        "08:00-08:00",
        "1-5 ٠٨:00-20:00",
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match=r"opening_hours\.1：.*08:00-20:00") as caught:
        load_settings(portals={"henan": {"opening_hours": ["06:00-23:30", text]}})
    assert "Value error" not in str(caught.value)
