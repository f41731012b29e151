"""Kills what is being tested at each moment at which it touches the disk, one after the other.

Runs in a process of its own without threads (``python -m tests.support.killing MODULE:CASE FOLDER``), which
forks for every kill.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

_TOUCHES = frozenset(
    ["open", "shutil.rmtree"]
    + [f"os.{what}" for what in ("chmod", "link", "mkdir", "remove", "rename", "rmdir", "truncate")]
)
"""The audit events after which the disk is another."""


class Case(NamedTuple):
    """What is killed, and how it is seen that nothing is lost."""

    act: Callable[[], object]
    check: Callable[[], object]
    """Called after each kill, and then after the act went through; raises where something is lost."""


def killed_everywhere(case: Callable[[Path], Case], folder: Path) -> int:
    """Kill a case at its first touch of ``folder``, at its second, and so on, until it gets through.

    Args:
        case: prepares it in a folder, each time in a new one.
        folder: an empty folder.

    Returns:
        How often it was killed.
    """
    words = [sys.executable, "-m", __name__, f"{case.__module__}:{case.__name__}", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def _inside(folder: Path, path: str) -> bool:
    """Whether it is in a folder; a whole tree is removed by names relative to an open folder."""
    return path.startswith(str(folder)) or not Path(path).is_absolute()


def _writes(event: str, arguments: tuple[object, ...]) -> bool:
    return event != "open" or bool(int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _killed(case: Case, folder: Path, number: int) -> bool:
    """Whether the case, to be killed at a touch of the disk, came so far."""
    child = os.fork()
    if child == 0:
        left = number

        def touched(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in _TOUCHES and _inside(folder, str(arguments[0])) and _writes(event, arguments):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(touched)
        try:
            case.act()
        finally:
            sys.stderr.flush()
            os._exit(1 if sys.exc_info()[0] else 0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), f"it failed at touch {number}: {code}"
    return code != 0


def _main(name: str, folder: Path) -> int:
    vars(os).update(sync=lambda: None, fsync=lambda _: None)  # only who loses power needs them
    module, _, function = name.partition(":")
    prepare = getattr(import_module(module), function)
    number = 0
    while True:
        place = folder / str(number)
        place.mkdir()
        case = prepare(place)
        killed = _killed(case, place, number)
        case.check()
        if not killed:
            return number
        number += 1


if __name__ == "__main__":
    sys.stdout.write(str(_main(sys.argv[1], Path(sys.argv[2]))))
