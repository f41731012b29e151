"""A console that runs in a thread, over a real ledger, for tests that call it from outside."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rpa.console.server import new_link, serving
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings, load_settings


@dataclass(frozen=True)
class Served:
    """A console and the ledger that it shows, which a test writes to."""

    url: str
    settings: Settings
    ledger: Ledger

    def link(self) -> str:
        """A new one-time address."""
        return str(self._link())

    _link: Any = None


def settings_at(home: Path, **more: Any) -> Settings:
    """Settings of a machine of its own."""
    return load_settings(home=home, operator_name="王芳", **more)


@contextmanager
def reserved_port() -> Iterator[int]:
    """A free port that nobody else is given while the block lasts, whether a console listens there or not."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the console: both may have it
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def served_console(settings: Settings, *, port: int = 0, works: bool = False) -> Iterator[Served]:
    """Serve a console while the block lasts."""
    ready = threading.Event()
    told: dict[str, Any] = {}

    async def serve() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with serving(settings, port=port, works=works) as console:
            told.update(console=console, end=lambda: loop.call_soon_threadsafe(over.set))
            ready.set()
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="console")
    thread.start()
    assert ready.wait(60)
    assert "console" in told, "the console did not start"
    console = told["console"]
    try:
        with Ledger.open(settings.ledger_url, key=settings.seal_key) as ledger:
            yield Served(console.address.url, settings, ledger, lambda: new_link(console))
    finally:
        told["end"]()
        thread.join()
