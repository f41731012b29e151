"""One try at a filing: steps that leave a picture, and the one commit that is never made twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from rpa.browser.labels.spots import ControlContent
from rpa.browser.session import Session
from rpa.credentials.store import Credential
from rpa.engine.attempt.commit import Commit
from rpa.engine.attempt.comparing import Compared, compared
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.attempt.personal_data import ACCOUNT
from rpa.engine.attempt.steps import Steps
from rpa.errors import (
    Difference,
    Mismatch,
    NeedsPerson,
    RehearsalEnded,
    Stop,
    Unavailable,
    Unconfirmed,
    UserError,
)
from rpa.filing import Record
from rpa.settings.settings import Until

T = TypeVar("T")

_REHEARSED = {"fill": "已填好并核对，未保存", "save": "已做到提交之前，未提交"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a flow returns: the portal's own record of the filing."""

    record: Record
    already_there: bool = False
    """The portal had it before we came."""


class IntentTaken(Unconfirmed):
    """Another attempt made, or may have made, the commit: look it up."""


class Attempt(Steps):
    """What a flow works with: steps, the commit, the person, the page.

    Args:
        job: the filing.
        number: the attempt's number in the ledger, 1 first.
        session: the browser: fresh, or kept from an earlier filing of the same login.
        context: what all filings share.
    """

    def __init__(self, job: Job, number: int, session: Session, context: AttemptContext) -> None:
        super().__init__(job, number, session, context)
        self.filing = job.filing
        self.settings = context.settings
        self.compared: tuple[Compared, ...] = ()
        self.committed: Commit | None = None
        """What was seen of the commit, once it was made."""
        self._edition = self.portal.editions[job.filing.edition]

    @property
    def item_names(self) -> tuple[str, ...]:
        """Every name that the portal gives the item."""
        return self._edition.item_names[self.filing.item]

    async def credential(self, name: str = "") -> Credential:
        """A login that a person stored: the one that the row's 登录账号 names, or another one by its name.

        Raises:
            NeedsPerson: the row names none, or this machine does not know it or cannot read it.
        """
        name = name or self.filing.employer.login_name
        if not name:
            raise NeedsPerson("表格中没有填“登录账号”", "请填写登录账号的名字，密码用 rpa secrets set 保存")
        portal = self.filing.portal_key
        try:
            found = await asyncio.to_thread(self._context.credentials.get, portal, name)
        except UserError as problem:
            raise NeedsPerson(f"读不出登录账号“{name}”：{problem}") from None
        if found is None:
            raise NeedsPerson(
                f"本机没有保存登录账号“{name}”", f"请运行 rpa secrets set {portal} {name}，再重新运行"
            )
        self.session.personal.learn(ACCOUNT, found.account)
        return found

    def end_rehearsal_at(self, stage: Until) -> None:
        """End the attempt here if it is a rehearsal up to this stage.

        Raises:
            RehearsalEnded: ``--until`` names this stage.
        """
        if self._context.until == stage:
            raise RehearsalEnded(f"按 --until {stage} 停止：{_REHEARSED[stage]}")

    def before_change(self, what: str) -> None:
        """Say that the next thing changes something at the portal for good, long before the commit.

        Args:
            what: in Chinese, such as that the unit's data are completed at its first login.

        Raises:
            RehearsalEnded: this is a rehearsal.
        """
        if self._context.until != "submit":
            raise RehearsalEnded(f"按 --until {self._context.until} 停止：接下来要{what}，试办不做")

    @asynccontextmanager
    async def commit(self, name: str) -> AsyncIterator[None]:
        """The one step after which nothing is restarted.

        The intent is in the ledger before the block runs, and only one attempt ever wins it. Inside,
        what changes something leaves the browser once (see ``rpa.browser.single_send``). A portal that
        falls silent here, or refuses while a request is unanswered or ended in a server's error, does not
        end the attempt: the flow goes on to look the filing up. Where provably nothing left the browser,
        the intent is released, and what stopped the block stands.

        Raises:
            RehearsalEnded: ``--until save`` ends here.
            Cancelled: the person who approves said no.
            IntentTaken: the commit was, or may have been, made before.
            NothingSent: the block ended well, but nothing left the browser.
            Superseded: another worker took the filing over.
        """
        self.end_rehearsal_at("save")
        await self._context.approvals.ask(lambda: self._approve(name))
        await self.session.camera.done()
        self._context.shutdown.check()
        intents, batch_id = self._context.ledger.intents, self._context.batch_id
        if not intents.win(self._job.filing_id, self.number, batch_id=batch_id):
            raise IntentTaken("这笔办件曾经提交或可能已提交，转为查询，不再提交")
        self.committed = commit = Commit()
        self.submitted_at = commit.at
        self._recorder.line("提交意向", step=name, attempt=self.number)
        stopped: Stop | None = None
        try:
            async with self.session.single_send() as commit.sent:
                try:
                    async with self.step(name):
                        yield
                finally:
                    await commit.leave_if_nothing_left(self.session)
        except Stop as stop:
            stopped = stop
        self._note_requests("提交请求", commit.sent)
        ends = commit.judge(name, stopped)
        if stopped and commit.unsent:
            self.release_intent("提交步骤中没有任何请求离开浏览器，页面已关闭")
        elif stopped:
            event = "提交后无答复" if isinstance(stopped, Unavailable) else "提交后停下"
            self._recorder.line(event, step=name, message=stopped.message)
        if ends:
            raise ends

    def release_intent(self, proof: str, record: Record | None = None) -> bool:
        """Give the filing's intent back: provably nothing was submitted.

        Args:
            proof: what proves it, in Chinese, for ledger and trail.
            record: the portal's, where it returned what was submitted.

        Returns:
            False, and nothing changed: it is not this filing's newest attempt that asks.
        """
        intents, filing_id = self._context.ledger.intents, self._job.filing_id
        released = intents.release(filing_id, self.number, proof=proof, record=record)
        if released:
            self.submitted_at = None
            self._recorder.line("撤回提交意向", proof=proof, attempt=self.number)
        return released

    def is_old(self, record: Record) -> bool:
        """Whether a record is one that the portal returned before, and still shows as returned."""
        if not record.is_returned(self.portal.returned_words):
            return False
        known = self._context.ledger.intents.released(self._job.filing_id)
        return any(one.record and record.is_same(one.record) for one in known)

    def stands(self, record: Record) -> bool:
        """Whether a record that is there before anything is filed means that there is nothing to file.

        One that the portal returned, as was told before, does not: the trail names it, and the row is
        filed again.
        """
        if not self.is_old(record):
            return True
        facts = {"serial": record.serial, "accepted_at": record.accepted_at, "status": record.status}
        self._recorder.line("原办件已退回", **facts, attempt=self.number)
        return False

    async def must_find(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """Find on the portal's own list what was just submitted; looked for a few times, since lists lag.

        Args:
            look: looks once, and returns nothing (or nothing in it) where it is not there.

        Raises:
            Unconfirmed: it is not there.
        """
        for number in range(self.portal.look_ups):
            if number:
                await self._context.shutdown.pause(self.portal.look_up_seconds)
            if found := await look():
                return found
        shown, often = self.portal.list_name, self.portal.look_ups
        raise Unconfirmed(f"已提交，但{shown}中没有找到（查了 {often} 次）")

    # --- comparing

    def compare(self, expected: Mapping[str, str], shown: Mapping[str, ControlContent]) -> None:
        """Hold the row against what the page holds, label by label.

        Width and spaces do not matter; a value that the page formatted (``6222 0212 …``) is written
        down as such; anything else that differs stops the filing before it is saved.

        Raises:
            Mismatch: naming the labels, never the values.
        """
        self.compared = compared(expected, shown)
        self._compares = True
        self._recorder.compared({one.label: one.in_words for one in self.compared})
        wrong = tuple(
            Difference(one.label, one.expected, one.shown) for one in self.compared if not one.agrees
        )
        if wrong:
            raise Mismatch(wrong)

    # --- deciding and approving

    async def decide(self, what: str, question: str, advice: str) -> None:
        """Have a person say yes to something that neither row nor page tells; once for a run.

        Args:
            what: names the question: its yes holds for the portal's other filings of the item that ask it.
            question: in Chinese.
            advice: what to do after a no, in Chinese.

        Raises:
            Unanswered: nobody answered in time.
            Cancelled: the person said no.
        """
        asked = f"{self.filing.portal_key} {self.filing.item} {what}"
        if asked not in self._context.decided:
            await self.person.decide(question, advice)
            self._context.decided.add(asked)

    async def _approve(self, name: str) -> str:
        await self.session.camera.done()  # it brings the form
        return await self.person.approve(name, self.compared, self._form)
