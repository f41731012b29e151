"""A tiny HTTP server that shows what happens on the wire: it counts, and it can cut a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field


@dataclass
class Wire:
    """One server on loopback; ``pages`` maps a path to its HTML."""

    pages: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[str, bytes, str]] = field(default_factory=list)
    """Path, body and Cookie header of every POST that arrived."""
    resets: frozenset[str] = frozenset()
    """Paths whose POST is taken, and whose connection is then reset without an answer."""
    gets: list[str] = field(default_factory=list)
    status: str = "200 OK"
    """Of every page."""
    url: str = ""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Wire]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def asked_for(self, path: str) -> None:
        """Wait until a page was asked for."""
        async with asyncio.timeout(60):
            while path not in self.gets:
                self._news.clear()
                await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                method, path, _ = request.decode().split()
                headers = await _headers(reader)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if method == "POST":
                    self.posts.append((path, body, headers.get("cookie", "")))
                    if path in self.resets:
                        _reset(writer)
                        return
                    writer.write(_answer("303 See Other", "", "Location: /done\r\nSet-Cookie: after=2\r\n"))
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
