"""A process with a queue, told what to do line by line on its standard input, for the tests.

What its tickets do goes to a journal that all processes share, one line at a time. A ticket takes
``hold`` seconds, or waits until the file ``….go`` beside the journal is there (``go``) and then takes so
many seconds (``go+0.3``) or its process with it (``go+die``).
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rpa.engine.queue.queue import Queue
from rpa.ledger.data.tasks import Ticket


@dataclass
class Work:
    worker: str
    journal: str
    hold: str

    def __call__(self, ticket: Ticket) -> None:
        self._note("begin", ticket)
        for what in self.hold.split("+"):
            match what:
                case "go":
                    while not Path(f"{self.journal}.go").exists():
                        time.sleep(0.02)
                case "die":
                    self._note("end", ticket)
                    os._exit(9)  # all is done, and the queue does not know it
                case seconds:
                    time.sleep(float(seconds))
        self._note("end", ticket)

    def _note(self, what: str, ticket: Ticket) -> None:
        with Path(self.journal).open("a") as file:
            file.write(f"{what} {ticket} {self.worker} {time.time()}\n")


def _main(url: str, worker: str, journal: str, line: str, hold: str) -> None:
    name, places = line.split(",")
    queue = Queue(url, None, worker, [name], Work(worker, journal, hold), on_error=print)
    queue.open()
    queue.set_places(name, int(places))
    _say("open")
    for order in sys.stdin:
        word, *words = order.split()
        _say(_obey(queue, name, word, words))


def _obey(queue: Queue, line: str, word: str, words: list[str]) -> str:
    if word == "take_over":
        return " ".join(str(ticket) for ticket in queue.take_over(words))
    if word == "put":
        queue.put(line, [Ticket.parse(text) for text in words])
    else:
        queue.close(wait_seconds=float(words[0]))
    return "done"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _no_network(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        _say(f"network: {event}")


if __name__ == "__main__":
    if os.environ.get("TELL_NETWORK"):
        sys.addaudithook(_no_network)
    _main(*sys.argv[1:])
