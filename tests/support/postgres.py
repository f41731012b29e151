"""A real PostgreSQL server for tests: its own folder and port, and it can be stopped and restarted.

The server's programs come with Debian's package ``postgresql``; where they are missing and we may
install it, that is done once, since machines that only run tests have nothing prepared.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import SystemRandom
from typing import Self
from uuid import uuid4

import psycopg
import pytest

from tests.support.debian import install

_USER = "rpa"
_SETTINGS = {
    "fsync": "off",  # a crash of the machine ends the tests anyway
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class Postgres:
    """A server on the loopback; use it as a context.

    Args:
        folder: an empty or missing folder for its files; by default a temporary one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="rpa-postgres-")
        self._folder = folder or Path(self._temporary.name)  # type: ignore[union-attr]
        self._data = self._folder / "data"
        self._port = _free_port()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.name == "posix" and os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._folder, _system_user())
        self._run("initdb", "-D", self._data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in _SETTINGS.items())
            file.write(f"port = {self._port}\n")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._temporary:
            self._temporary.cleanup()

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the server's first database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """SQLAlchemy's address of one of its databases."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"t{uuid4().hex}"
        self._order(f"CREATE DATABASE {name}")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a database that :meth:`new_database` made, whoever is still connected to it."""
        self._order(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._data / "server.log")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: ``immediate`` breaks every connection as a crash does, ``fast`` says goodbye first."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-w", "-D", self._data, "-m", mode)

    def restart(self, mode: str = "immediate") -> None:
        """Stop and start it again, on the same port."""
        self.stop(mode)
        self.start()

    def _order(self, command: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(command)

    def _run(self, program: str, *arguments: str | Path) -> None:
        user = _system_user() if os.name == "posix" and os.geteuid() == 0 else None
        done = subprocess.run(
            [_programs() / program, *arguments],
            user=user,
            group=user and _group_of(user),
            extra_groups=[] if user else None,
            cwd="/" if user else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open for as long as the server runs
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        if done.returncode:
            log = self._data / "server.log"
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} ended with {done.returncode}\n{said}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of a process."""
    with Postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of its own for one test."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@cache
def _programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``."""
    found = _installed()
    if found is None:
        install("postgresql")
        found = _installed()
    if found is None:
        raise RuntimeError(
            "These tests need a PostgreSQL server's programs (initdb, pg_ctl): "
            "install PostgreSQL, or put its bin folder on PATH"
        )
    return found


def _installed() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _system_user() -> str:
    import pwd  # noqa: PLC0415 - not on Windows

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group_of(user: str) -> int:
    import pwd  # noqa: PLC0415 - not on Windows

    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    """A port that nobody is given by chance, neither now nor while the server is being restarted.

    Systems give away ports from 32768 on: to whoever binds port 0, and to every connection's near end.
    """
    while True:
        port = SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
