"""Secrets that one test makes known must not blank out another's texts."""

from __future__ import annotations

import pytest

from rpa import privacy


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_secrets", set())
