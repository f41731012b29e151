"""What an attempt asks of a person: to read, to scan, to take over, to decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from rpa.browser.camera import PagePicture
from rpa.browser.screen import Captcha
from rpa.browser.session import Session
from rpa.browser.shown_image import ShownImage
from rpa.engine.attempt.comparing import Compared
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.errors import Cancelled, NeedsPerson, Unanswered
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
        wrong = False
        for _ in range(tries):
            read = await self._read(captcha, wrong=wrong)
            if not await captcha.usable():  # the page shows another one by now, or would not take it any more
                continue
            self._captcha = read.text
            captcha.spend()
            if (taken := await submit(read.text)) is not None:
                return taken
            wrong = True
        raise Unanswered(f"验证码连续 {tries} 次不正确或已失效")

    async def _read(self, captcha: Captcha, *, wrong: bool) -> Answer:
        """Ask for a captcha's text, or for the code that comes by SMS in its place.

        After a wrong one, the next one comes before all other requests.
        """
        image = await captcha.image()
        before = "平台说验证码错误，" if wrong else ""
        if image is None:
            if not wrong:  # the first one holds, and the button counts down
                await captcha.send_code()
            question = f"{before}请输入平台发到手机上的短信验证码"
            return await self._ask(Kind.SMS, question, first=wrong)
        what = "图中算式的计算结果" if await captcha.asks_for_sum() else "图中的验证码"
        question = f"{before}请输入{what}"
        return await self._ask(Kind.CAPTCHA, question, image=image, refresh=captcha.another, first=wrong)

    async def scan(self, image: ShownImage, refresh: Refresh, question: str) -> None:
        """Have a person scan a QR code.

        Args:
            image: as the page shows it.
            refresh: makes the page show a valid one and returns it.
            question: what to scan it with.

        Raises:
            Unanswered: nobody did in time.
            NeedsPerson: the person says that it cannot be done.
        """
        _require_done(await self._ask(Kind.SCAN, question, image=image, refresh=refresh))

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

    async def decide(self, question: str, advice: str) -> None:
        """Have a person say yes, with the page before them.

        Raises:
            Unanswered: nobody did in time.
            Cancelled: the person said no; ``advice`` is what to do then.
        """
        shown = await self._session.camera.take()
        picture = shown.jpeg if shown else None
        answer = await self._ask(Kind.APPROVAL, question, picture=picture, picture_type="image/jpeg")
        decided = decision(answer.text)
        if not decided.approved:
            raise Cancelled(f"人工答复为否{f'：{decided.reason}' if decided.reason else ''}", advice)

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
        self,
        kind: Kind,
        question: str,
        *,
        image: ShownImage | None = None,
        refresh: Refresh | None = None,
        **more: object,
    ) -> Answer:
        """Put a request on the desk and note who answered it."""
        filing = self._job.filing
        if image:
            more |= {"picture": image.data, "picture_type": image.type}
        request = NewRequest(
            kind=kind,
            question=question,
            deadline=self._context.desk.deadline(kind, image),
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
