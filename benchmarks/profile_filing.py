"""Where a filing's time goes: a developer's tool, not a benchmark.

Usage: python -m benchmarks.profile_filing [--province P] [--look L] [--filings N] [--calls]

Per step the median milliseconds, and inside them what was waited for: pictures (what remains of the last
step's, when something is about to change the page), labels, signs, navigation, the ledger's and the
evidence's files, the operator. A call inside a call counts for the inner one only; what is left over is the
flow's own. ``--calls`` lists every call in order.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import inspect
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.filing import LOOKS, WARM_UP
from benchmarks.sides import bench, employers_apart, our_side
from rpa.browser.camera import Camera
from rpa.browser.labels import Labels
from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.browser.waiter import Waiter
from rpa.browser.windows import Windows
from rpa.evidence.recorder import Recorder
from rpa.ledger.filings.intents import Intents
from rpa.ledger.requests.requests import Requests
from rpa.ledger.tasks.tasks import Tasks
from rpa.operator.desk import Desk

COLUMNS: dict[str, tuple[tuple[type, str], ...]] = {
    "context": ((Session, "open single_send"),),
    "go": ((Session, "go"),),
    "labels": (
        (
            Labels,
            "click click_in tick fill read readable editable rows upload box captions heads folds_away years",
        ),
    ),
    "settle": ((Labels, "settled"),),
    "see": ((Waiter, "see sight shows mark check_interruptions"),),
    "pictures": ((Camera, "done take"),),
    "window": ((Windows, "print_out"),),
    "captcha": ((Captcha, "image"),),
    "ledger": (
        (Intents, "win"),
        (Requests, "ask waiting picture answer take_answer withdraw"),
        (Tasks, "claim end"),
    ),
    "evidence": ((Recorder, "__init__ line picture ended"),),
    "desk": ((Desk, "ask"),),
}
"""Column → the methods whose time it shows."""
OPENING = "(before the first step)"

_inner: ContextVar[list[float] | None] = ContextVar("inner", default=None)
"""Where the call under way adds up what the calls inside it took."""


def methods() -> Iterator[tuple[str, type, str]]:
    """Each method with its column."""
    for column, owners in COLUMNS.items():
        for owner, names in owners:
            for name in names.split():
                yield column, owner, name


@dataclass
class Profile:
    """One filing."""

    steps: dict[str, float] = field(default_factory=dict)
    """Step → seconds."""
    waited: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    """Step and column → seconds."""
    calls: list[tuple[str, str, float]] = field(default_factory=list)
    step: str = OPENING
    began: float = field(default_factory=time.perf_counter)

    def next(self, step: str) -> None:
        """A step ends and the next one begins."""
        now = time.perf_counter()
        self.steps[self.step] = now - self.began
        self.step, self.began = step, now

    @contextmanager
    def timed(self, column: str, name: str) -> Iterator[None]:
        """Count the block's time for a column, and not for the call around it."""
        outer, inside, step = _inner.get(), [0.0], self.step
        token = _inner.set(inside)
        began = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - began
            _inner.reset(token)
            if outer is not None:
                outer[0] += took
            self.waited[step, column] += took - inside[0]
            self.calls.append((step, name, took))


class Probe:
    """The engine's methods, wrapped so that the filing under way learns how long they take."""

    def __init__(self) -> None:
        self.profile = Profile()

    def install(self) -> None:
        """Wrap every method of :data:`COLUMNS`, for as long as this process lives."""
        for column, owner, name in methods():
            method = getattr(owner, name)
            setattr(owner, name, self._wrapped(column, f"{owner.__name__}.{name}", method))

    def _wrapped(self, column: str, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        async def awaited(*args: Any, **more: Any) -> Any:
            with self.profile.timed(column, name + _named(args)):
                return await method(*args, **more)

        def entered(*args: Any, **more: Any) -> AbstractAsyncContextManager[Any]:
            return self._edges(column, name, method(*args, **more))

        def called(*args: Any, **more: Any) -> Any:
            with self.profile.timed(column, name):
                return method(*args, **more)

        if inspect.iscoroutinefunction(method):
            wrapper: Callable[..., Any] = awaited
        elif inspect.isasyncgenfunction(inspect.unwrap(method)):
            wrapper = entered
        else:
            wrapper = called
        return functools.wraps(method)(wrapper)

    @asynccontextmanager
    async def _edges(
        self, column: str, name: str, manager: AbstractAsyncContextManager[Any]
    ) -> AsyncIterator[Any]:
        """Entering and leaving; what happens in between is not its time."""
        with self.profile.timed(column, f"{name}, entering"):
            value = await manager.__aenter__()
        try:
            yield value
        finally:
            with self.profile.timed(column, f"{name}, leaving"):
                await manager.__aexit__(None, None, None)


def _named(args: Sequence[Any]) -> str:
    """The label or sign that a call names, if it does."""
    first = args[1] if len(args) > 1 else ""
    said = getattr(first, "label", None) or getattr(first, "text", None) or first
    return f" {said}" if isinstance(said, str) and said else ""


async def profiles(filings: int, province: str, look: str) -> list[Profile]:
    """The profiles of so many filings, one after another, after a warm-up."""
    probe, found = Probe(), []
    with bench(employers_apart(WARM_UP + filings, province), province, look) as table:
        async with our_side(table, table.rows) as ours:
            probe.install()
            for row in table.rows:
                probe.profile = profile = Profile()
                await ours.file(row, profile.next)
                profile.next("")
                found.append(profile)
    return found[WARM_UP:]


def show(found: Sequence[Profile]) -> None:
    """Medians over the filings, a line per step."""

    def milliseconds(values: Sequence[float]) -> str:
        return f"{1000 * median(values):9.1f}"

    print("      all " + " ".join(f"{column:>9}" for column in COLUMNS) + "      rest")
    for step in found[0].steps:
        parts = [[one.waited[step, column] for one in found] for column in COLUMNS]
        whole = [one.steps[step] for one in found]
        rest = [all_ - sum(each) for all_, *each in zip(whole, *parts, strict=True)]
        print(" ".join(milliseconds(values) for values in (whole, *parts, rest)), step)
    totals = [[sum(one.waited[step, column] for step in one.steps) for one in found] for column in COLUMNS]
    whole = [sum(one.steps.values()) for one in found]
    rest = [all_ - sum(each) for all_, *each in zip(whole, *totals, strict=True)]
    print(" ".join(milliseconds(values) for values in (whole, *totals, rest)), "a filing")


def show_calls(found: Sequence[Profile]) -> None:
    """Every call in order, with its median over the filings that made the same calls."""
    names = [(step, name) for step, name, _ in found[-1].calls]
    alike = [one for one in found if [(step, name) for step, name, _ in one.calls] == names]
    print(f"\nmilliseconds of each call, with what it holds ({len(alike)} filings)")
    for number, (step, name) in enumerate(names):
        print(f"{1000 * median(one.calls[number][2] for one in alike):9.1f}  {step}: {name}")


def main() -> None:
    """Profile and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile_filing")
    parser.add_argument("--province", choices=("henan", "guangdong"), default="henan")
    parser.add_argument("--look", choices=LOOKS, default="spa")
    parser.add_argument("--filings", type=int, default=10)
    parser.add_argument("--calls", action="store_true", help="every call by itself")
    arguments = parser.parse_args()
    found = asyncio.run(profiles(arguments.filings, arguments.province, arguments.look))
    show(found)
    if arguments.calls:
        show_calls(found)


if __name__ == "__main__":
    main()
