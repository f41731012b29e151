"""Requests to a console as an attacker can send them: every header is the test's own."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support.console import Served


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """Somebody at the console's port, with or without its cookie."""

    url: str
    cookie: str = ""
    host: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = urlsplit(self.url).netloc

    def get(self, path: str, **headers: str) -> Answer:
        """A reading request; ``Host=""`` and the like replace or leave out what a browser would send."""
        return self._send("GET", path, b"", headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """A change as the console's own script sends it, but for ``headers``."""
        sent = {"Origin": self.url, "X-RPA-Console": "1", "Content-Type": "application/json"} | headers
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self._send("POST", path, data, sent)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        named = {"Host": self.host, "Cookie": self.cookie} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in named.items():
                if value:
                    connection.putheader(name, value)
            if body or method == "POST":
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode(errors="replace"))
        finally:
            connection.close()


def stranger(served: Served) -> Caller:
    """Somebody without a session."""
    return Caller(served.url)


def admitted(served: Served) -> Caller:
    """Somebody who opened a one-time link."""
    caller = stranger(served)
    answer = caller.get(served.link().removeprefix(served.url))
    assert answer.status == 303, answer.body
    caller.cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return caller
