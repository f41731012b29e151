"""A batch at the mock portal of Henan: employers, workbook, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mock_portal.records import Employer, EmployerState
from mock_portal.world import World
from rpa.settings.settings import Settings
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.support.batch import TODAY, YEAR, Clerk, Rows, hurried, run

__all__ = ["TODAY", "YEAR", "Clerk", "Rows", "rows", "run", "settings", "world", "write"]


def rows(count: int = 1) -> list[dict[str, Any]]:
    """Rows of fictional employers, with values that may be changed."""
    return [dict(row) for row in sample_rows(count, YEAR)]


def world(employers: Rows, **states: EmployerState) -> World:
    """A portal of the classic look that knows these employers; ``states`` by credit code."""
    return World(
        [
            Employer(
                str(row["name"]),
                str(row["code"]),
                str(row["unit_number"]),
                state=states.get(str(row["code"]), EmployerState.NORMAL),
            )
            for row in employers
        ],
        countdown_seconds=0,
        look="classic",  # what holds for both looks, test_henan_looks.py tries on the other one
    )


def settings(folder: Path, url: str, **more: Any) -> Settings:
    """In a hurry: no pace, no second thoughts about an unwell portal."""
    return hurried(folder, {"henan": {"base_url": url} | more.pop("portal", {})}, **more)


def write(path: Path, employers: Rows) -> Path:
    write_sample(path, employers, portals=["河南"])
    return path
