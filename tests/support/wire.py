"""A tiny HTTP server that shows what happens on the wire: it counts, and it can cut a connection."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Arrived:
    """A request that may have changed something: all of it was taken."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Wire:
    """One server on loopback; ``pages`` maps a path to its HTML."""

    pages: dict[str, str] = field(default_factory=dict)
    journal: list[Arrived] = field(default_factory=list)
    """Every request but a GET that arrived."""
    resets: frozenset[str] = frozenset()
    """Paths that take such a request, and whose connection is then reset without an answer."""
    cut: str = ""
    """Such a request is taken, and the connection closed ``before`` its answer, in the ``middle`` of its
    answer's head, in its answer's ``body``, or ``after`` it; empty: it stays open."""
    redirects: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path → status and location of the answer to such a request; by default 303 and ``/done``."""
    silent: set[str] = field(default_factory=set)
    """Paths that take such a request, and never answer."""
    gets: list[str] = field(default_factory=list)
    status: str = "200 OK"
    """Of every page."""
    url: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def posts(self) -> list[tuple[str, bytes, str]]:
        """Path, body and Cookie header of every request but a GET that arrived."""
        return [(one.path, one.body, one.headers.get("cookie", "")) for one in self.journal]

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def asked_for(self, path: str) -> None:
        """Wait until a page was asked for."""
        async with asyncio.timeout(60):
            while path not in self.gets:
                self._news.clear()
                await self._news.wait()

    async def arrives(self, count: int) -> None:
        """Wait until so many requests that are no GET arrived."""
        async with asyncio.timeout(60):
            while len(self.journal) < count:
                self._news.clear()
                await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                method, path, _ = request.decode().split()
                headers = await _headers(reader)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if method != "GET":
                    self.journal.append(Arrived(method, path, headers, body))
                    self._news.set()
                    if path in self.resets:
                        _reset(writer)
                        return
                    if path in self.silent:
                        continue
                    status, location = self.redirects.get(path, ("303 See Other", "/done"))
                    more = (
                        f"Location: {location}\r\nSet-Cookie: after=2\r\nSet-Cookie: hidden=3; HttpOnly\r\n"
                    )
                    answer = _answer(status, " " * 64, more)
                    if self.cut:
                        writer.write(answer[: {"before": 0, "middle": 20, "body": -10}.get(self.cut)])
                        await writer.drain()
                        return
                    writer.write(answer)
                else:
                    self.gets.append(path)
                    self._news.set()
                    writer.write(_answer(self.status, self.pages.get(path, ""), "Set-Cookie: before=1\r\n"))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@contextmanager
def nobody_there() -> Iterator[str]:
    """An address that refuses every connection: its port is taken, so that no other test can serve there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


async def _headers(reader: asyncio.StreamReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return headers


def _answer(status: str, html: str, more: str) -> bytes:
    body = html.encode()
    kind = "Content-Type: text/html; charset=utf-8\r\n"
    return f"HTTP/1.1 {status}\r\n{kind}{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
