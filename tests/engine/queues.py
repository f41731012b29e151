"""Queues for the tests: in this process, and in processes of their own that can be killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rpa.engine.queue.queue import Queue
from rpa.ledger.data.tasks import Ticket
from rpa.privacy.sealing import Seal


@dataclass(frozen=True)
class PortalQueue:
    """A portal's queue, and its places at one worker."""

    name: str
    places: int


HENAN = PortalQueue("henan", 4)


@dataclass
class Performed:
    """What a queue in this process performed; ``act`` is what a ticket does."""

    act: Callable[[Ticket], None] = lambda _: None
    begun: list[Ticket] = field(default_factory=list)
    ended: list[Ticket] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    most_at_once: int = 0
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, ticket: Ticket) -> None:
        with self._lock:
            self.begun.append(ticket)
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            self.act(ticket)
        finally:
            with self._lock:
                self._running -= 1
        self.ended.append(ticket)


def waiting_for(event: threading.Event) -> Callable[[Ticket], None]:
    """A ticket that runs until an event."""

    def act(_: Ticket) -> None:
        assert event.wait(60)

    return act


@contextmanager
def opened(
    url: str,
    perform: Performed,
    *,
    worker: str = "w1",
    queues: Sequence[PortalQueue] = (HENAN,),
    seal: Seal | None = None,
    wait_seconds: float = 60,
    closed: Sequence[str] = (),
) -> Iterator[Queue]:
    """Queues with their places, but for those of ``closed``, which have none.

    Places taken away later hold nothing back that a look takes which is under way.
    """
    queue = Queue(
        url,
        seal,
        worker,
        [one.name for one in queues],
        perform,
        on_error=perform.errors.append,
        poll_seconds=0.05,
    )
    queue.open()
    for line in queues:
        queue.set_places(line.name, 0 if line.name in closed else line.places)
    try:
        yield queue
    finally:
        queue.close(wait_seconds=wait_seconds)


def tickets(count: int, *, first: int = 1) -> list[Ticket]:
    return [Ticket(number, 1) for number in range(first, first + count)]


@dataclass(frozen=True)
class Note:
    what: str
    ticket: Ticket
    worker: str
    at: float


class Journal:
    """What the tickets of all processes did, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def notes(self, what: str) -> list[Note]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        words = [line.split() for line in lines]
        return [Note(w[0], Ticket.parse(w[1]), w[2], float(w[3])) for w in words if w[0] == what]

    def go(self) -> None:
        """Let those go on that wait for it."""
        Path(f"{self.path}.go").touch()

    def most_at_once(self) -> int:
        changes = [(note.at, 1) for note in self.notes("begin")] + [
            (note.at, -1) for note in self.notes("end")
        ]
        running = most = 0
        for _, change in sorted(changes):
            running += change
            most = max(most, running)
        return most


class Process:
    """A worker process; see ``queue_worker``."""

    def __init__(
        self,
        url: str,
        worker: str,
        journal: Journal,
        line: PortalQueue = HENAN,
        *,
        hold: str = "0",
        tell_network: bool = False,
    ) -> None:
        shape = f"{line.name},{line.places}"
        environment = os.environ | ({"TELL_NETWORK": "1"} if tell_network else {})
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.engine.queue_worker",
                url,
                worker,
                str(journal.path),
                shape,
                str(hold),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Self:
        assert self.answer() == "open"
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def tell(self, order: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self.answer()

    def answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def put(self, some: Sequence[Ticket]) -> None:
        assert self.tell(f"put {' '.join(map(str, some))}") == "done"

    def kill(self) -> None:
        """As a power failure would."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()


def change(file: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


def ask(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        return connection.execute(question).fetchall()
