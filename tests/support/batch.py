"""A batch at a mock portal: the day, running it, and a clerk who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.world import World
from rpa.engine.batch.data import BatchResult, ProgressUpdate, RunOptions
from rpa.engine.batch.run import RunContext, run_batch
from rpa.filing import CHINA, Verdict
from rpa.ledger.data.requests import WaitingRequest
from rpa.operator.desk import Channel, Reply
from rpa.operator.request import Kind
from rpa.settings.settings import Settings, load_settings

TODAY = datetime.now(CHINA).date()
YEAR = TODAY.year
"""The mock portals' clock is the real one, and theirs is the year that they take."""

Rows = Sequence[Mapping[str, Any]]

FaultRow = tuple[FaultKind, Place, int | None, Verdict, int]
"""A fault, where it strikes, how often (None: for ever); the verdict that follows, and the commits."""


def hurried(folder: Path, portals: Mapping[str, Mapping[str, Any]], **more: Any) -> Settings:
    """Settings without a pace, and without second thoughts about an unwell portal."""
    haste = {"step_seconds": 30.0, "save_seconds": 30.0, "starts_per_minute": 1000, "look_up_seconds": 0.2}
    engine = {"retry_delays": (), "poll_seconds": 0.1} | more.pop("engine", {})
    return load_settings(
        **(
            {
                "home": folder / "home",
                "engine": engine,
                "portals": {key: haste | dict(portal) for key, portal in portals.items()},
            }
            | more
        )
    )


class Clerk:
    """Reads captchas with the portal's help and says yes to approvals; ``answers`` by kind override."""

    def __init__(self, portal: World, **answers: Callable[[WaitingRequest], str | None]) -> None:
        self._portal = portal
        self._answers = answers
        self.asked: list[WaitingRequest] = []

    async def serve(self, request: WaitingRequest, picture: Path | None, reply: Reply) -> None:
        self.asked.append(request)
        if request.kind in self._answers:
            text = self._answers[request.kind](request)
        elif request.kind == Kind.APPROVAL:
            text = "y"
        else:
            text = self._read(picture)
        if text is not None:
            reply.answer(text, who="测试员")

    def _read(self, picture: Path | None) -> str:
        assert picture is not None
        shown = sha256(picture.read_bytes()).hexdigest()
        return next(made.text for made in self._portal.captchas() if made.picture_sha256 == shown)


async def run(
    workbook: Path,
    configured: Settings,
    channel: Channel,
    *,
    heard: list[ProgressUpdate] | None = None,
    **options: Any,
) -> BatchResult:
    news = [] if heard is None else heard
    return await run_batch(
        workbook,
        configured,
        RunOptions(**({"today": TODAY} | options)),
        RunContext(channels=[channel], progress=news.append),
    )


def parts(table: Sequence[FaultRow], size: int = 6) -> list[list[FaultRow]]:
    """The table in pieces of so many rows: a batch each, which other processes can take over."""
    return [list(table[start : start + size]) for start in range(0, len(table), size)]


def told(part: Sequence[FaultRow]) -> str:
    """A part's name among the tests: its first fault."""
    return f"{part[0][0]} at {part[0][1]} and on"


def arm_each(world: World, table: Sequence[FaultRow], employers: Rows) -> None:
    """Arm each fault for an employer of its own, so that all of them strike in one batch."""
    for (kind, where, times, _, _), row in zip(table, employers, strict=True):
        world.faults.arm(Fault(kind, where, times, code=str(row["code"])))


def assert_each(world: World, table: Sequence[FaultRow], employers: Rows, result: BatchResult) -> None:
    """Each employer ended as its fault's row says, with so many commits in the portal's own journal."""
    ends = {entry.code: entry for entry in result.entries}
    wrong = []
    for (kind, where, times, verdict, commits), row in zip(table, employers, strict=True):
        entry = ends[str(row["code"])]
        ended = entry.verdict, len(world.journal("submit", entry.code))
        if ended != (verdict, commits):
            times_told = f"{kind} at {where}, {times or 'every'} time(s)"
            wrong.append(f"{times_told}: {ended}, {entry.outcome.explanation}")
    assert not wrong, "\n".join(wrong)
