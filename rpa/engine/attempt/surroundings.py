"""Notes in a filing's trail where an attempt was made: beside its first steps, and never in their way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rpa.browser.session import Session
from rpa.browser.surroundings import Facts, Surroundings
from rpa.errors import Superseded
from rpa.evidence.environment import EVENT
from rpa.evidence.recorder import Recorder


@asynccontextmanager
async def recording_environment(
    surroundings: Surroundings, session: Session, recorder: Recorder
) -> AsyncIterator[None]:
    """Have a line 运行环境 written as soon as all is known, at the block's end at the latest."""

    def note(gathering: asyncio.Task[Facts]) -> None:
        with suppress(Superseded, asyncio.CancelledError):  # the next line says so where it can be told
            recorder.line(EVENT, **gathering.result())

    async with surroundings.watched(session) as gathering:
        gathering.add_done_callback(note)
        yield
