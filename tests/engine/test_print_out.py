"""What a step prints is kept as evidence, or noted where it did not come; the step goes on either way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from rpa.browser.labels.spots import Spot
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.engine.attempt.attempt import Attempt
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.worker.shutdown import Shutdown
from rpa.evidence.audit import Line, read_lines
from rpa.evidence.recorder import Recorder
from rpa.ledger.data.tasks import Ticket
from rpa.settings.settings import load_settings
from tests.evidence.recorded import filing
from tests.support.served_files import File, ServedFiles, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

PDF = b"%PDF-1.7 a form"
FORM = '<h2>稳岗返还申请</h2><button onclick="{}">打印申报表</button><p>保存</p>'


async def _lines(running: RunningBrowser, folder: Path, act: str, **files: Callable[[], File]) -> list[Line]:
    """The trail of one step that prints."""
    served = ServedFiles({"/": page(FORM.format(act)), **{f"/{name}": make for name, make in files.items()}})
    one, unused = filing(1), cast("Any", None)
    async with served.listening():
        settings = load_settings(
            home=folder, portals={one.portal: {"base_url": served.url, "step_seconds": 5.0}}
        )
        run = AttemptContext("B1", settings, unused, unused, unused, Shutdown(), "worker")
        with Recorder(folder / "evidence", one, operator="测试员") as recorder:
            async with Session.open(running, settings.portals[one.portal]) as session:
                await session.go(served.url + "/")
                job = Job(one, 1, Ticket(1, 1), recorder, lambda _: None)
                attempt = Attempt(job, 1, session, run)
                async with attempt.step("打印申报表"):
                    await attempt.print_out(lambda: session.click(Spot("打印申报表")))
                await session.see(Sign("保存"))
                await session.camera.done()
            return list(read_lines((recorder.folder / "audit.jsonl").read_bytes()))[1:]


async def test_a_pdf_is_kept_beside_the_steps_picture(running: RunningBrowser, tmp_path: Path) -> None:
    lines = await _lines(running, tmp_path, "window.open('/form')", form=lambda: File("application/pdf", PDF))
    assert [line.event for line in lines] == ["步骤", "打印件", "截图"]
    assert [line.facts.get("file") for line in lines[1:]] == ["01_打印件.pdf", "02_打印申报表.jpg"]


async def test_a_windows_picture_is_the_steps(running: RunningBrowser, tmp_path: Path) -> None:
    lines = await _lines(
        running, tmp_path, "window.open('/form')", form=page("<title>申报表</title><p>申报表</p>")
    )
    assert [(line.event, line.facts.get("title")) for line in lines] == [("步骤", None), ("截图", "申报表")]


@pytest.mark.parametrize("act", ["", "this.remove()"])
async def test_what_does_not_come_is_noted(running: RunningBrowser, tmp_path: Path, act: str) -> None:
    lines = await _lines(running, tmp_path, act)
    assert [line.event for line in lines] == ["步骤", "打印件没有取到", "截图"]


async def test_a_button_that_is_not_there_stops_nothing(running: RunningBrowser, tmp_path: Path) -> None:
    lines = await _lines(running, tmp_path, '" hidden="')
    assert lines[1].event == "打印件没有取到"
    assert "打印申报表" in lines[1].facts["message"]


async def test_a_long_pages_pictures_are_numbered(running: RunningBrowser, tmp_path: Path) -> None:
    lines = await _lines(running, tmp_path, "document.body.style.height = '13000px'")
    files = [line.facts["file"] for line in lines if line.event == "截图"]
    assert files == ["01_打印申报表.jpg", "02_打印申报表（2）.jpg"]
