"""Write the lock files anew: ``python tools/lock.py [--upgrade]``.

``requirements.lock`` is what a checkout runs with; ``requirements-dev.lock`` adds what its tests need. Both
hold for every supported Python and system (``uv pip compile --universal``) and keep names, versions and
hashes only, no registry's address, so that any mirror may serve them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
BUILD_BACKEND = "hatchling>=1.27\neditables>=0.5\n"
"""Locked as well: the checkout is installed without build isolation, so that nothing comes unpinned."""

RUNTIME = "requirements.lock"
DEV = "requirements-dev.lock"


def compile_lock(uv: Path, target: str, *options: str) -> None:
    """Resolve ``pyproject.toml`` into one lock file; what is locked already stays."""
    fixed = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url")
    plain = ("--no-annotate", "--no-header", "--quiet", "--system-certs")
    command = [str(uv), "pip", "compile", *fixed, *plain, *options, "pyproject.toml", "-", "-o", target]
    subprocess.run(command, cwd=TOP, input=BUILD_BACKEND, text=True, check=True)  # noqa: S603
    if "://" in (TOP / target).read_text(encoding="utf-8"):
        raise SystemExit(f"{target} holds an address; it must hold names, versions and hashes only")


def main(arguments: list[str]) -> None:
    """Install uv into a throwaway environment and compile both files with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin")
        install = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "uv"]
        subprocess.run(install, check=True)  # noqa: S603
        compile_lock(scripts / "uv", RUNTIME, *arguments)
        compile_lock(scripts / "uv", DEV, "--extra", "dev", "--constraint", RUNTIME, *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
