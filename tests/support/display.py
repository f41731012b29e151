"""A screen for a browser with a window: the machine's own, else Xvfb's (Debian's package ``xvfb``)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.debian import install


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """What the environment must hold while the block lasts, so that windows show somewhere."""
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        yield {}
        return
    if not shutil.which("Xvfb"):
        install("xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            assert number, "Xvfb did not start"
            yield {"DISPLAY": f":{number}"}
        finally:
            server.terminate()
