"""Reading 办理进度 again for what was submitted: the portal's present word, one captcha, nothing changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from flows.henan.refund import look_up_refund
from mock_portal.records import Employer as Known
from mock_portal.records import EmployerState
from mock_portal.server import MockPortal
from mock_portal.world import REFUND, World
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
from rpa.engine.attempt.attempt import Attempt
from rpa.engine.attempt.catalog import province
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.worker.shutdown import Shutdown
from rpa.evidence.recorder import Recorder
from rpa.filing import CHINA, Employer, Filing, Record
from rpa.ledger.data.requests import Answer, NewRequest
from rpa.ledger.data.tasks import Ticket
from rpa.ledger.ledger import Ledger
from rpa.operator.request import Kind
from rpa.settings.settings import Settings, load_settings

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

NAME, CODE = "河南试验机械有限公司", "91410100MA40000017"
YEAR = datetime.now(CHINA).year
KNOWN = Known(NAME, CODE, "410100000017")


class Person:
    """Stands in for the desk: reads captchas with the portal's help and counts what was asked."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: list[str] = []

    def deadline(self, _kind: Kind, _image: ShownImage | None = None) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=10)

    async def ask(
        self, request: NewRequest, *, refresh: Callable[[], Awaitable[ShownImage]] | None = None
    ) -> Answer:
        self.asked.append(request.kind)
        shown = sha256(request.picture or b"").hexdigest()
        text = next(made.text for made in self._world.captchas() if made.picture_sha256 == shown)
        return Answer(text, "测试员", datetime.now(UTC))


class Desk:
    """Looks filings up at one mock portal."""

    def __init__(self, running: RunningBrowser, portal: MockPortal, folder: Path) -> None:
        self._running = running
        self._folder = folder
        self.world = portal.world
        self.person = Person(portal.world)
        henan = {"base_url": portal.url, "step_seconds": 30.0}
        self._settings: Settings = load_settings(home=folder, portals={"henan": henan})

    async def look_up(self, year: int = YEAR) -> Record | None:
        """One look-up as the runner makes it, in a session of its own."""
        employer = Employer(NAME, CODE)
        filing = Filing("henan", "郑州市", "2024", REFUND, year, employer, row=2)
        unused = cast("Any", None)  # looking up needs no approvals
        with (
            Ledger.open(f"sqlite:///{self._folder}/ledger.db") as ledger,
            Recorder(self._folder / "evidence", filing, operator="测试员") as recorder,
        ):
            run = AttemptContext(
                "B1", self._settings, ledger, cast("Any", self.person), unused, Shutdown(), "worker"
            )
            async with Session.open(self._running, self._settings.portals["henan"]) as session:
                session.waiter.interruptions = province("henan").interruptions
                job = Job(filing, 1, Ticket(1, 1), recorder, lambda _: None)
                record = await look_up_refund(Attempt(job, 1, session, run), employer)
                await session.camera.done()
        return record

    def submit(self, year: int = YEAR) -> str:
        """Have a filing on the portal's list; returns its 受理流水号."""
        draft = self.world.save(CODE, REFUND, year, {"申请年度": str(year)})
        return self.world.submit(draft).serial


@pytest.mark.thorough
async def test_the_present_state_of_the_review_is_read(running: RunningBrowser, tmp_path: Path) -> None:
    with MockPortal(world=World([KNOWN])) as portal:
        desk = Desk(running, portal, tmp_path)
        serial = desk.submit()
        seen = []
        for days in (0, 1, 2):
            portal.world.clock.advance(timedelta(days=days))
            seen.append(await desk.look_up())
        kinds = [entry.kind for entry in portal.world.journal()]
    assert [record and record.serial for record in seen] == [serial] * 3
    assert [record and record.acceptance for record in seen] == ["已受理"] * 3
    assert [record and record.handling for record in seen] == ["待办理", "审核中", "已通过"]
    assert desk.person.asked == [Kind.CAPTCHA] * 3, "one captcha for each look"
    assert kinds == ["save", "submit", "login", "login", "login"], "nothing but looked at"


async def test_a_returned_filing_says_so(running: RunningBrowser, tmp_path: Path) -> None:
    returned = Known(NAME, CODE, KNOWN.unit_number, state=EmployerState.RETURNED)
    with MockPortal(world=World([returned])) as portal:
        desk = Desk(running, portal, tmp_path)
        desk.submit()
        portal.world.clock.advance(timedelta(days=4))
        record = await desk.look_up()
    assert record is not None
    assert record.handling == "审核退回"


async def test_a_newer_filing_of_another_year_hides_nothing(running: RunningBrowser, tmp_path: Path) -> None:
    with MockPortal(world=World([KNOWN])) as portal:
        desk = Desk(running, portal, tmp_path)
        now = datetime.now(CHINA)
        portal.world.clock.set(now - timedelta(days=70))
        serial = desk.submit(YEAR - 1)
        portal.world.clock.set(now)
        newer = desk.submit(YEAR)
        older, present = await desk.look_up(YEAR - 1), await desk.look_up(YEAR)
        missing = await desk.look_up(YEAR - 2)
    assert older is not None
    assert older.serial == serial
    assert present is not None
    assert present.serial == newer
    assert missing is None
