"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from rpa.browser.launch import find_browser
from rpa.settings.settings import BrowserSettings


def describe() -> dict[str, str]:
    """The machine and the versions that matter, in the table's order."""
    return {
        "Date": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z"),
        "CPU": f"{_cpu()}, {os.cpu_count()} cores",
        "Memory": _memory(),
        "System": _system(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Browser": _browser(),
        "Playwright": version("playwright"),
        "Load before": _load(),
    }


def _cpu() -> str:
    models = [
        line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")
    ]
    return models[0] if models else platform.processor() or platform.machine()


def _memory() -> str:
    kilobytes = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return f"{kilobytes[0] / 2**20:.1f} GiB" if kilobytes else "unknown"


def _system() -> str:
    names = [
        line.split("=", 1)[1].strip('"')
        for line in _lines("/etc/os-release")
        if line.startswith("PRETTY_NAME=")
    ]
    return f"{names[0] if names else platform.system()}, kernel {platform.release()}"


def _load() -> str:
    loads = _lines("/proc/loadavg")
    return f"{loads[0].split()[0]} (average of a minute)" if loads else "unknown"


def _browser() -> str:
    found = find_browser(BrowserSettings(), headless=True)
    if found is None or found.path is None:
        return found.place if found else "none"
    said = subprocess.run(
        [found.path, "--version"], check=False, capture_output=True, text=True
    ).stdout.strip()
    return f"{said or found.name} ({found.path.name})"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
