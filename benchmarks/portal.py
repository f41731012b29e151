"""The mock portal in a process of its own, as a real portal is, and its control API."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from playwright.async_api import Page

from mock_portal.control import PREFIX, TOKEN_HEADER
from rpa.evidence.files import sha256_of
from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Reply
from rpa.operator.request import Kind

_LOCAL = build_opener(ProxyHandler({}))
_COOKIES = {"JSESSIONID", "SESSION", "GDHRSSSESSION"}
"""What names a visitor's session, in any province and look."""
_SECONDS = 30.0
_PORTS = 3
"""So many origins a province has at the most."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A mock portal that runs, and its control API."""

    url: str
    token: str
    province: str = "henan"
    others: tuple[str, ...] = ()
    """Further origins that its pages need."""
    look: str = "classic"

    def call(self, path: str, body: object = None) -> Any:
        """One call of the control API (``mock_portal.control``); a body makes it a POST."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}{PREFIX}/{path}", data, {TOKEN_HEADER: self.token})
        with _LOCAL.open(request, timeout=_SECONDS) as answer:
            return json.load(answer)

    def commits(self) -> list[str]:
        """The credit codes of every submission that reached the portal, in order."""
        return [str(entry["code"]) for entry in self.call("journal?kind=submit")]

    def captchas(self) -> int:
        """How many captchas somebody has tried to answer."""
        return int(self.call("state")["captchas"]["tried"])

    async def captcha_of(self, **known: str) -> str:
        """The answer to a captcha, told by the portal that drew it: nobody is waited for."""
        return str((await asyncio.to_thread(self.call, f"captcha?{urlencode(known)}"))["text"])

    async def answer_on(self, page: Page) -> str:
        """For the plain script: the captcha of the page shown."""
        cookies = await page.context.cookies(self.url)
        session = next(cookie["value"] for cookie in cookies if cookie["name"] in _COOKIES)
        return await self.captcha_of(session=session)


@dataclass(frozen=True, slots=True)
class Clerk:
    """For our side: answers captchas as quickly, through the operator's queue like a person.

    It says yes to whatever is to be decided.
    """

    portal: Portal

    async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
        text = "y" if Kind(request.kind).yes_or_no else await self._captcha(picture)
        reply.answer(text, who="基准测试")

    async def _captcha(self, picture: Path | None) -> str:
        assert picture is not None, "nothing else is asked for"
        return await self.portal.captcha_of(sha256=sha256_of(picture))


@contextmanager
def portal_process(seed: Path, province: str = "henan", look: str = "classic") -> Iterator[Portal]:
    """Serve the employers of ``seed`` (a workbook or JSON) until the block ends; the countdown is off."""
    port, token = _free_ports(), secrets.token_hex(16)
    command = [
        sys.executable,
        "-m",
        "mock_portal",
        "--portal",
        province,
        "--port",
        str(port),
        "--seed",
        str(seed),
        "--token",
        token,
        "--look",
        look,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if not process.stdout.readline():  # its first line comes once it listens
                raise RuntimeError("the mock portal did not start")
            further = (1, 2) if province == "guangdong" else ()
            others = tuple(f"http://127.0.0.1:{port + each}" for each in further)
            portal = Portal(f"http://127.0.0.1:{port}", token, province, others, look)
            portal.call("switches", {"countdown_seconds": 0})
            yield portal
        finally:
            process.terminate()


def _free_ports() -> int:
    """The first of as many free ports in a row as a mock portal takes."""
    while True:
        with ExitStack() as probes, suppress(OSError):
            first = probes.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            for further in range(1, _PORTS):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port + further))
            return port
