"""Where the console listens: on loopback, or beyond it, but then with a password and TLS alone."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rpa.console.access.address import ConsoleAddress
from rpa.console.access.login_password import Password
from rpa.errors import UserError
from rpa.settings.settings import ConsoleSettings, Settings

_NEIGHBOURS = 20
"""Ports that are tried after the configured one."""
_LOCAL = ("127.0.0.1", "localhost")


@contextmanager
def listening(settings: Settings, port: int | None = None) -> Iterator[tuple[socket.socket, ConsoleAddress]]:
    """A socket that listens while the block lasts, and its address.

    Args:
        settings: with the address; its port or, where that is taken, one of the next.
        port: this very one instead; 0 chooses a free one.

    Raises:
        UserError: nothing can be served there, or not safely.
    """
    console = settings.console
    _check_safe(settings)
    with _bound(console.host, [port] if port is not None else _ports(console.port)) as listener:
        listener.listen(128)
        yield (
            listener,
            ConsoleAddress(listener.getsockname()[1], _names(console), tls=console.tls_key is not None),
        )


def _check_safe(settings: Settings) -> None:
    """Beyond loopback there is a password, TLS, and a name to call.

    Raises:
        UserError: there is not.
    """
    console = settings.console
    if console.tls_certificate or console.tls_key:
        _check_tls(console)
    if _loopback(console.host):
        return
    if not (console.tls_certificate and console.tls_key):
        raise UserError(
            f"操作台要在 {console.host} 上供其他电脑访问，须先设置 console.tls_certificate 和 console.tls_key"
        )
    if not Password(settings.home).known:
        raise UserError(
            f"操作台要在 {console.host} 上供其他电脑访问，须先设置密码：rpa console --set-password"
        )
    if _everywhere(console.host) and not console.names:
        raise UserError("请在设置 console.names 中写明其他电脑用什么名字或地址访问操作台")


def _check_tls(console: ConsoleSettings) -> None:
    if not (console.tls_certificate and console.tls_key):
        raise UserError("console.tls_certificate 和 console.tls_key 要一起设置")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # A key with a password would ask for it at the terminal, in the middle of the work.
        context.load_cert_chain(console.tls_certificate, console.tls_key, password=lambda: "")
    except OSError as error:
        why = error.strerror or "内容不对或有密码"
        raise UserError(
            f"操作台的证书 {console.tls_certificate} 和私钥 {console.tls_key} 用不了：{why}"
        ) from None


def _names(console: ConsoleSettings) -> tuple[str, ...]:
    """The names by which a browser may call it; links have the first one."""
    host = f"[{console.host}]" if ":" in console.host else console.host
    if _loopback(console.host):
        named = (host, *_LOCAL, *console.names)
    elif _everywhere(console.host):
        named = (*console.names, *_LOCAL)
    else:
        named = (*console.names, host)
    return tuple(dict.fromkeys(name.lower() for name in named))


def _loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _everywhere(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_unspecified
    return False


def _ports(first: int) -> list[int]:
    return list(range(first, min(first + _NEIGHBOURS, 65535) + 1)) if first else [0]


@contextmanager
def _bound(host: str, ports: list[int]) -> Iterator[socket.socket]:
    """A socket at the first of these ports that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # on Windows the option would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for port in ports:
            try:
                listener.bind((host, port))
                break
            except OSError as error:
                reason = error.strerror
        else:
            shown = f"{ports[0]} 至 {ports[-1]}" if len(ports) > 1 else ports[0]
            raise UserError(f"{host} 的端口 {shown} 用不了（{reason}），请用 --port 换一个")
        yield listener
