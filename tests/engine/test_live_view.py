"""What open sessions show: while somebody looks, not more often than said, and to no filing's harm."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from mock_portal.server import MockPortal
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.engine.worker.live_view import LiveView
from rpa.evidence.bag.verify import verify
from rpa.filing import Verdict
from rpa.ledger.data.fleet import LivePictureUpdate
from rpa.ledger.ledger import Ledger
from tests.browser.test_camera import size_of
from tests.ledger.builders import claimed, open_batch, planned
from tests.support import henan
from tests.support.portal import portal_at
from tests.support.waiting import until_async
from tests.support.wire import Wire

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

RESTLESS = "<p id=it>0</p><script>setInterval(() => it.textContent = ++window.n || (n = 1), 20)</script>末行"
PACE = 0.25


@dataclass
class Show:
    """A session that is shown, and whoever looks."""

    ledger: Ledger
    live: LiveView
    session: Session
    task_id: int
    sent: list[float] = field(default_factory=list)
    """When the browser sent a frame."""

    asked: int = 0
    """How often it was asked whether somebody looks: each look begins with it."""

    def __post_init__(self) -> None:
        watched = self.ledger.live_pictures.is_watched

        def counted() -> bool:
            self.asked += 1
            return watched()

        self.ledger.live_pictures.is_watched = counted  # type: ignore[method-assign]

    async def looks(self, times: int) -> None:
        """Wait until so many looks are over."""
        begun = self.asked
        await until_async(lambda: self.asked > begun + times)

    def number(self) -> int:
        return sum(view.number for view in self.ledger.live_pictures.all())


@pytest_asyncio.fixture(loop_scope="session")
async def show(
    running: RunningBrowser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Show]:
    monkeypatch.setattr("rpa.engine.worker.live_view._SECONDS", PACE)
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        (ticket,) = planned(ledger, open_batch(ledger, tmp_path))
        task_id = claimed(ledger, ticket).ticket.task_id
        async with (
            Wire({"/": RESTLESS, "/window": f"<body bgcolor=navy>窗口{RESTLESS}"}).listening() as wire,
            Session.open(running, portal_at(wire.url, step_seconds=60.0)) as session,
        ):
            await session.go(wire.url + "/")
            await session.see(Sign("末行"))
            made = Show(ledger, LiveView(ledger.live_pictures, "甲机"), session, task_id)
            session.front.cdp.on("Page.screencastFrame", lambda _: made.sent.append(time.monotonic()))
            yield made
            await made.live.close()


async def test_while_nobody_looks_the_browser_is_asked_for_nothing(show: Show) -> None:
    with show.live.showing(show.task_id, show.session):
        await show.looks(4)
        assert show.sent == []
        assert show.ledger.live_pictures.all() == []


async def test_frames_come_while_somebody_looks_and_not_too_often(show: Show) -> None:
    with show.live.showing(show.task_id, show.session):
        show.live.step(show.task_id, "填写申请信息")
        began = time.monotonic()
        show.ledger.live_pictures.watch(600)
        await until_async(lambda: show.number() >= 4)
        number, took = show.number(), time.monotonic() - began
        assert number <= took / PACE + 1
        (view,) = show.ledger.live_pictures.all()
        assert view.step == "填写申请信息"
        frame = show.ledger.live_pictures.frame(show.task_id)
        assert frame
        assert size_of(frame) == (480, 300)


async def test_when_nobody_looks_any_more_they_are_gone(show: Show) -> None:
    with show.live.showing(show.task_id, show.session):
        await until_async(lambda: show.ledger.live_pictures.watch(3 * PACE) or show.number())  # type: ignore[func-returns-value]
        await until_async(lambda: show.ledger.live_pictures.all() == [])
        sent = len(show.sent)
        await show.looks(4)
        assert len(show.sent) == sent
        show.ledger.live_pictures.watch(600)
        await until_async(show.number)


async def test_they_go_with_the_session(show: Show) -> None:
    show.ledger.live_pictures.watch(600)
    with show.live.showing(show.task_id, show.session):
        await until_async(show.number)
    await until_async(lambda: show.ledger.live_pictures.all() == [])
    looking = show.live._looking
    assert looking
    await until_async(looking.done)


async def test_they_go_with_the_worker(show: Show) -> None:
    show.ledger.live_pictures.watch(600)
    with show.live.showing(show.task_id, show.session):
        await until_async(show.number)
        await show.live.close()
        assert show.ledger.live_pictures.all() == []


async def test_what_is_being_told_as_the_worker_ends_goes_too(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    tell = show.ledger.live_pictures.show

    def slowly(worker: str, shown: Sequence[LivePictureUpdate]) -> None:
        begun.set()
        time.sleep(0.3)
        tell(worker, shown)

    monkeypatch.setattr(show.ledger.live_pictures, "show", slowly)
    show.ledger.live_pictures.watch(600)
    with show.live.showing(show.task_id, show.session):
        await until_async(begun.is_set)
        await show.live.close()
    assert show.ledger.live_pictures.all() == []


async def test_the_window_in_front_is_shown(show: Show) -> None:
    show.ledger.live_pictures.watch(600)
    with show.live.showing(show.task_id, show.session):
        await until_async(show.number)
        await show.session.follow(_opens(show.session), Sign("窗口"))
        await show.looks(2)  # the first may have begun before the window was in front
        seen = show.number()
        sent = len(show.sent)
        await until_async(lambda: show.number() > seen + 2)
        assert len(show.sent) == sent, "the page behind it rests"


def _opens(session: Session) -> Callable[[], Awaitable[None]]:
    async def act() -> None:
        await session.page.evaluate("void window.open('/window')")

    return act


async def test_a_page_that_closes_harms_nothing(show: Show) -> None:
    show.ledger.live_pictures.watch(600)
    with show.live.showing(show.task_id, show.session):
        await until_async(show.number)
        await show.session.page.close()
        await show.looks(3)
        assert show.live._looking
        assert not show.live._looking.done()


# A whole batch


async def _look_on(ledger: Ledger, seen: dict[int, set[int]], steps: set[str]) -> None:
    ledger.live_pictures.watch(600)
    while True:
        for view in ledger.live_pictures.all():
            seen.setdefault(view.task_id, set()).add(view.number)
            steps.add(view.step)
        await asyncio.sleep(0.05)


@pytest.mark.thorough
async def test_a_batch_ends_the_same_while_somebody_looks(tmp_path: Path) -> None:
    rows = henan.rows(2)
    book = henan.write(tmp_path / "批次.xlsx", rows)
    seen: dict[int, set[int]] = {}
    steps: set[str] = set()
    with MockPortal(world=henan.world(rows)) as portal:
        configured = henan.settings(tmp_path, portal.url)
        with Ledger.open(configured.ledger_url, key=configured.seal_key) as ledger:
            looking = asyncio.create_task(_look_on(ledger, seen, steps))
            result = await henan.run(book, configured, henan.Clerk(portal.world), approve="none")
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            assert ledger.live_pictures.all() == []
        assert len(portal.world.journal("submit")) == 2
    assert [entry.verdict for entry in result.entries] == [Verdict.SUBMITTED] * 2
    assert verify(result.evidence).intact
    assert len(seen) == 2
    assert all(max(numbers) >= 1 for numbers in seen.values())
    assert steps <= {"", *(path.stem.partition("_")[2] for path in result.evidence.rglob("*.jpg"))}
