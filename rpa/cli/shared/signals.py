"""Ctrl+C while a worker works: once, running steps end and the rest stays queued; twice, at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from rpa.cli.shared import output
from rpa.engine.worker.shutdown import Shutdown

_STOPPING = "正在停下：正在办的步骤办完就停，未办的留在队列中（再按一次 Ctrl+C 立即停止）"
_STOPPING_AT_ONCE = "正在立即停止，未办完的留在队列中"


@dataclass(slots=True)
class Interruptions:
    """How often, and how, somebody asked this process to stop; true where anybody did."""

    times: int = 0
    by_keyboard: bool = False

    def __bool__(self) -> bool:
        return self.times > 0


@contextmanager
def shutdown_on_signals(shutdown: Shutdown) -> Iterator[Interruptions]:
    """Let Ctrl+C and SIGTERM request the shutdown, until the block ends.

    To be entered inside the running loop, in the main thread. What is under way then learns of it from
    ``shutdown``, on Windows too, where loops know no signals of their own.
    """
    loop = asyncio.get_running_loop()
    interruptions = Interruptions()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        interruptions.times += 1
        interruptions.by_keyboard |= number == signal.SIGINT
        shutdown.request()
        # Not printed here: the signal may have come in the middle of writing another line.
        loop.call_soon_threadsafe(output.note, _STOPPING if interruptions.times == 1 else _STOPPING_AT_ONCE)

    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruptions
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
