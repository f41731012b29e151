"""What the profile times must exist: a method that is renamed would end the profile, or go untimed."""

from __future__ import annotations

import pytest

from benchmarks.profile_filing import methods


@pytest.mark.parametrize(
    ("owner", "name"),
    [pytest.param(owner, name, id=f"{owner.__name__}.{name}") for _, owner, name in methods()],
)
def test_every_method_of_a_column_exists(owner: type, name: str) -> None:
    assert callable(getattr(owner, name, None))


def test_no_method_stands_in_two_columns() -> None:
    named = [(owner, name) for _, owner, name in methods()]
    assert len(named) == len(set(named))
