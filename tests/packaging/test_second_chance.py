"""``tools/tests.py``: a test that failed beside the others is tried once more alone, and some are not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "tests.py"
SOUND = "def test_sound():\n    pass\n"
BROKEN = "def test_broken():\n    assert False\n"
UNSTEADY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_unsteady(number):
    tried = Path(f"tried-{{number}}")
    before = tried.exists()
    tried.touch()
    assert before
"""


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (SOUND, 0, "1 passed"),
        (SOUND + UNSTEADY.format(count=5), 0, "UNSTEADY, passed alone"),
        (SOUND + BROKEN, 1, "tried once more alone"),
        (SOUND + BROKEN + UNSTEADY.format(count=1), 1, "1 failed, 1 passed"),
        (SOUND + UNSTEADY.format(count=6), 1, "Not tried again: 6 failed"),
        (SOUND + UNSTEADY.format(count=1) + "# portal.commits()", 1, "Not tried again: what was committed"),
        ("def test_typo(:", 2, "SyntaxError"),
    ],
    ids=["sound", "unsteady", "broken", "both", "many", "counts", "typo"],
)
def test_second_chance(tmp_path: Path, text: str, code: int, said: str) -> None:
    (tmp_path / "test_some.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, TOOL, "-p", "xdist"],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert said in done.stdout
    assert done.returncode == code, done.stdout
