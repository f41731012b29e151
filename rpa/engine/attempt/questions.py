"""What an attempt asks of people: to read, to scan, to take over; and what they stored for it before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.credentials.store import Credential
from rpa.engine.attempt.job import Job, Run
from rpa.engine.attempt.personal_data import ACCOUNT
from rpa.errors import NeedsPerson, Unanswered, UserError
from rpa.filing import portal_key
from rpa.ledger.records.requests import Answer, NewRequest
from rpa.operator.desk import Refresh
from rpa.operator.request import Kind, decision

T = TypeVar("T")


class Asking:
    """The part of an attempt that turns to people.

    Args:
        job: the filing.
        session: the browser.
        run: what all filings share.
    """

    def __init__(self, job: Job, session: Session, run: Run) -> None:
        self.filing = job.filing
        self.session = session
        self.settings = run.settings
        self.portal = run.settings.portals[job.filing.portal]
        self._job = job
        self._run = run
        self._recorder = job.recorder
        self._captcha = ""
        """The last captcha's text: a secret until its step has ended."""

    async def read_captcha(self, captcha: Captcha, submit: Callable[[str], Awaitable[T | None]]) -> T:
        """Have a person read captchas until the portal takes one; returns what ``submit`` made of it.

        Args:
            captcha: where the page shows it.
            submit: hands a text in; None where the portal says that it is wrong, and the page then shows
                another picture.

        Raises:
            Unanswered: nobody answered in time, or none was right.
        """
        tries = self.settings.operator.captcha_tries
        for number in range(tries):
            text = await self._ask_captcha(await captcha.image(), captcha.another, again=number > 0)
            answer = await submit(text)
            if answer is not None:
                return answer
        raise Unanswered(f"验证码连续 {tries} 次不正确")

    async def _ask_captcha(self, picture: bytes, refresh: Refresh, *, again: bool) -> str:
        """Have a person read one captcha; ``again``, after a wrong one, it comes before all others.

        Raises:
            Unanswered: nobody did in time.
        """
        question = "平台说验证码错误，请输入图中的验证码" if again else "请输入图中的验证码"
        answer = await self._ask(Kind.CAPTCHA, question, picture=picture, refresh=refresh, first=again)
        self._captcha = answer.text
        return answer.text

    async def ask_scan(self, picture: bytes, refresh: Refresh, question: str) -> None:
        """Have a person scan a QR code.

        Args:
            picture: PNG as the page shows it.
            refresh: makes the page show a valid one and returns it.
            question: what to scan it with.

        Raises:
            Unanswered: nobody did in time.
            NeedsPerson: the person says that it cannot be done.
        """
        _require_done(await self._ask(Kind.SCAN, question, picture=picture, refresh=refresh))

    async def take_over(self, question: str) -> None:
        """Have a person do something in the browser's own window, then go on from there.

        Raises:
            Unanswered: nobody did in time.
            NeedsPerson: there is no window, or the person says that it cannot be done.
        """
        if not self.settings.browser.headed:
            raise NeedsPerson(
                "这种登录方式需要人工在浏览器窗口中操作，但浏览器没有显示窗口",
                "请在有屏幕的电脑上加 --headed 重新运行",
            )
        await self.session.windows.show()
        _require_done(await self._ask(Kind.TAKEOVER, question))

    async def ask_password(self, question: str) -> str:
        """Have a person type a password that the portal asks for; it is kept nowhere.

        Raises:
            Unanswered: nobody did in time.
        """
        return (await self._ask(Kind.PASSWORD, question)).text

    async def ask_clearing(self, question: str) -> Answer:
        """Have a person say whether a commit never arrived, with the portal's list before them.

        Raises:
            Unanswered: nobody did in time.
        """
        shown = await self.session.camera.take()
        picture = shown.jpeg if shown else None
        return await self._ask(Kind.CLEARING, question, picture=picture, picture_type="image/jpeg")

    async def credential(self, name: str = "") -> Credential:
        """A login that a person stored: the one that the row's 登录账号 names, or another one by its name.

        Raises:
            NeedsPerson: the row names none, or this machine does not know it or cannot read it.
        """
        name = name or self.filing.employer.login_name
        if not name:
            raise NeedsPerson("表格中没有填“登录账号”", "请填写登录账号的名字，密码用 rpa secrets set 保存")
        portal = portal_key(self.filing.portal, self.filing.environment)
        try:
            found = await asyncio.to_thread(self._run.credentials.get, portal, name)
        except UserError as problem:
            raise NeedsPerson(f"读不出登录账号“{name}”：{problem}") from None
        if found is None:
            raise NeedsPerson(
                f"本机没有保存登录账号“{name}”", f"请运行 rpa secrets set {portal} {name}，再重新运行"
            )
        self.session.personal.learn(ACCOUNT, found.account)
        return found

    async def _ask(
        self, kind: Kind, question: str, *, refresh: Refresh | None = None, **more: object
    ) -> Answer:
        """Put a request on the desk and note who answered it."""
        request = NewRequest(
            kind=kind,
            question=question,
            deadline=self._run.desk.deadline(kind),
            employer=self.filing.employer.name,
            portal=self.portal.name,
            batch_id=self._run.batch_id,
            filing_id=self._job.filing_id,
            **more,  # type: ignore[arg-type]
        )
        answer = await self._run.desk.ask(request, refresh=refresh)
        self._recorder.answered(kind.chinese, answer.who, answer.at)
        return answer


def _require_done(answer: Answer) -> None:
    said = decision(answer.text)
    if not said.approved:
        reason = f"：{said.reason}" if said.reason else ""
        raise NeedsPerson(f"人工答复未能完成{reason}", "安排好以后重新运行")
