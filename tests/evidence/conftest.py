"""A recorded batch of two employers, in the real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.recorded import filing, record


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return tmp_path / "证据" / "B20261122-1"


@pytest.fixture
def employer(batch: Path) -> Path:
    """The first of two recorded employers."""
    record(batch, filing(2))
    return record(batch, filing(1))


@pytest.fixture
def edit_lines(employer: Path) -> Callable[[Callable[[list[bytes]], list[bytes]]], None]:
    """Rewrites the first employer's audit trail."""
    trail = employer / "audit.jsonl"

    def edit(change: Callable[[list[bytes]], list[bytes]]) -> None:
        trail.write_bytes(b"".join(change(trail.read_bytes().splitlines(keepends=True))))

    return edit
