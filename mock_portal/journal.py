"""What the portals of a world have done for good, in order; its lock is the whole world's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import RLock

from mock_portal.clock import Clock
from mock_portal.records import Entry


class Journal:
    """The commits of a world.

    Args:
        clock: when they happen.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = RLock()
        """Held while anything of the world is changed: an entry and what it tells of belong together."""
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        with self.lock:
            self._entries: list[Entry] = []
            self._sequence = 0

    @contextmanager
    def commit(self, kind: str, code: str, values: Mapping[str, str] | None = None) -> Iterator[Entry]:
        """Do something for good: the entry is kept when the block ends well."""
        with self.lock:
            entry = Entry(self.number(), kind, code, self.clock.now(), dict(values or {}))
            yield entry
            self._entries.append(entry)

    def number(self) -> int:
        """The next number; no two are the same until the next reset."""
        with self.lock:
            self._sequence += 1
            return self._sequence

    def entries(self, kind: str = "", code: str = "") -> tuple[Entry, ...]:
        """Every commit in order, of one kind or employer if given."""
        with self.lock:
            return tuple(
                each for each in self._entries if kind in ("", each.kind) and code in ("", each.code)
            )
