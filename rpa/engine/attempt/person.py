"""What an attempt asks of a person: to read, to scan, to take over, to decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from rpa.browser.camera import PagePicture
from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.engine.attempt.comparing import Compared
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.errors import NeedsPerson, Unanswered
from rpa.ledger.data.requests import Answer, NewRequest
from rpa.operator.desk import Refresh
from rpa.operator.request import Kind, approval_detail, decision
from rpa.privacy.masks import forget_secret, mask_name, mask_number

T = TypeVar("T")

_NUMBERS = ("银行账号", "联系方式", "联系电话")
"""Shown to the approver masked, as names of persons are; the picture beside it shows them whole."""


class Person:
    """Whoever answers the requests of one attempt.

    Args:
        job: the filing.
        session: the browser.
        context: what all filings share: the desk among it.
    """

    def __init__(self, job: Job, session: Session, context: AttemptContext) -> None:
        self._job = job
        self._session = session
        self._context = context
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
        tries = self._context.settings.operator.captcha_tries
        for number in range(tries):
            question = "平台说验证码错误，请输入图中的验证码" if number else "请输入图中的验证码"
            picture, again = await captcha.image(), captcha.another
            # After a wrong one, the next one comes before all other requests.
            read = await self._ask(Kind.CAPTCHA, question, picture=picture, refresh=again, first=number > 0)
            self._captcha = read.text
            if (taken := await submit(read.text)) is not None:
                return taken
        raise Unanswered(f"验证码连续 {tries} 次不正确")

    async def scan(self, picture: bytes, refresh: Refresh, question: str) -> None:
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
        if not self._context.settings.browser.headed:
            raise NeedsPerson(
                "这种登录方式需要人工在浏览器窗口中操作，但浏览器没有显示窗口",
                "请在有屏幕的电脑上加 --headed 重新运行",
            )
        await self._session.windows.show()
        _require_done(await self._ask(Kind.TAKEOVER, question))

    async def type_password(self, question: str) -> str:
        """Have a person type a password that the portal asks for; it is kept nowhere.

        Raises:
            Unanswered: nobody did in time.
        """
        return (await self._ask(Kind.PASSWORD, question)).text

    async def confirm_never_arrived(self, question: str) -> Answer:
        """Have a person say whether a commit never arrived, with the portal's list before them.

        Raises:
            Unanswered: nobody did in time.
        """
        shown = await self._session.camera.take()
        picture = shown.jpeg if shown else None
        return await self._ask(Kind.CLEARING, question, picture=picture, picture_type="image/jpeg")

    async def approve(self, commit: str, compared: Iterable[Compared], form: PagePicture | None) -> str:
        """Have a person say whether a commit may be made; returns their answer.

        Args:
            commit: its name.
            compared: the row beside the page.
            form: the page as it was compared.

        Raises:
            Unanswered: nobody answered in time.
        """
        rows = [(one.label, *map(self._mask(one), (one.expected, one.shown))) for one in compared]
        answer = await self._ask(
            Kind.APPROVAL,
            f"即将“{commit}”，提交后不能撤回。页面内容与表格已核对，同意提交吗？",
            picture=form.jpeg if form else None,
            picture_type="image/jpeg",
            detail=approval_detail(rows),
        )
        return answer.text

    def _mask(self, one: Compared) -> Callable[[str], str]:
        if one.label in _NUMBERS:
            return mask_number
        return mask_name if one.expected in self._job.filing.employer.personal else str

    def forget_captcha(self) -> None:
        """The last captcha's text is no secret any more: its step has ended."""
        forget_secret(self._captcha)

    async def _ask(
        self, kind: Kind, question: str, *, refresh: Refresh | None = None, **more: object
    ) -> Answer:
        """Put a request on the desk and note who answered it."""
        filing = self._job.filing
        request = NewRequest(
            kind=kind,
            question=question,
            deadline=self._context.desk.deadline(kind),
            employer=filing.employer.name,
            portal=self._context.settings.portals[filing.portal].name,
            batch_id=self._context.batch_id,
            filing_id=self._job.filing_id,
            **more,  # type: ignore[arg-type]
        )
        answer = await self._context.desk.ask(request, refresh=refresh)
        self._job.recorder.answered(kind.chinese, answer.who, answer.at)
        return answer


def _require_done(answer: Answer) -> None:
    decided = decision(answer.text)
    if not decided.approved:
        reason = f"：{decided.reason}" if decided.reason else ""
        raise NeedsPerson(f"人工答复未能完成{reason}", "安排好以后重新运行")
