"""A tiny HTTP server of files of any type, each made anew for every request, and as late as is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class File:
    """What is answered."""

    type: str
    content: bytes
    seconds: float = 0.0
    """So late."""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = HTTPStatus.OK


@dataclass
class ServedFiles:
    """One server on loopback; ``files`` maps a path (without its query) to what is answered."""

    files: Mapping[str, Callable[[], File]]
    asked: list[str] = field(default_factory=list)
    """Method and path of every request."""
    url: str = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[ServedFiles]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                method, path, _ = request.decode().split()
                size = 0
                while line := (await reader.readline()).strip().lower():
                    if line.startswith(b"content-length:"):
                        size = int(line.partition(b":")[2])
                await reader.readexactly(size)
                self.asked.append(f"{method} {path}")
                make = self.files.get(path.partition("?")[0])
                file = make() if make else File("text/plain", b"", status=HTTPStatus.NOT_FOUND)
                await asyncio.sleep(file.seconds)
                writer.write(_answer(file))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


def page(html: str) -> Callable[[], File]:
    """A page, always the same."""
    return lambda: File(HTML, f"<!doctype html><meta charset=utf-8>{html}".encode())


def _answer(file: File) -> bytes:
    status = HTTPStatus(file.status)
    lines = {"Content-Type": file.type, "Content-Length": str(len(file.content)), "Cache-Control": "no-store"}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **file.headers}.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode() + file.content
