"""The worker processes of a chaos run: started, killed, and followed by new ones."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.chaos_worker import DOWN, Orders
from rpa.ledger.ledger import Ledger

_LONGEST_ABSENCE = 2.0
_START_AGAIN = 1.0
_END_SECONDS = 120.0
_TOO_MANY = 3
"""Workers that end by themselves: then the run is over."""


class GaveUpError(Exception):
    """The run cannot come to its end."""


@dataclass
class _Place:
    """Where one worker runs at a time."""

    orders: Orders
    process: subprocess.Popen[bytes] | None = None
    log: Path = Path()
    not_before: float = 0.0

    def gone(self) -> None:
        """Its process has ended or will at once."""
        assert self.process
        self.process.communicate()
        self.process = None


class Herd:
    """As many workers as there are orders.

    Args:
        orders: one worker's each.
        folder: where they log.
        random: decides who is killed, and how long a place stays empty.
    """

    def __init__(self, orders: Sequence[Orders], folder: Path, random: Random) -> None:
        self._places = [_Place(one) for one in orders]
        self._folder = folder
        self._random = random
        self._started = 0
        self._faults: list[str] = []
        self.down: list[int] = []
        """Process ids of workers that ended since the database was out of reach."""

    def keep_up(self) -> None:
        """Start workers where there are none and the place was empty for long enough.

        Raises:
            GaveUpError: they do not stay.
        """
        if len(self._faults) >= _TOO_MANY:
            raise GaveUpError("workers end by themselves")
        for place in self._places:
            if place.process and place.process.poll() is not None:
                self._ended(place)
            if place.process is None and time.monotonic() >= place.not_before:
                self._start(place)

    def _ended(self, place: _Place) -> None:
        assert place.process
        if place.process.returncode == DOWN:
            self.down.append(place.process.pid)
            place.not_before = time.monotonic() + _START_AGAIN
        else:
            self._faults.append(f"a worker ended by itself: {_said(place)}")
        place.gone()

    def kill(self, ledger: Ledger, targets: Collection[str]) -> str | None:
        """Kill one of these workers, if any of them still lives; returns its name."""
        workers = {worker.pid: worker.id for worker in ledger.workers.all() if worker.id in targets}
        busy = [place for place in self._places if place.process and place.process.pid in workers]
        if not busy:
            return None
        place = self._random.choice(busy)
        assert place.process is not None
        victim = workers[place.process.pid]
        place.process.kill()
        place.gone()
        place.not_before = time.monotonic() + self._random.uniform(0, _LONGEST_ABSENCE)
        return victim

    def end(self) -> Sequence[str]:
        """Let every worker end as asked; returns what was wrong with any of them."""
        alive = [place for place in self._places if place.process]
        for place in alive:
            assert place.process
            assert place.process.stdin
            place.process.stdin.close()
        for place in alive:
            self._wait(place)
        return self._faults

    def _wait(self, place: _Place) -> None:
        assert place.process
        try:
            code = place.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            place.process.kill()
            place.process.wait()
            self._faults.append(f"a worker did not end when asked to: {_said(place)}")
        else:
            if code:
                self._faults.append(f"a worker ended with {code}: {_said(place)}")

    def _start(self, place: _Place) -> None:
        self._started += 1
        place.log = self._folder / f"worker-{self._started}.log"
        command = [sys.executable, "-m", "benchmarks.chaos_worker", place.orders.as_json()]
        with place.log.open("wb") as log:
            place.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log
            )


def _said(place: _Place) -> str:
    return place.log.read_text(encoding="utf-8", errors="replace")[-3000:]
