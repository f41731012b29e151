"""A worker's desk, and a queue's file, journal, seal and log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from loguru import logger

from rpa.privacy.sealing import Seal
from tests.engine.desks import Desk, Watched
from tests.engine.queues import Journal


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def seal() -> Seal:
    return Seal(Fernet.generate_key())


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the log says."""
    said: list[str] = []
    sink = logger.add(said.append, level="TRACE", format="{message}")
    yield said
    logger.remove(sink)


@pytest.fixture(autouse=True)
def nothing_watched() -> Iterator[None]:
    Watched.went.clear()
    yield
    Watched.went.clear()
