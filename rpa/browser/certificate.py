"""A portal's TLS certificate, as this machine sees it."""

from __future__ import annotations

import hashlib
import socket
import ssl
from dataclasses import asdict, dataclass
from typing import Any

from cryptography import x509


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is kept of a certificate; all empty where there is none, and ``problem`` says why."""

    sha256: str | None = None
    """Fingerprint: SHA-256 of its DER form (hex)."""
    subject: str | None = None
    issuer: str | None = None
    valid_until: str | None = None
    """ISO 8601, UTC."""
    trusted: bool | None = None
    """Whether this system's roots vouch for it, under the portal's name and now."""
    problem: str = ""
    """Why there is none, or why it is not trusted; Chinese or OpenSSL's words."""

    def facts(self) -> dict[str, Any]:
        """As facts of a trail's line."""
        return {f"certificate_{name}": value for name, value in asdict(self).items()}


def certificate_of(host: str, port: int, seconds: float) -> Certificate:
    """Shake hands with a server, say nothing more, and return its certificate.

    Blocks; run it in a thread.

    Args:
        host: the portal's; no other host is connected to.
        port: of the portal.
        seconds: the time limit of each of the at most two handshakes: an untrusted certificate is only
            told by one that does not ask for trust.
    """
    try:
        return _described(_shake(ssl.create_default_context(), host, port, seconds), trusted=True)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
    except (OSError, ValueError) as error:
        return Certificate(problem=_reason(error))
    try:
        return _described(_shake(_trusting(), host, port, seconds), trusted=False, problem=why)
    except (OSError, ValueError) as error:
        return Certificate(trusted=False, problem=_reason(error))


def _shake(context: ssl.SSLContext, host: str, port: int, seconds: float) -> bytes:
    with (
        socket.create_connection((host, port), timeout=seconds) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True) or b""


def _trusting() -> ssl.SSLContext:
    """For looking at a certificate alone: nothing is sent to whoever shows it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _described(der: bytes, *, trusted: bool, problem: str = "") -> Certificate:
    read = x509.load_der_x509_certificate(der)
    return Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        subject=read.subject.rfc4514_string(),
        issuer=read.issuer.rfc4514_string(),
        valid_until=read.not_valid_after_utc.isoformat(),
        trusted=trusted,
        problem=problem,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "没有在规定时间内完成握手"
    if isinstance(error, ssl.SSLError):
        return f"握手失败（{error.reason or '原因不明'}）"
    return "连接失败" if isinstance(error, OSError) else "证书无法解读"
