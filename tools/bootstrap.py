"""Prepare a checkout: ``.venv``, the locked dependencies, the commands, a browser and Chinese fonts.

``python3 tools/bootstrap.py`` is enough to run ``rpa``; ``--dev`` adds what the tests need. It runs under the
machine's own Python before anything is installed, so it uses the standard library alone, and nothing in it
may stop an older Python from reading it: that one looks for a newer Python and hands over.
"""

# ruff: noqa: S603 - every command stands in this file

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
VENV = TOP / ".venv"
SCRIPTS = VENV / ("Scripts" if sys.platform == "win32" else "bin")
EXE = ".exe" if sys.platform == "win32" else ""
OLDEST, NEWEST = (3, 11), (3, 14)
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"


def say(message: str) -> None:
    """One line of progress, on standard error."""
    sys.stderr.write(f"bootstrap: {message}\n")
    sys.stderr.flush()


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run a command, its output on standard error; end when it fails."""
    words = [str(word) for word in command]
    code = subprocess.call(words, cwd=str(TOP), stdout=sys.stderr, env=env)
    if code:
        raise SystemExit(f"bootstrap: failed ({code}): {' '.join(words)}")


def works(*command: str | Path) -> bool:
    """Whether a command ends well; its output is of no interest."""
    words = [str(word) for word in command]
    return subprocess.call(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def ensure_python() -> None:
    """Go on under a supported Python: this one, or another one on this machine."""
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and works(other, "-c", "import venv"):
            say(f"Python {version[0]}.{version[1]} does not fit, going on with {other}")
            raise SystemExit(subprocess.call([other, *sys.argv]))
    raise SystemExit(
        f"bootstrap: Python {version[0]}.{version[1]} does not fit: install Python 3.11, 3.12, 3.13 or 3.14, "
        "or name one that is not on PATH: make PYTHON=/path/to/python3.12 …"
    )


def as_root() -> list[str] | None:
    """What stands before a command so that it runs as root; None where that needs a person."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and works("sudo", "-n", "true") else None


def ensure_ensurepip() -> None:
    """Debian and Ubuntu keep ``ensurepip`` in a package of its own: install it where it is missing."""
    if works(sys.executable, "-c", "import ensurepip, venv"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        raise SystemExit(f"bootstrap: Python's ensurepip is missing: sudo apt-get install {package}")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run(*prefix, "apt-get", "update", "-q", env=quiet)
    run(*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", package, env=quiet)


def ensure_venv() -> None:
    """Create ``.venv``; anew when its Python is gone, has no pip or does not fit."""
    probe = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    python = SCRIPTS / f"python{EXE}"
    if python.exists() and works(python, "-c", probe):
        return
    ensure_ensurepip()
    say(f"creating {VENV}")
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install(lock: str) -> None:
    """Install exactly what the lock names, then this checkout, then what only the machine can hold."""
    pip = (SCRIPTS / f"python{EXE}", "-m", "pip", "--disable-pip-version-check", "-qq")
    say(f"installing {lock}")
    run(*pip, "install", "--require-hashes", "--requirement", lock)
    run(*pip, "install", "--no-deps", "--no-build-isolation", "--editable", TOP)
    run(SCRIPTS / f"rpa{EXE}", "doctor", "--fix", "--quiet", "--offline")


def stamp(lock: str) -> Path:
    """The file that says what ``.venv`` was made of."""
    return VENV / f"{lock}.stamp"


def wanted(lock: str) -> str:
    """What the stamp says while ``.venv`` fits."""
    digest = hashlib.sha256(str(TOP).encode())  # the commands' first lines hold the folder's path
    for path in (TOP / lock, TOP / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main(arguments: list[str]) -> None:
    """Prepare the checkout; from the second time on that is a glance at a stamp."""
    ensure_python()
    lock = DEV if "--dev" in arguments else RUNTIME
    fits = stamp(lock).exists() and stamp(lock).read_text(encoding="utf-8") == wanted(lock)
    if fits and (SCRIPTS / f"rpa{EXE}").exists():
        return
    ensure_venv()
    install(lock)
    for covered in {RUNTIME, lock}:  # the one for tests holds the other, with the same versions
        stamp(covered).write_text(wanted(covered), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
