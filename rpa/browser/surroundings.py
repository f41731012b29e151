"""Where the work is done: programs, the way to the portal, its certificate, this machine's clock.

Gathered beside the login for the evidence: whatever cannot be known stays empty, with the reason, and
stops nothing.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

from playwright.async_api import Browser, BrowserContext, Response

import rpa
from rpa.browser.certificate import Certificate, certificate_of
from rpa.browser.session import Session
from rpa.settings.addresses import origin_of

_HOUR = 3600.0
_ELSEWHERE = "浏览器在另一台机器上"

Facts = Mapping[str, Any]


class Surroundings:
    """Tells of each attempt's surroundings; one for a process.

    Args:
        hosts: the system's hosts file.
        seconds: the time limit of a TLS handshake.
    """

    def __init__(self, hosts: Path | None = None, seconds: float = 3.0) -> None:
        self._hosts = hosts or _hosts_file()
        self._seconds = seconds
        self._certificates: dict[str, tuple[float, asyncio.Task[Certificate]]] = {}
        """Origin → when it was asked for, and the answer."""
        self._clocks: WeakKeyDictionary[BrowserContext, float] = WeakKeyDictionary()
        """Of the first document alone: later ones may come from the browser's cache."""

    @asynccontextmanager
    async def watched(self, session: Session) -> AsyncIterator[asyncio.Task[Facts]]:
        """Gather a session's surroundings while the block lasts.

        The task is done once all is known; what is not known at the block's end stays empty.
        """
        ended = asyncio.Event()
        gathering = asyncio.create_task(self._gather(session, ended), name="surroundings")
        try:
            yield gathering
        finally:
            ended.set()
            await asyncio.wait([gathering])

    async def _gather(self, session: Session, ended: asyncio.Event) -> Facts:
        remote = bool(session.browser.settings.ws_endpoint)
        base = session.portal.base_url
        proxy = _proxy_for(base)
        hosts = {urlsplit(origin).hostname or "" for origin in session.portal.origins}
        over = asyncio.create_task(ended.wait(), name="attempt over")
        clock = asyncio.create_task(self._clock(session), name="clock")
        certificate = asyncio.create_task(self._certificate(base, proxy, remote=remote), name="certificate")
        try:
            for wanted in (clock, certificate):
                await asyncio.wait({wanted, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            unfinished = [task for task in (over, clock, certificate) if not task.done()]
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        shown = None if certificate.cancelled() else certificate.result()
        return {
            **_programs(session.browser.chromium),
            "remote_browser": remote,
            "headed": session.browser.settings.headed,
            "locale": "zh-CN",
            "timezone": "Asia/Shanghai",
            "proxy": proxy,
            "hosts_overrides": None if remote else overrides(self._hosts, hosts),
            **(shown or Certificate(problem="尚未得到答复")).facts(),
            "clock_offset": None if clock.cancelled() else clock.result(),
        }

    async def _clock(self, session: Session) -> float:
        """Seconds by which this machine's clock is ahead of the portal's."""
        known = self._clocks.get(session.windows.context)
        if known is not None:
            return known
        heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def on_response(response: Response) -> None:
            own = origin_of(response.url) in session.portal.origins
            if not own or response.request.resource_type != "document" or heard.done():
                return
            offset = _offset(response.headers.get("date", ""))
            if offset is not None:
                heard.set_result(offset)

        session.windows.context.on("response", on_response)
        try:
            self._clocks[session.windows.context] = await heard
        finally:
            session.windows.context.remove_listener("response", on_response)
        return heard.result()

    async def _certificate(self, base: str, proxy: str | None, *, remote: bool) -> Certificate:
        """The portal's certificate, asked for once an hour."""
        if remote or proxy:
            return Certificate(problem=_ELSEWHERE if remote else "本机设有代理，未直接握手")
        parts = urlsplit(base)
        if parts.scheme != "https" or parts.hostname is None:
            return Certificate(problem="http 地址没有证书")
        asked, task = self._certificates.get(base, (0.0, None))
        if task is None or time.monotonic() - asked > _HOUR:
            asking = asyncio.to_thread(certificate_of, parts.hostname, parts.port or 443, self._seconds)
            task = asyncio.create_task(asking, name="certificate of the portal")
            self._certificates[base] = (time.monotonic(), task)
        return await asyncio.shield(task)  # others wait for it too


def _programs(browser: Browser) -> Facts:
    return {
        "version": rpa.__version__,
        "python": platform.python_version(),
        "playwright": version("playwright"),
        "browser": f"{browser.browser_type.name} {browser.version}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _hosts_file() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "drivers" / "etc" / "hosts"
    return Path("/etc/hosts")


def overrides(file: Path, hosts: Iterable[str]) -> list[str] | None:
    """The lines of a hosts file that name one of these hosts, as ``address host``; None: not readable."""
    try:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return None
    wanted = {host.lower() for host in hosts}
    found = []
    for line in lines:
        address, *names = line.partition("#")[0].split() or [""]
        found += [f"{address} {name}" for name in names if name.lower().rstrip(".") in wanted]
    return found


def _proxy_for(base: str) -> str | None:
    """Host and port of the proxy that this machine is set to use for an address, without who may use it.

    Our browser goes straight to a portal all the same, see ``rpa.browser.guard``.
    """
    parts = urlsplit(base)
    proxies = getproxies()
    address = proxies.get(parts.scheme) or proxies.get("all", "")
    if not address or proxy_bypass(parts.netloc):
        return None
    proxy = urlsplit(address if "://" in address else f"//{address}")
    return f"{proxy.hostname or '?'}{f':{proxy.port}' if proxy.port else ''}"


def _offset(date: str) -> float | None:
    """How far this machine's clock is ahead of a ``Date`` header, in whole seconds; None without one."""
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    if told.tzinfo is None:
        return None
    # The header leaves out the fraction of a second.
    return float(round((datetime.now(UTC) - told).total_seconds() - 0.5))
