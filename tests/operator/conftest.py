"""A ledger for each test; secrets that one test makes known must not blank out another's texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened
