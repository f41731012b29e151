"""The steps of an attempt: each leaves a line and a picture; what the portal said is kept too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from rpa.browser.camera import PagePicture
from rpa.browser.printouts import Printed
from rpa.browser.sent import Sent
from rpa.browser.session import Session
from rpa.browser.speech import Utterance
from rpa.browser.translate import translated
from rpa.engine.attempt.job import AttemptContext, Job
from rpa.engine.attempt.person import Person
from rpa.errors import Stop


class Steps:
    """What an attempt does step by step, and what is kept of it.

    Args:
        job: the filing.
        number: the attempt's number in the ledger, 1 first.
        session: the browser.
        context: what all filings share.
    """

    def __init__(self, job: Job, number: int, session: Session, context: AttemptContext) -> None:
        self.number = number
        self.session = session
        self.portal = context.settings.portals[job.filing.portal]
        self.person = Person(job, session, context)
        self.submitted_at: datetime | None = None
        self._job = job
        self._context = context
        self._recorder = job.recorder
        self._printed: tuple[PagePicture, ...] = ()
        """What was printed in the step under way: its pictures are the step's."""
        self._compares = False
        self._form: PagePicture | None = None
        """The page as it stood when it was last compared with the row: what an approver looks at."""
        session.on_said = self._note_said

    @asynccontextmanager
    async def step(self, name: str, *, changes: bool = False) -> AsyncIterator[None]:
        """A part of the work that a clerk would name. It leaves a log line and a picture of its end.

        Args:
            name: as a clerk would name it.
            changes: it changes something at the portal (saves, uploads, registers): its requests leave once
                (see ``rpa.browser.single_send``), and are written down.

        Raises:
            Stop: whatever stopped it, pictured and written down.
            Drained: the worker was asked to stop, and nothing is committed yet.
        """
        async with self._step(name):
            if not changes:
                yield
                return
            sent = Sent()
            try:
                async with self.session.single_send() as sent:
                    yield
            finally:
                self._note_requests("变更请求", sent)

    @asynccontextmanager
    async def _step(self, name: str) -> AsyncIterator[None]:
        if self.submitted_at is None:
            self._context.shutdown.check()
        self._job.on_step(name)
        self._recorder.line("步骤", step=name, attempt=self.number)
        try:
            with translated():
                yield
        except Stop as stop:
            self._keep(f"{name}（中断）", await self.session.camera.take())
            self._recorder.line("中断", step=name, message=stop.message, attempt=self.number)
            raise
        finally:
            self.person.forget_captcha()
        if self._printed:
            printed, self._printed = self._printed, ()
            self._keep_all(name, [one for picture in printed for one in (picture, *picture.further)])
            return
        await self.session.camera.done()
        compares, self._compares = self._compares, False
        self.session.camera.start(lambda picture: self._keep(name, picture, form=compares))

    async def print_out(self, act: Callable[[], Awaitable[None]]) -> Printed:
        """Do what prints, and keep what comes of it: files, else pictures, which are the step's picture then.

        What does not come is noted in the trail; neither it nor a button that is not there stops the filing.
        """
        printed = await self.session.windows.print_out(act, seconds=self.portal.save_seconds)
        self._printed = printed.pictures
        for pdf in printed.pdfs:
            self._recorder.printout(pdf)
        if printed.missing:
            self._recorder.line("打印件没有取到", message=printed.missing)
        return printed

    def _keep(self, name: str, picture: PagePicture | None, *, form: bool = False) -> None:
        if form:
            self._form = picture
        if picture is not None:
            self._keep_all(name, [picture, *picture.further])
            if picture.left:
                self._recorder.line("截图未到页尾", left=picture.left)

    def _keep_all(self, name: str, pictures: Sequence[PagePicture]) -> None:
        for number, one in enumerate(pictures, 1):
            numbered = f"{name}（{number}）" if number > 1 else name
            self._recorder.picture(
                numbered, one.jpeg, address=one.address, title=one.title, private=one.private
            )

    def _note_requests(self, event: str, sent: Sent) -> None:
        if sent.guarded:
            told = [str(one) for one in sent.requests]
            self._recorder.line(event, sent=len(sent.left), unanswered=len(sent.unanswered), requests=told)

    def _note_said(self, said: Utterance) -> None:
        facts = {"title": said.title, "shape": said.shape.value, "buttons": list(said.buttons)}
        self._recorder.line("平台提示", words=said.words or said.title, **facts)
