"""Serves the console inside the running event loop, beside the browsers or alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from rpa.console.access.address import ConsoleAddress
from rpa.console.access.listening import listening
from rpa.console.access.running_consoles import one_time_link, register_running
from rpa.console.access.sessions import ConsoleSessions
from rpa.console.app import build_app
from rpa.console.context import Console
from rpa.console.feed.change_feed import ChangeFeed
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
        listening(settings, port) as (listener, address),
        register_running(settings.home, address),
        Ledger.of(settings) as ledger,
    ):
        _keep_robots_out(settings, address)
        console = Console(
            settings, ledger, address, ConsoleSessions(settings.home), ChangeFeed(ledger), works
        )
        server = _Server(_config(console))
        running = asyncio.create_task(server.serve(sockets=[listener]), name="console")
        await server.listening.wait()
        try:
            if not server.started:
                await running  # says why
            yield console
        finally:
            await console.change_feed.close()
            server.should_exit = True
            await running


def new_link(console: Console) -> str:
    """An address that opens the console once, within ten minutes."""
    return one_time_link(console.address.url, console.sessions)


def _keep_robots_out(settings: Settings, address: ConsoleAddress) -> None:
    """A robot goes to its portal's addresses alone; see that none of them is ours.

    Raises:
        UserError: one is.
    """
    for portal in settings.portals.values():
        if portal.origins & address.origins:
            raise UserError(f"平台“{portal.name}”的地址是操作台自己的地址 {address.url}，请改正 base_url")


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
