"""After the commit only what is proved decides: the requests' own fate, the portal's list, the saved form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.henan.pending import Pending
from mock_portal.faults import Fault, FaultKind, Place
from mock_portal.server import MockPortal
from rpa.browser.labels.spots import Spot
from rpa.browser.sent import Sent, SentRequest
from rpa.engine.attempt import runner
from rpa.engine.attempt.attempt import Attempt
from rpa.engine.attempt.catalog import Flow, flow
from rpa.engine.batch.data import BatchResult
from rpa.errors import PortalChanged, Refused, Unavailable
from rpa.evidence.audit import read_lines
from rpa.evidence.files import AUDIT
from rpa.filing import Employer, Verdict
from rpa.ledger.ledger import Ledger
from tests.flows.conftest import one_browser
from tests.support import henan

__all__ = ["one_browser"]

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.counts_commits]

FOREVER = None
BUSY = "提交时平台提示：系统繁忙，请稍后再试"
Submit = Callable[[Pending, Spot], Awaitable[None]]
as_ever = Pending.submit


async def _says_busy(pending: Pending, button: Spot) -> None:
    """A page that has one dialog for whatever happened."""
    try:
        await as_ever(pending, button)
    except Unavailable:
        raise Refused(BUSY) from None
    raise Refused(BUSY)


async def _is_busy(pending: Pending, button: Spot) -> None:
    """The portal answers, and says neither that it did it nor that it did not."""
    await as_ever(pending, button)
    raise Unavailable(BUSY)


async def _finds_no_button(_pending: Pending, _button: Spot) -> None:
    raise PortalChanged("页面上找不到“确定”")


async def _believes(_pending: Pending, _button: Spot) -> None:
    """Takes something for the portal's success."""


class Desk:
    """One row, filed at a mock portal as often as wanted."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, monkeypatch
        rows = henan.rows(1)
        henan.write(folder / "批次.xlsx", rows)
        self.world = henan.world(rows)

    def break_submit(self, kind: FaultKind, times: int | None = FOREVER) -> None:
        self.world.faults.arm(Fault(kind, Place.SUBMIT, times))

    def pending(self, answer: bool | None) -> None:
        """What the flow says of the saved form."""

        async def still_pending(_attempt: Attempt, _employer: Employer) -> bool | None:
            return answer

        def found(portal: str, item: str) -> Flow:
            return replace(flow(portal, item), still_pending=still_pending)

        self._patch.setattr(runner, "flow", found)

    async def run(self, submit: Submit = as_ever, **portal: object) -> Verdict:
        waits = {"step_seconds": 10.0, "save_seconds": 10.0, "look_ups": 1} | portal
        self._patch.setattr(Pending, "submit", submit)
        with MockPortal(world=self.world) as mock:
            configured = henan.settings(self._folder, mock.url, portal=waits)
            result: BatchResult = await henan.run(
                self._folder / "批次.xlsx", configured, henan.Clerk(self.world), approve="none"
            )
        (entry,) = result.entries
        assert entry.verdict is not None
        self.told = entry.outcome.explanation
        return entry.verdict

    @property
    def commits(self) -> int:
        """In the portal's own journal."""
        return len(self.world.journal("submit"))

    @property
    def released(self) -> list[str]:
        """The proofs on which intents were given back."""
        with Ledger.open(f"sqlite:///{self._folder}/home/ledger.db") as ledger:
            return [one.proof for one in ledger.intents.released(1)]

    def trail(self, event: str) -> list[dict[str, object]]:
        (audit,) = self._folder.rglob(f"data/*/{AUDIT}")
        return [dict(line.facts) for line in read_lines(audit.read_bytes()) if line.event == event]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


async def test_a_refusal_over_a_lost_answer_is_not_believed(desk: Desk) -> None:
    desk.break_submit(FaultKind.ANSWER_LOST_AFTER_COMMIT)
    assert (await desk.run(_says_busy), desk.commits) == (Verdict.SUBMITTED, 1)
    (sent,) = desk.trail("提交请求")
    assert (sent["sent"], sent["unanswered"]) == (1, 1)


async def test_a_refusal_over_a_servers_error_is_not_believed(desk: Desk) -> None:
    desk.break_submit(FaultKind.HTTP_500)
    assert (await desk.run(_says_busy), desk.commits) == (Verdict.UNCONFIRMED, 0)
    assert await desk.run() is Verdict.UNCONFIRMED, "looked up, never sent again"
    assert desk.commits == 0


async def test_a_lost_answer_and_a_list_out_of_reach_is_never_a_refusal(desk: Desk) -> None:
    desk.break_submit(FaultKind.ANSWER_LOST_AFTER_COMMIT)

    async def then_nothing_answers(pending: Pending, button: Spot) -> None:
        desk.world.faults.arm(Fault(FaultKind.HTTP_500, Place.PROGRESS, FOREVER))
        await _says_busy(pending, button)

    assert (await desk.run(then_nothing_answers), desk.commits) == (Verdict.UNCONFIRMED, 1)
    desk.world.faults.clear()
    assert (await desk.run(), desk.commits) == (Verdict.SUBMITTED, 1)


