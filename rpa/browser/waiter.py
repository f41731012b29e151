"""Seeing where a page stands: whichever sign shows first, in the page or in a native dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from playwright.async_api import Dialog, Page, Request
from playwright.async_api import Error as PlaywrightError

from rpa.browser.calls import Calls
from rpa.browser.guard import require_allowed
from rpa.browser.looking import evaluate, first_shown
from rpa.browser.script import script
from rpa.browser.signs import Interruption, Seen, Sign
from rpa.browser.speech.ear import Ear
from rpa.browser.speech.occasion import EVERYWHERE, excerpt
from rpa.browser.speech.utterance import Tone
from rpa.browser.timeouts import within_time
from rpa.errors import ForeignOrigin, PortalChanged, Stop, Unavailable
from rpa.settings.portal import PortalSettings

_MOMENT = script("dom", "signs", main="moment")
_AT_LOGIN = script("dom", "signs", main="atLogin")
_HTTP_ERROR = -1
_GRACE = 1.0
"""Seconds in which a sign may still show after the portal has said why nothing goes on."""


class Waiter:
    """Waits for what one page shows, and listens to what the browser tells of it.

    Args:
        page: the page, with all its frames.
        portal: for its origins and time limits.
        ear: hears what the page says.
    """

    def __init__(self, page: Page, portal: PortalSettings, ear: Ear) -> None:
        self.interruptions: Sequence[Interruption] = ()
        """The portal's, checked while waiting for anything."""
        self.dialogs: list[str] = []
        """Texts of the native dialogs seen, oldest first."""
        self.calls = Calls(page, portal.origins, ear.wake)
        """The calls inside the page that failed since the last act."""
        self._page = page
        self._portal = portal
        self._ear = ear
        ear.on_news = self._wake
        self._moment = 0.0
        self._unexpected: list[str] = []
        """Those since the last action, without the questions that it answers with yes."""
        self.trouble: Stop | None = None
        """Why the browser has no page to show, where it has told so."""
        self._news: asyncio.Future[None] | None = None
        page.on("dialog", self._on_dialog)
        page.on("requestfailed", self._on_failed)
        page.on("crash", lambda _: self._in_trouble(Unavailable("浏览器页面崩溃")))

    async def mark(self) -> None:
        """Remember this moment: a fresh sign is one that came after it."""
        async with within_time():
            self._moment = await evaluate(self._page, _MOMENT, None)

    def forget_earlier(self) -> None:
        """Forget what was told and said before the next action: it says nothing about that."""
        self._unexpected.clear()
        self.calls.forget()
        self._ear.forget_earlier()
        self.trouble = None

    def start_anew(self) -> None:
        """Forget also what was answered for an earlier filing."""
        self.forget_earlier()
        self.dialogs.clear()

    async def see(self, *signs: Sign, seconds: float | None = None) -> Seen:
        """Wait for whichever sign or interruption shows first, under any name that the settings give it.

        Args:
            signs: what is hoped for; of several that show together the first counts.
            seconds: how long; by default the portal's ``step_seconds``.

        Raises:
            Stop: an interruption showed, or the portal failed, or the page does not answer.
            PortalChanged: nothing showed in time; the message names what was waited for, and what was said.
        """
        seconds = seconds or self._portal.step_seconds
        stops = [interruption.sign for interruption in self.interruptions]
        found = await self._first([*signs, *stops], seconds, heeding=True)
        if found is None:
            raise self.nothing(signs, seconds)
        return self._seen(found, signs)

    async def sight(
        self, *signs: Sign, seconds: float, interruptions: Sequence[Interruption] = ()
    ) -> Seen | None:
        """The first sign to show within so long, whatever the portal says meanwhile; None: none did.

        Raises:
            Stop: an interruption showed first, or the portal failed.
        """
        found = await self._first([*signs, *(one.sign for one in interruptions)], seconds)
        if found is None:
            return None
        return self._seen(found, signs)

    async def shows(self, sign: Sign) -> bool:
        """Whether a sign shows now."""
        found = await self._first([sign], 0)
        return found is not None and found["id"] == 0

    async def at_login(self) -> bool:
        """Whether the page asks for a password to log in."""
        async with within_time():
            return bool(await evaluate(self._page, _AT_LOGIN, None))

    async def check_interruptions(self) -> None:
        """Look once whether the portal says why nothing goes on.

        Raises:
            Stop: it does.
        """
        found = await self._first([one.sign for one in self.interruptions], 0)
        if found:
            raise self._interrupted(found, 0)
        if reason := self._said_why():
            raise reason

    def _seen(self, found: Mapping[str, Any], signs: Sequence[Sign]) -> Seen:
        """The sign that was found; raises where an interruption was, or an HTTP error."""
        if not 0 <= found["id"] < len(signs):
            raise self._interrupted(found, len(signs))
        return Seen(signs[found["id"]], found["words"])

    def _interrupted(self, found: Mapping[str, Any], before: int) -> Stop:
        """The error of an interruption, or of an HTTP error that no sign explains."""
        if found["id"] == _HTTP_ERROR:
            return Unavailable(f"平台返回服务器错误（HTTP {found['words']}）")
        stop: Stop = self.interruptions[found["id"] - before].stop(found["words"])
        return stop

    async def _first(
        self, signs: Sequence[Sign], seconds: float, *, heeding: bool = False
    ) -> Mapping[str, Any] | None:
        """The first sign to show, as the page script tells it; None when the time is up.

        Args:
            signs: what is looked for.
            seconds: how long.
            heeding: the time is up soon after the portal has said why nothing goes on.
        """
        if self.trouble:  # told before anybody looked: what does not show by now will not come
            seconds = 0
        wanted = {
            "signs": [
                {"id": n, **asdict(sign), "names": self._portal.label(sign.text)}
                for n, sign in enumerate(signs)
            ],
            "after": self._moment,
        }
        look = asyncio.create_task(first_shown(self._page, wanted, seconds), name="see")
        clock = asyncio.get_running_loop()
        # The page's own clock starts again with every document; this one does not.
        end = clock.time() + seconds + 1
        try:
            while True:
                self._news = clock.create_future()
                if said := self._in_dialogs(signs):
                    return said
                if heeding and self._ear.stopping():
                    end = min(end, clock.time() + _GRACE)
                    heeding = False
                waiting: set[asyncio.Future[Any]] = {look, self._news}
                await asyncio.wait(waiting, timeout=end - clock.time(), return_when=asyncio.FIRST_COMPLETED)
                found: Mapping[str, Any] | None = look.result() if look.done() else None
                if found is None and self.trouble:
                    raise self.trouble
                if look.done() or not self._news.done():
                    break
            if not look.done():
                found = await self._last_look(look)
            return found
        finally:
            look.cancel()

    async def _last_look(self, look: asyncio.Task[Any]) -> Mapping[str, Any] | None:
        """When the time is up: what it has found meanwhile.

        Raises:
            Unavailable: the page does not even answer.
        """
        async with within_time():
            await evaluate(self._page, _MOMENT, None)
        return look.result() if look.done() else None

    def nothing(self, signs: Sequence[Sign], seconds: float) -> Stop:
        """Why none of these signs has shown, as far as anything tells."""
        try:
            require_allowed(self._page.url, self._portal.origins)
        except ForeignOrigin as foreign:
            return self.trouble or foreign
        if reason := self.trouble or self._said_why() or self.calls.stop():
            return reason
        come = "、".join(f"“{sign.text}”" for sign in signs if not sign.gone)
        go = "、".join(f"“{sign.text}”" for sign in signs if sign.gone)
        wanted = "，".join(filter(None, (come and f"没有出现{come}", go and f"{go}没有消失")))
        heard = "；".join(dict.fromkeys(excerpt(one) for one in self._ear.said))
        said = f"；平台提示：{heard}" if heard else ""
        return PortalChanged(
            f"等了 {seconds:.0f} 秒，{f'页面上{wanted}' if wanted else '平台没有答复'}{said}"
        )

    def unwell(self) -> Stop | None:
        """Why the page has perhaps not got its data, as far as anything told it since the last act."""
        said = self._ear.stopping()
        if said and said.tone is not Tone.REFUSAL:  # that the portal has none is often told as one
            return EVERYWHERE.stop(said)
        return self.calls.stop()

    def _said_why(self) -> Stop | None:
        said = self._ear.stopping()
        return EVERYWHERE.stop(said) if said else None

    # --- what the browser tells by itself

    def _in_dialogs(self, signs: Sequence[Sign]) -> Mapping[str, Any] | None:
        """The first sign that is among the words of a native dialog that nobody expected."""
        for message in self._unexpected:
            for index, sign in enumerate(signs):
                if not sign.gone and sign.said_in(message, self._portal.label(sign.text)):
                    return {"id": index, "words": message}
        return None

    async def _on_dialog(self, dialog: Dialog) -> None:
        agrees = dialog.type == "beforeunload"  # only we leave a page, and then we mean it
        if not agrees:
            self.dialogs.append(dialog.message)
            said = self._ear.hear_native(dialog.type, dialog.message)
            agrees = self._ear.says_yes and said.tone is Tone.QUESTION
            if not agrees:
                self._unexpected.append(dialog.message)
        try:
            await (dialog.accept() if agrees or dialog.type == "alert" else dialog.dismiss())
        except PlaywrightError:
            return  # the page went away with its dialog
        self._wake()

    def _on_failed(self, request: Request) -> None:
        document = request.resource_type == "document"
        if not document or not request.failure or "ERR_ABORTED" in request.failure:
            return
        try:
            require_allowed(request.url, self._portal.origins)
        except ForeignOrigin as foreign:
            # A frame that was refused (a counter of visitors) is no trouble; a page that leads away is.
            if request.frame == self._page.main_frame:
                self._in_trouble(foreign)
            return
        code = request.failure.removeprefix("net::")
        self._in_trouble(Unavailable(f"打不开平台页面（{code}）"))

    def _in_trouble(self, stop: Stop) -> None:
        self.trouble = self.trouble or stop
        self._wake()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)
