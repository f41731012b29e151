"""Which worker this process is: one per SQLite file, as many as one likes on PostgreSQL.

Two processes on one SQLite file were seen to take more from DBOS's queue than either may; and
an executor id that two processes share makes one run again what the other still works on. So a worker
holds a lock of the operating system, which a crash lets go, and has an id that nobody had before.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import make_url

from rpa.errors import UserError
from rpa.files import private_folder
from rpa.settings.settings import Settings


class WorkerBusyError(UserError):
    """Another worker is at work on this ledger, and only one may be."""


@dataclass(frozen=True, slots=True)
class WorkerLock:
    """The right to be a worker."""

    worker: str
    """This worker's id: host, place and a token that no process had before."""
    dead: str
    """Who held the place last: gone for certain, since the lock is ours. Empty for nobody."""


@contextmanager
def take_worker_lock(folder: Path, *, alone: bool) -> Iterator[WorkerLock]:
    """Be a worker until the block ends.

    Args:
        folder: where locks are kept: beside the ledger's file, or in the user's folder.
        alone: only one worker may be (SQLite).

    Raises:
        WorkerBusyError: another worker is at work on this ledger.
    """
    private_folder(folder)
    for place in count(1):
        lock = FileLock(folder / f"worker-{place}.lock")
        try:
            with lock.acquire(blocking=False):
                yield _settle(folder / f"worker-{place}.id", place)
                return
        except Timeout:
            if alone:
                raise WorkerBusyError(
                    f"本机已有办理程序在运行{_holder(folder / 'worker-1.id')}：请等它结束，"
                    "或用 rpa submit 把工作簿排进队列，由它一并办理；进度见 rpa status"
                ) from None


def lock_folder(settings: Settings) -> Path:
    """Where workers of this machine keep their locks: beside the ledger's file, or in the user's folder."""
    address = make_url(settings.ledger_url)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).parent
    return settings.home


def _settle(path: Path, place: int) -> WorkerLock:
    dead = _read(path)
    worker = f"{socket.gethostname()[:32]}-{place}-{secrets.token_hex(4)}"
    path.write_text(f"{worker} {os.getpid()}", encoding="utf-8")
    return WorkerLock(worker, dead.partition(" ")[0])


def _holder(path: Path) -> str:
    pid = _read(path).partition(" ")[2]
    return f"（进程 {pid}）" if pid else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
