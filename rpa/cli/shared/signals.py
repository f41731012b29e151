"""Ctrl+C while a worker works: once, running steps end and the rest stays in line; twice, at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from rpa.cli.shared import output
from rpa.engine.worker.shutdown import Shutdown

_ONCE = "正在停下：正在办的步骤办完就停，未办的留在队列中（再按一次 Ctrl+C 立即停止）"
_TWICE = "正在立即停止，未办完的留在队列中"


@dataclass(slots=True)
class Interruptions:
    """How often, and how, somebody asked this process to stop."""

    times: int = 0
    by_keyboard: bool = False

    def __bool__(self) -> bool:
        return self.times > 0


@contextmanager
def shutdown_on_signals(shutdown: Shutdown) -> Iterator[Interruptions]:
    """Turn Ctrl+C and SIGTERM into wishes to stop, until the block ends.

    To be entered inside the running loop, in the main thread. What is under way then hears of it by
    ``shutdown``, on Windows too, where loops know no signals of their own.
    """
    loop = asyncio.get_running_loop()
    interruptions = Interruptions()

    def ask(number: int, _frame: FrameType | None) -> None:
        interruptions.times += 1
        interruptions.by_keyboard |= number == signal.SIGINT
        shutdown.request()
        # Not said here: the signal may have come in the middle of writing another line.
        loop.call_soon_threadsafe(output.note, _ONCE if interruptions.times == 1 else _TWICE)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruptions
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def at_a_prompt() -> Iterator[None]:
    """While a question of the command line itself is open, Ctrl+C ends the command: nothing is under way."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
