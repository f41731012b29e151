"""A link to each console that runs, and to none that is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rpa.console.access.address import ConsoleAddress
from rpa.console.access.running_consoles import new_links, register_running
from rpa.console.access.sessions import ConsoleSessions

CRASH = """
import os, sys
from pathlib import Path
from rpa.console.access.address import ConsoleAddress
from rpa.console.access.running_consoles import register_running
with register_running(Path(sys.argv[1]), ConsoleAddress(8790)):
    os._exit(9)
"""


def test_each_console_gets_a_link_of_its_own(tmp_path: Path) -> None:
    assert new_links(tmp_path) == []
    with register_running(tmp_path, ConsoleAddress(8790)):
        with register_running(tmp_path, ConsoleAddress(8791, ("caozuotai.example",), tls=True)):
            links = new_links(tmp_path)
            urls = [link.partition("/open?code=")[0] for link in links]
            assert urls == ["http://127.0.0.1:8790", "https://caozuotai.example:8791"]
        assert len(new_links(tmp_path)) == 1
    assert new_links(tmp_path) == []
    for link in links:
        assert ConsoleSessions(tmp_path).redeem(link.rpartition("=")[2])
    assert list((tmp_path / "console" / "running").iterdir()) == []


def test_one_that_crashed_is_gone(tmp_path: Path) -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], check=False)
    assert crashed.returncode == 9
    assert len(list((tmp_path / "console" / "running").glob("*.url"))) == 1
    assert new_links(tmp_path) == []
    assert list((tmp_path / "console" / "running").iterdir()) == []
