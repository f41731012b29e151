"""Who has to say yes, and how often."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from rpa.engine.approvals import Approvals
from rpa.engine.catalog import flow, province
from rpa.engine.pace import Pace
from rpa.errors import Cancelled, UserError


async def test_the_others_wait_for_the_first_yes() -> None:
    approvals, answer, asked = Approvals("first"), asyncio.Event(), 0

    async def person() -> str:
        nonlocal asked
        asked += 1
        await answer.wait()
        return "y"

    waiting = [asyncio.create_task(approvals.ask(person)) for _ in range(3)]
    done, _ = await asyncio.wait(waiting, timeout=0.05)
    assert done == set()
    answer.set()
    await asyncio.gather(*waiting)
    assert asked == 1


async def test_after_a_no_the_next_is_asked() -> None:
    approvals, answers = Approvals("first"), iter(["n 账号不对", "y"])

    async def person() -> str:
        return next(answers)

    with pytest.raises(Cancelled, match="账号不对"):
        await approvals.ask(person)
    await approvals.ask(person)
    await approvals.ask(person)


async def test_starts_are_spaced() -> None:
    loop, pace, starts = asyncio.get_running_loop(), Pace(0.05), []
    for _ in range(3):
        await pace.turn()
        starts.append(loop.time())
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert min(gaps) >= 0.045


def test_the_catalog_names_what_there_is() -> None:
    assert "稳岗返还" in province("henan").items
    with pytest.raises(UserError, match="没有平台"):
        province("atlantis")
    with pytest.raises(UserError, match="稳岗返还"):
        flow("henan", "养老保险")
