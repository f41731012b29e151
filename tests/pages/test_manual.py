"""The operator's manual: its pictures are made by the program itself, and all of them are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.counts_commits

TOP = Path(__file__).parents[2]
MANUAL = TOP / "docs" / "操作手册.md"


@pytest.mark.thorough
def test_the_manuals_way_leads_from_the_workbook_to_the_results(tmp_path: Path) -> None:
    """The script works a whole batch in the console, and fails where the portal's journal says otherwise."""
    command = [sys.executable, "-X", "utf8", "-m", "tools.manual_pictures", str(tmp_path)]
    subprocess.run(command, cwd=TOP, check=True, timeout=240)
    made = {path.name for path in tmp_path.iterdir()}
    named = set(re.findall(r"\(pictures/([^)]+)\)", MANUAL.read_text(encoding="utf-8")))
    assert named == made
    assert named == {path.name for path in (TOP / "docs" / "pictures").iterdir()}
