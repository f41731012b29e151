"""Serves the console inside the running event loop, beside the browsers or alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from rpa.console.access.address import Place
from rpa.console.access.listening import listening
from rpa.console.access.running_consoles import known_to_run, open_link
from rpa.console.access.sessions import Entry
from rpa.console.app import build_app
from rpa.console.context import Console
from rpa.console.feed.change_feed import News
from rpa.errors import UserError
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings


class _Server(uvicorn.Server):
    """Leaves the signals to the command, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    settings: Settings, *, port: int | None = None, works: bool = False
) -> AsyncIterator[Console]:
    """Serve the console while the block lasts.

    Args:
        settings: of the machine.
        port: this very one, not the configured one or its next; 0 chooses a free one.
        works: whether this process also works on whatever is started in the console.

    Raises:
        UserError: nothing can be served there, or not safely.
    """
    with (
        listening(settings, port) as (listener, place),
        known_to_run(settings.home, place),
        Ledger.of(settings) as ledger,
    ):
        _keep_robots_out(settings, place)
        console = Console(settings, ledger, place, Entry(settings.home), News(ledger), works)
        server = _Server(_config(console))
        running = asyncio.create_task(server.serve(sockets=[listener]), name="console")
        await server.listening.wait()
        try:
            if not server.started:
                await running  # says why
            yield console
        finally:
            await console.news.close()
            server.should_exit = True
            await running


def link(console: Console) -> str:
    """An address that opens the console once, within ten minutes."""
    return open_link(console.place.url, console.entry)


def _keep_robots_out(settings: Settings, place: Place) -> None:
    """A robot goes to its portal's addresses alone; see that none of them is ours.

    Raises:
        UserError: one is.
    """
    for portal in settings.portals.values():
        if portal.origins & place.origins:
            raise UserError(f"平台“{portal.name}”的地址是操作台自己的地址 {place.url}，请改正 base_url")


def _config(console: Console) -> uvicorn.Config:
    return uvicorn.Config(
        build_app(console),
        log_config=None,
        access_log=False,  # an address may hold a code
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        ssl_certfile=console.settings.console.tls_certificate,
        ssl_keyfile=console.settings.console.tls_key,
    )
