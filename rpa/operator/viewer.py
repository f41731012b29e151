"""Opens a picture with whatever the system has for pictures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_opened: list[subprocess.Popen[bytes]] = []
"""Viewers may outlive the question; kept so that nobody waits for them."""


def open_picture(path: Path) -> bool:
    """Show a picture on the screen, where there is one.

    Returns:
        Whether a viewer was started. Never fails: the path is on the terminal as well.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606
            return True
        command = _command()
        if command is None:
            return False
        quiet = subprocess.DEVNULL
        _opened.append(
            subprocess.Popen([command, str(path)], stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603
        )
    except OSError:
        return False
    return True


def _command() -> str | None:
    if sys.platform == "darwin":
        return shutil.which("open")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return shutil.which("xdg-open")
    return None
