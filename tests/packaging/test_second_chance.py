"""``tools/tests.py``: a test that failed beside the others is tried once more alone, and some are not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.counts_commits

TOP = Path(__file__).parents[2]
TOOL = TOP / "tools" / "tests.py"
COUNTS = "import pytest\npytestmark = pytest.mark.counts_commits\n"
SPEAKS = re.compile(r"commit|journal|chaos")
BEARS = re.compile(r"^pytestmark = .*\bpytest\.mark\.counts_commits\b", re.MULTILINE)
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
COUNTING = """
@pytest.mark.counts_commits
@pytest.mark.parametrize("sound", [{sound}])
def test_counting(sound):
    assert sound
"""


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (SOUND, 0, "1 passed"),
        (SOUND + UNSTEADY.format(count=5), 0, "UNSTEADY, passed alone"),
        (SOUND + BROKEN, 1, "tried once more alone"),
        (SOUND + BROKEN + UNSTEADY.format(count=1), 1, "1 failed, 1 passed"),
        (SOUND + UNSTEADY.format(count=6), 1, "Not tried again: 6 failed"),
        (COUNTS + SOUND + UNSTEADY.format(count=1), 1, "Not tried again: what was committed"),
        (UNSTEADY.format(count=1) + COUNTING.format(sound=False), 1, "Not tried again: what was committed"),
        (UNSTEADY.format(count=1) + COUNTING.format(sound=True), 0, "UNSTEADY, passed alone"),
        ("def test_typo(:", 2, "SyntaxError"),
    ],
    ids=["sound", "unsteady", "broken", "both", "many", "counts", "one-counts", "another-counts", "typo"],
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


def test_no_file_that_speaks_of_commits_is_without_the_marker() -> None:
    """Forgotten, a filing that is made twice now and then would pass at its second try."""
    texts = {path: path.read_text(encoding="utf-8") for path in (TOP / "tests").rglob("test_*.py")}
    speaking = {path for path, text in texts.items() if SPEAKS.search(text)}
    assert {TOP / "tests/chaos/test_chaos.py", TOP / "tests/flows/test_henan_faults.py"} <= speaking
    assert [path for path in speaking if not BEARS.search(texts[path])] == []
