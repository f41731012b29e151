"""Serving the mock portal on loopback: in a thread for tests, in the foreground for a person."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from contextlib import ExitStack
from threading import Event, Thread
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from mock_portal.app import build_app
from mock_portal.provinces import first_portal, province
from mock_portal.world import World

KEEP_ALIVE_SECONDS = 75
"""As nginx does. A browser re-sends a POST only on a connection that was kept alive and used before."""


class _OpenLine(H11Protocol):
    """HTTP over a connection that a fault may cut: the request's state holds its transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Event) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()


class MockPortal:
    """A mock portal that runs in a thread while the ``with`` block lasts.

    Args:
        world: its state; a new empty one by default. Several portals may serve the same one.
        edition: one of the portal's; its newest by default.
        port: 0 chooses a free one; further sites of the portal (an identity provider) have the next ones.
        token: for the control API; a random one by default.
        portal: its key; the first one by default.

    Raises:
        KeyError: there is no such portal.
    """

    def __init__(
        self,
        *,
        world: World | None = None,
        edition: str = "",
        port: int = 0,
        token: str = "",
        portal: str = "",
    ) -> None:
        self.world = world or World()
        self.token = token or secrets.token_urlsafe(16)
        self.portal = portal or first_portal()
        self.province = province(self.portal)
        self.edition = edition or self.province.editions[-1]
        self._ports = [port + number if port else 0 for number in range(len(self.province.origins))]
        self._listening = Event()

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all its sites, the portal's first, without a slash at the end."""
        return tuple(f"http://127.0.0.1:{port}" for port in self._ports)

    @property
    def url(self) -> str:
        """The portal's address."""
        return self.urls[0]

    @property
    def identity_url(self) -> str:
        """The address of the portal's identity provider, an origin of its own.

        Raises:
            AttributeError: the portal has none.
        """
        if len(self.urls) == 1:
            raise AttributeError(f"{self.portal} has no identity provider")
        return self.urls[1]

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._sockets = [opened.enter_context(_listen(port)) for port in self._ports]
            self._ports = [each.getsockname()[1] for each in self._sockets]
            addresses = dict(zip(self._ports, self.urls, strict=True))
            app = build_app(self.world, self.edition, self.token, portal=self.portal, addresses=addresses)
            opened.pop_all()
        self._server = _Server(_config(app), self._listening)
        self._thread = Thread(target=self._run, name="mock-portal", daemon=True)
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.force_exit = True  # late answers are of no interest to anybody
        self._server.should_exit = True
        self._thread.join()
        for each in self._sockets:
            each.close()

    def wait(self) -> None:
        """Serve until the process is interrupted (Ctrl+C) or the server ends."""
        while self._thread.is_alive():
            self._thread.join(1.0)  # without a limit Windows would not let Ctrl+C through

    def _run(self) -> None:
        self._server.run(sockets=self._sockets)


def serve_forever(portal: MockPortal) -> None:
    """Run a mock portal for a person until it is interrupted; its addresses are printed, its own first."""
    with portal:
        name = f"{portal.province.name} {portal.edition} 版"
        print(f"模拟平台（{name}）已启动：{portal.url}", flush=True)  # noqa: T201
        for origin, url in zip(portal.province.origins[1:], portal.urls[1:], strict=True):
            print(f"{origin}：{url}", flush=True)  # noqa: T201
        print(f"控制接口令牌（X-Mock-Token）：{portal.token}", flush=True)  # noqa: T201
        print("按 Ctrl+C 停止。", flush=True)  # noqa: T201
        try:
            portal.wait()
        except KeyboardInterrupt:
            print("已停止。")  # noqa: T201


def _listen(port: int) -> socket.socket:
    # with the protocol named, asyncio turns Nagle off: 40 ms less for each answer
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows the option would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_OpenLine,
        loop="asyncio",  # its transports let a fault reset the connection
        ws="none",
        lifespan="off",
        log_config=None,  # uvicorn's own would print past whoever redacts in this process
        log_level="critical",
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
