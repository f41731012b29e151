"""Nothing goes to, or is typed at, an address outside the portal's allowed origins.

A context's requests to allowed origins go straight out; every other request is sent to a proxy
on loopback that refuses it and remembers the host. This costs allowed requests nothing, where routing
every request through Playwright would cost about a tenth of a filing.

Chromium's bypass rules name scheme, host and port, so the rule is as strict as the origin itself;
Playwright puts ``<-loopback>`` in front, so loopback gets no exemption.

A browser on another machine cannot reach our loopback. Its other requests go to a port of its own
loopback at which nobody listens: refused all the same, only that nobody remembers the host.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rpa.errors import ForeignOrigin
from rpa.settings.addresses import origin_of

if TYPE_CHECKING:
    from playwright.async_api import ProxySettings

_REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_SECONDS_TO_READ = 5.0
_NOBODY = 1
"""A port that is reserved (tcpmux), served nowhere, and opened by no ordinary program."""


class RefusingProxy:
    """Refuses whatever is sent to it; ``refused`` holds the hosts, in order, each once.

    Args:
        remote: the browser is another machine's.
    """

    def __init__(self, *, remote: bool = False) -> None:
        self.refused: list[str] = []
        self._remote = remote
        self._server: asyncio.Server | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[RefusingProxy]:
        """Listen on a free loopback port, where the browser can reach it."""
        if self._remote:
            yield self
            return
        self._server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        async with self._server:
            yield self

    def allowing(self, origins: Collection[str]) -> ProxySettings:
        """The proxy option of a context that may talk to ``origins`` and to nobody else."""
        return {
            "server": f"http://127.0.0.1:{self._port}",
            "bypass": ",".join(sorted(_rule(origin) for origin in origins)),
        }

    @property
    def _port(self) -> int:
        if self._remote:
            return _NOBODY
        assert self._server is not None, "the proxy must be listening"
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS_TO_READ):
                request = (await reader.readline()).decode("latin-1").split()
            if len(request) > 1:
                self._remember(request[1])
            writer.write(_REFUSAL)
            await writer.drain()
        except (TimeoutError, OSError, ValueError):
            pass  # whatever it was, it got nothing
        finally:
            writer.close()

    def _remember(self, target: str) -> None:
        host = urlsplit(target).netloc if "://" in target else target
        if host not in self.refused:
            self.refused.append(host)


def _rule(origin: str) -> str:
    """An origin as a bypass rule; the port is always named, since a rule without one fits any."""
    parts = urlsplit(origin)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def require_allowed(url: str, origins: Collection[str]) -> None:
    """Check, right before something is typed, that a frame's address is the portal's.

    Raises:
        ForeignOrigin: it is not.
    """
    origin = origin_of(url)
    if origin not in origins:
        raise ForeignOrigin(f"页面来自平台以外的地址 {origin}，未输入任何内容", "请核对平台地址设置")
