"""Which consoles of this user run, so that a command in another terminal can make a link to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rpa.console.access.address import Place
from rpa.console.access.sessions import Entry
from rpa.files import private_folder, write_private

_PATIENCE = 1.0
"""Seconds for somebody who is just looking."""


@contextmanager
def known_to_run(home: Path, place: Place) -> Iterator[None]:
    """Let :func:`new_links` know a console while the block lasts; a crash takes it back by itself."""
    path = _folder(home) / f"{secrets.token_hex(8)}.url"
    try:
        with FileLock(path.with_suffix(".lock")).acquire(timeout=_PATIENCE):
            write_private(path, place.url.encode())
            yield
    finally:
        _forget(path)


def new_links(home: Path) -> list[str]:
    """A new one-time link for each console that runs."""
    links = []
    for path in _folder(home).glob("*.url"):
        try:
            with FileLock(path.with_suffix(".lock")).acquire(blocking=False):
                _forget(path)  # whoever held it is gone
        except Timeout:
            links.append(open_link(path.read_text(encoding="utf-8"), Entry(home)))
    return sorted(links)


def open_link(url: str, entry: Entry) -> str:
    """An address that opens a console once, within ten minutes."""
    return f"{url}/open?code={entry.new_code()}"


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # Windows: somebody looks at it just now
        path.with_suffix(".lock").unlink()


def _folder(home: Path) -> Path:
    return private_folder(home / "console" / "running")
