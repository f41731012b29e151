"""Run tests side by side, and the few that failed there once more, alone.

``python tools/tests.py ARGUMENTS OF PYTEST``

The browsers of these tests share a machine with each other and, on CI, with strangers: now and then one
of them misses a moment. A test that passes alone is named as unsteady, for somebody to mend, and does not
stop the others. No second chance gets a test that bears the marker ``counts_commits``: a filing that is made
twice once in a hundred runs is made twice. Nor does any where many fail: that is no accident.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_FAILED = Path(".pytest_cache/v/cache/lastfailed")
_SOME_FAILED = 1
"""Pytest's exit code; any other means that the tests could not be run as they should."""
_NONE_FOUND = 5
"""Pytest's exit code where none of the tests that it was given bears the marker that it was asked for."""
_MOST = 5
_COUNTS = "counts_commits"


def main(arguments: Sequence[str]) -> int:
    """Returns pytest's exit code: of the first run, or of the second where there is one."""
    code = _pytest(*arguments, "--cache-clear")
    if code != _SOME_FAILED:
        return code
    failed = sorted(json.loads(_FAILED.read_text(encoding="utf-8")))
    if reason := _final(failed):
        _say(f"Not tried again: {reason}", failed)
        return code
    _say("Failed beside the others, tried once more alone:", failed)
    code = _pytest(*arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none")
    if code == 0:
        _say("UNSTEADY, passed alone; to be mended:", failed)
    return code


def _final(failed: Sequence[str]) -> str:
    """Why these failures stand; empty: they may have been accidents."""
    if not 0 < len(failed) <= _MOST:
        return f"{len(failed)} failed"
    if _pytest("-o", "addopts=", "--collect-only", "-q", "-m", _COUNTS, *failed) != _NONE_FOUND:
        return "what was committed at a portal is counted here"
    return ""


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode  # noqa: S603 - our own


def _say(what: str, tests: Sequence[str]) -> None:
    print("", f"=== {what}", *(f"    {test}" for test in tests), "", sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
