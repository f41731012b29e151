"""Which consoles of this user run, so that a command in another terminal can make a link to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rpa.console.access.address import ConsoleAddress
from rpa.console.access.sessions import ConsoleSessions
from rpa.files import private_folder, write_private

_LOCK_SECONDS = 1.0
"""So long somebody who lists the consoles may have the new file locked."""


@contextmanager
def register_running(home: Path, address: ConsoleAddress) -> Iterator[None]:
    """Let :func:`new_links` find a console while the block lasts; a crash unregisters it by itself."""
    path = _folder(home) / f"{secrets.token_hex(8)}.url"
    try:
        with FileLock(path.with_suffix(".lock")).acquire(timeout=_LOCK_SECONDS):
            write_private(path, address.url.encode())
            yield
    finally:
        _delete(path)


def new_links(home: Path) -> list[str]:
    """A new one-time link for each console that runs."""
    links = []
    for path in _folder(home).glob("*.url"):
        try:
            with FileLock(path.with_suffix(".lock")).acquire(blocking=False):
                _delete(path)  # whoever locked it is gone
        except Timeout:
            links.append(one_time_link(path.read_text(encoding="utf-8"), ConsoleSessions(home)))
    return sorted(links)


def one_time_link(url: str, sessions: ConsoleSessions) -> str:
    """An address that opens a console once, within ten minutes."""
    return f"{url}/open?code={sessions.new_code()}"


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # Windows: somebody looks at it just now
        path.with_suffix(".lock").unlink()


def _folder(home: Path) -> Path:
    return private_folder(home / "console" / "running")
