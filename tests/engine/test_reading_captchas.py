"""What a person is asked of a captcha, and which of their answers is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.attempt.person import Person
from rpa.engine.worker.shutdown import Shutdown
from rpa.errors import Unanswered
from rpa.evidence.recorder import Recorder
from rpa.ledger.data.requests import Answer, NewRequest
from rpa.ledger.data.tasks import Ticket
from rpa.operator.request import Kind
from rpa.settings.settings import load_settings
from tests.evidence.recorded import filing
from tests.support.served_files import ServedFiles, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = """<form onsubmit="return false">
<p><label>验证码 <input placeholder="{hint}"></label><span>{beside}</span></p></form>
<script>let number = 0; const canvas = document.querySelector("canvas");
function draw() {{
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, 100, 40);
  pen.fillText(`K${{number += 1}}`, 9, 20);
}}
if (canvas) {{ canvas.onclick = draw; draw(); }}</script>"""
CANVAS = "<canvas width=100 height=40></canvas>"


class Desk:
    """Says ``one``, ``two`` …; meanwhile something may happen at the page."""

    def __init__(self, meanwhile: Callable[[int], Awaitable[object]] | None = None) -> None:
        self.asked: list[NewRequest] = []
        self._meanwhile = meanwhile

    def deadline(self, _kind: Kind, _image: ShownImage | None = None) -> datetime:
        return datetime.now(UTC)

    async def ask(self, request: NewRequest, **_: object) -> Answer:
        self.asked.append(request)
        if self._meanwhile:
            await self._meanwhile(len(self.asked))
        text = ("one", "two", "three", "four", "five")[len(self.asked) - 1]
        return Answer(text, "测试员", datetime.now(UTC))


async def _read(
    running: RunningBrowser, folder: Path, form: str, *, redrawn: int = 0, wrong: int = 0, **portal: Any
) -> tuple[list[NewRequest], list[str]]:
    """What was asked and what was sent, where the page draws anew while the first so many are read."""
    sent: list[str] = []

    async def submit(text: str) -> bool | None:
        sent.append(text)
        return None if len(sent) <= wrong else True

    one, unused = filing(1), cast("Any", None)
    async with ServedFiles({"/": page(form)}).listening() as served:
        settings = load_settings(home=folder, portals={one.portal: {"base_url": served.url, **portal}})
        async with Session.open(running, settings.portals[one.portal]) as session:

            async def meanwhile(number: int) -> None:
                if number <= redrawn:
                    await session.page.evaluate("draw()")

            desk = Desk(meanwhile)
            run = AttemptContext("B1", settings, unused, cast("Any", desk), unused, Shutdown(), "worker")
            with Recorder(folder / "evidence", one, operator="测试员") as recorder:
                job = Job(one, 1, Ticket(1, 1), recorder, lambda _: None)
                await session.go(served.url + "/")
                captcha = Captcha(session, Spot("验证码", kind=ControlKind.PICTURE))
                await Person(job, session, run).read_captcha(captcha, submit)
    return desk.asked, sent


async def test_an_answer_to_a_picture_that_is_gone_is_not_sent(
    running: RunningBrowser, tmp_path: Path
) -> None:
    asked, sent = await _read(running, tmp_path, FORM.format(hint="", beside=CANVAS), redrawn=1)
    assert sent == ["two"]
    assert [one.question for one in asked] == ["请输入图中的验证码"] * 2
    assert asked[0].picture != asked[1].picture


async def test_an_answer_that_comes_too_late_is_not_sent(running: RunningBrowser, tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match="失效"):
        await _read(running, tmp_path, FORM.format(hint="", beside=CANVAS), captcha_seconds=1e-6)


async def test_after_a_wrong_one_another_picture_comes_first(running: RunningBrowser, tmp_path: Path) -> None:
    asked, sent = await _read(running, tmp_path, FORM.format(hint="计算结果", beside=CANVAS), wrong=1)
    assert sent == ["one", "two"]
    assert asked[0].question == "请输入图中算式的计算结果"
    assert asked[1].question == "平台说验证码错误，请输入图中算式的计算结果"
    assert [one.first for one in asked] == [False, True]
    assert asked[0].picture != asked[1].picture


async def test_a_code_by_sms_is_asked_for_and_sent_for_once(running: RunningBrowser, tmp_path: Path) -> None:
    counts = "this.disabled = true; this.textContent = '60s'"
    button = f'<button type=button onclick="{counts}">发送验证码</button>'
    asked, sent = await _read(running, tmp_path, FORM.format(hint="", beside=button), wrong=1)
    assert sent == ["one", "two"]
    assert [(one.kind, one.picture) for one in asked] == [(Kind.SMS, None)] * 2
