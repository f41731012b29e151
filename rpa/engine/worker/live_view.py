"""What a worker's open sessions show, told through the ledger while somebody looks, else nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from rpa.browser.screencast import glance
from rpa.browser.session import Session
from rpa.errors import UserError
from rpa.ledger.data.fleet import LivePictureUpdate
from rpa.ledger.fleet.live_pictures import LivePictures

_SECONDS = 1.0


@dataclass(slots=True)
class _Open:
    """A session that an attempt works in."""

    session: Session
    step: str = ""
    frame: bytes | None = None
    """The last one that was told."""


class LiveView:
    """Shows the sessions of one worker.

    While a session is open the ledger is asked once a second whether somebody looks; if so, each open
    session is pictured, and what changed is told in one transaction.

    Args:
        views: of the ledger, where it is shown.
        worker: this worker.
    """

    def __init__(self, views: LivePictures, worker: str) -> None:
        self._views = views
        self._worker = worker
        self._open: dict[int, _Open] = {}
        self._told: dict[int, str] = {}
        """Task → step, as the ledger has it."""
        self._looking: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @contextmanager
    def showing(self, task_id: int, session: Session) -> Iterator[None]:
        """Show a session as a task's while the block lasts."""
        self._open[task_id] = _Open(session)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="live views")
        try:
            yield
        finally:
            self._open.pop(task_id, None)

    def step(self, task_id: int, name: str) -> None:
        """A task's attempt begins a step."""
        if one := self._open.get(task_id):
            one.step = name

    async def close(self) -> None:
        """Show nothing any more."""
        self._open.clear()
        self._closing.set()
        if self._looking:  # not cancelled: a thread that tells something could not be
            await self._looking
        with suppress(UserError):
            await self._tell({})

    async def _look(self) -> None:
        clock = asyncio.get_running_loop()
        while (self._open or self._told) and not self._closing.is_set():
            began = clock.time()
            with suppress(UserError):  # what cannot be shown harms no filing; others say what is wrong
                await self._turn()
            with suppress(TimeoutError):  # a look is a clock
                await asyncio.wait_for(self._closing.wait(), began + _SECONDS - clock.time())

    async def _turn(self) -> None:
        watched = bool(self._open) and await asyncio.to_thread(self._views.is_watched)
        looked = dict(self._open) if watched else {}
        frames = await asyncio.gather(*(glance(one.session.front) for one in looked.values()))
        seen = zip(looked.items(), frames, strict=True)
        # A session that has ended meanwhile may show another filing by now.
        await self._tell({task: frame for (task, one), frame in seen if self._open.get(task) is one})

    async def _tell(self, frames: Mapping[int, bytes | None]) -> None:
        """Tell what changed; only these tasks are shown from now on."""
        steps = {task_id: self._open[task_id].step for task_id in frames}
        fresh = {task_id: frame for task_id, frame in frames.items() if self._is_fresh(task_id, frame)}
        if not fresh and steps == self._told:
            return
        shown = [LivePictureUpdate(task_id, step, fresh.get(task_id)) for task_id, step in steps.items()]
        await asyncio.to_thread(self._views.show, self._worker, shown)
        self._told = steps
        for task_id in fresh.keys() & self._open.keys():
            self._open[task_id].frame = fresh[task_id]

    def _is_fresh(self, task_id: int, frame: bytes | None) -> bool:
        return frame is not None and (task_id not in self._told or frame != self._open[task_id].frame)
