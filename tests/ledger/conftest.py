"""Every test of the ledger runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.ledger.data.batches import Batch
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import open_batch


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/我的 台账/ledger.db"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of the sealing key."""
    return tmp_path / "seal.key"


@pytest.fixture
def ledger(url: str, key: Path) -> Iterator[Ledger]:
    with Ledger.open(url, key=key) as opened:
        yield opened


@pytest.fixture
def batch(ledger: Ledger, tmp_path: Path) -> Batch:
    return open_batch(ledger, tmp_path)
