"""A console for the tests of a file, and somebody who was let in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.console import Served, served_console, settings_at
from tests.support.visiting import Caller, admitted


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_console(settings_at(tmp_path_factory.mktemp("home"))) as console:
        yield console


@pytest.fixture
def caller(served: Served) -> Caller:
    return admitted(served)
