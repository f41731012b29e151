"""Addresses of portals and of remote browsers: which are safe enough, and what their origin is."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def origin_of(url: str) -> str:
    """The origin (``scheme://host[:port]``, lower case, no default port) of an address."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or ''}{port}".lower()


def _safe_address(url: str) -> str:
    """Accept https anywhere, plain http on loopback alone."""
    if _is_safe(url, "http"):
        return url.rstrip("/")
    raise ValueError("地址必须以 https:// 开头（http:// 只允许本机 127.0.0.1）")


def _safe_socket(url: str) -> str:
    """Accept wss anywhere, plain ws on loopback alone; empty for none."""
    if not url or _is_safe(url, "ws"):
        return url
    raise ValueError("远程浏览器的地址必须以 wss:// 开头（ws:// 只允许本机 127.0.0.1）")


def _is_safe(url: str, scheme: str) -> bool:
    """Whether what goes to an address is encrypted, or stays on this machine."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == f"{scheme}s" or (parts.scheme == scheme and loopback))


Address = Annotated[str, AfterValidator(_safe_address)]
SocketAddress = Annotated[str, AfterValidator(_safe_socket)]
