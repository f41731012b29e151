"""Where a console is served, and what of it the world may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsoleAddress:
    """An address that the server listens at."""

    port: int
    names: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names by which a browser may call it."""
    tls: bool = False

    @property
    def scheme(self) -> str:
        """Of its addresses."""
        return "https" if self.tls else "http"

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{self.scheme}://{self.names[0]}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """What a ``Host`` header may say: a name and the port, nothing else.

        Browsers leave the scheme's own port out.
        """
        plain = self.names if self.port == (443 if self.tls else 80) else ()
        return frozenset([*(f"{name}:{self.port}" for name in self.names), *plain])

    @property
    def origins(self) -> frozenset[str]:
        """What an ``Origin`` header may say."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """The session's cookie: cookies know no ports, so its name does."""
        return f"rpa-console-{self.port}"


SAFE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every answer, unless the answer itself says something stricter."""