async def test_an_answered_refusal_that_the_list_agrees_with_is_one(desk: Desk) -> None:
    desk.break_submit(FaultKind.SUCCESS_WITHOUT_COMMIT)
    desk.pending(None)
    assert await desk.run(_says_busy) is Verdict.REFUSED
    assert BUSY in desk.told
    assert desk.released == []


async def test_a_refusal_whose_draft_stands_is_filed_when_it_was_corrected(desk: Desk) -> None:
    desk.break_submit(FaultKind.SUCCESS_WITHOUT_COMMIT)
    desk.pending(True)
    assert await desk.run(_says_busy) is Verdict.REFUSED
    assert BUSY in desk.told
    assert desk.released == ["待提交的申报仍在，办理进度查询中没有"]
    desk.world.faults.clear()
    assert (await desk.run(), desk.commits) == (Verdict.SUBMITTED, 1)


async def test_a_refusal_whose_draft_is_gone_is_looked_up(desk: Desk) -> None:
    desk.break_submit(FaultKind.SUCCESS_WITHOUT_COMMIT)
    desk.pending(False)
    assert await desk.run(_says_busy) is Verdict.UNCONFIRMED
    assert desk.released == []


async def test_a_draft_that_stands_proves_nothing_after_a_servers_error(desk: Desk) -> None:
    desk.break_submit(FaultKind.HTTP_500, times=1)
    desk.pending(True)
    assert (await desk.run(), desk.commits) == (Verdict.UNCONFIRMED, 0)
    assert desk.released == []


async def test_a_draft_that_stands_after_the_session_ended_is_submitted_once_more(desk: Desk) -> None:
    desk.break_submit(FaultKind.SESSION_EXPIRY, times=1)
    desk.pending(True)
    assert (await desk.run(), desk.commits) == (Verdict.SUBMITTED, 1)


async def test_but_not_for_ever(desk: Desk) -> None:
    desk.break_submit(FaultKind.SESSION_EXPIRY)
    desk.pending(True)
    assert (await desk.run(), desk.commits) == (Verdict.UNAVAILABLE, 0)
    assert len(desk.trail("提交意向")) == len(desk.released) == 2


async def test_a_draft_that_stands_proves_nothing_where_the_portal_was_busy(desk: Desk) -> None:
    """It may still do what it has taken, and its lists may lag behind."""
    desk.break_submit(FaultKind.SUCCESS_WITHOUT_COMMIT)
    desk.pending(True)
    assert (await desk.run(_is_busy), desk.commits) == (Verdict.UNCONFIRMED, 0)
    assert desk.released == []


@pytest.mark.parametrize(("status", "doubtful"), [(200, False), (202, True), (400, False), (500, True)])
async def test_what_an_answer_leaves_in_doubt(status: int, doubtful: bool) -> None:
    request = SentRequest("PUT", "/submit")
    request.answer(status)
    assert Sent([request]).doubtful is doubtful


async def test_where_success_was_told_no_draft_proves_anything(desk: Desk) -> None:
    desk.break_submit(FaultKind.SUCCESS_WITHOUT_COMMIT)
    desk.pending(True)
    assert (await desk.run(), desk.commits) == (Verdict.UNCONFIRMED, 0)
    assert desk.released == []


async def test_what_never_left_is_no_intent(desk: Desk) -> None:
    assert (await desk.run(_finds_no_button), desk.commits) == (Verdict.PORTAL_CHANGED, 0)
    assert desk.released == ["提交步骤中没有任何请求离开浏览器，页面已关闭"]
    (line,) = desk.trail("撤回提交意向")
    assert line["proof"] == desk.released[0]
    assert (await desk.run(), desk.commits) == (Verdict.SUBMITTED, 1)


async def test_success_without_a_request_is_an_alarm(desk: Desk) -> None:
    assert (await desk.run(_believes), desk.commits) == (Verdict.PORTAL_CHANGED, 0)
    assert "没有发出任何请求" in desk.told
    assert (await desk.run(), desk.commits) == (Verdict.SUBMITTED, 1)


@pytest.mark.parametrize("submit", [_finds_no_button, _believes])
async def test_without_the_guard_nothing_is_given_back(desk: Desk, submit: Submit) -> None:
    assert await desk.run(submit, single_send=False) is Verdict.UNCONFIRMED
    assert (desk.released, desk.commits) == ([], 0)


async def test_a_step_that_changes_something_says_what_it_sent(desk: Desk) -> None:
    desk.world.faults.arm(Fault(FaultKind.ANSWER_LOST_AFTER_COMMIT, Place.SAVE, 1))
    assert await desk.run() is Verdict.SUBMITTED
    first, second = desk.trail("变更请求")
    assert [(one["sent"], one["unanswered"]) for one in (first, second)] == [(1, 1), (1, 0)]
    assert len(desk.world.journal("save")) == 2, "one for each attempt"
