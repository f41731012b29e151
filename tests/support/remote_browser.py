"""A real Playwright server with a browser of this machine, as one on another machine would be."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from rpa.browser.launch import find_browser, must_lack_sandbox
from rpa.settings.settings import BrowserSettings


@contextmanager
def playwright_server(folder: Path) -> Iterator[str]:
    """Serve a browser until the block ends; gives the address to connect to."""
    found = find_browser(BrowserSettings(), headless=True)
    package = find_spec("playwright")
    assert found is not None
    assert package is not None
    assert package.origin is not None
    driver = Path(package.origin).parent / "driver"
    program = next(path for path in driver.iterdir() if path.stem == "node")
    options = {
        "host": "127.0.0.1",
        "executablePath": str(found.path),
        "chromiumSandbox": not must_lack_sandbox(),
    }
    config = folder / "server.json"
    config.write_text(json.dumps(options), encoding="utf-8")
    script = driver / "package" / "cli.js"
    command = (program, script, "launch-server", "--browser", "chromium", "--config", config)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("ws://"), "the Playwright server did not start"
            yield address
        finally:
            server.terminate()
