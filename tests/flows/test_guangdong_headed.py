"""A certificate in a person's hand: the program hands over its window, and goes on when they are done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.request import Request, urlopen

import pytest
from playwright.async_api import async_playwright

from flows.guangdong.sign_in import sign_in
from mock_portal.records import PIN
from mock_portal.server import MockPortal
from mock_portal.world import World
from rpa.browser.launch import launch
from rpa.browser.running_browser import running_browser
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
from rpa.engine.attempt.attempt import Attempt
from rpa.engine.attempt.catalog import province
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.worker.shutdown import Shutdown
from rpa.evidence.recorder import Recorder
from rpa.filing import Employer, Filing
from rpa.ledger.data.requests import Answer, NewRequest
from rpa.ledger.data.tasks import Ticket
from rpa.operator.request import Kind
from rpa.settings.settings import Settings
from tests.support import guangdong
from tests.support.batch import YEAR
from tests.support.display import display

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

WAY = "省统一身份认证-网银证书"


class Hand:
    """A person at the window: puts the certificate in, types its PIN, presses 登录, then says so."""

    def __init__(self, portal: MockPortal, session: Session, code: str) -> None:
        self._portal = portal
        self._session = session
        self._code = code
        self.asked: list[NewRequest] = []

    def deadline(self, _kind: Kind, _image: ShownImage | None = None) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=10)

    async def ask(
        self, request: NewRequest, *, refresh: Callable[[], Awaitable[ShownImage]] | None = None
    ) -> Answer:
        self.asked.append(request)
        await asyncio.to_thread(self._put_in)
        page = self._session.page
        pin = page.get_by_placeholder("请输入证书密码")
        await pin.wait_for()
        await pin.press_sequentially(PIN)
        await page.get_by_role("button", name="登录", exact=True).click()
        await page.get_by_text("当前单位").wait_for()
        return Answer("y", "测试员", datetime.now(UTC))

    def _put_in(self) -> None:
        device = {"kind": "网银证书", "code": self._code}
        call = Request(
            f"{self._portal.url}/__mock__/device",
            data=json.dumps(device).encode(),
            headers={"X-Mock-Token": self._portal.token, "Content-Type": "application/json"},
        )
        with urlopen(call) as answer:
            assert answer.status == 200


@asynccontextmanager
async def window(configured: Settings, environment: dict[str, str]) -> AsyncIterator[Session]:
    """A session in a browser with a window."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        async with async_playwright() as playwright:
            browser = await launch(playwright, configured.browser)
            async with (
                running_browser(configured.browser, playwright, browser) as shared,
                Session.open(shared, configured.portals["guangdong"]) as session,
            ):
                session.waiter.interruptions = province("guangdong").interruptions
                yield session
            await browser.close()


async def test_a_certificate_is_used_by_a_person_in_the_window(tmp_path: Path) -> None:
    (row,) = guangdong.rows(1, login=WAY, login_name="")
    world = World([guangdong.employer(row, handlers=())])
    employer = Employer(str(row["name"]), str(row["code"]), login=WAY)
    filing = Filing("guangdong", "广州市", "2024", "稳岗返还", YEAR, employer, row=2)
    with display() as environment, guangdong.serve(world) as portal:
        configured = guangdong.settings(tmp_path, portal, browser={"headed": True})
        async with window(configured, environment) as session:
            hand = Hand(portal, session, employer.code)
            unused = cast("Any", None)  # a login needs neither ledger nor approvals
            run = AttemptContext("B1", configured, unused, cast("Any", hand), unused, Shutdown(), "worker")
            with Recorder(tmp_path / "evidence", filing, operator="测试员") as recorder:
                job = Job(filing, 1, Ticket(1, 1), recorder, lambda _: None)
                home = await sign_in(Attempt(job, 1, session, run), employer)
                assert await home.is_for(employer.name)
                await session.camera.done()
            assert session.signed_in
    assert [request.kind for request in hand.asked] == [Kind.TAKEOVER]
    assert [entry.values["登录方式"] for entry in world.journal("login")] == [WAY]
    trails = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert not [path for path in trails if PIN.encode() in path.read_bytes()]
