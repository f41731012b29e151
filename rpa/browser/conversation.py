"""Asking a portal for something and hearing its answer, whatever shape it takes."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from rpa.browser.calls import FailedCall
from rpa.browser.page import PortalPage
from rpa.browser.signs import Interruption, Seen, Sign
from rpa.browser.speech.ear import Ear, Listener
from rpa.browser.speech.occasion import EVERYWHERE, Heard, Occasion, excerpt
from rpa.browser.speech.utterance import CLOSE, CLOSE_ONLY, YES, Shape, Tone, Utterance
from rpa.errors import ForeignOrigin, PortalChanged, SessionExpired, Stop, Unavailable
from rpa.settings.portal import PortalSettings

_GRACE = 0.6
"""Seconds in which a sign may still show after words that would end the waiting: it tells more."""
_GRACE_BESIDE = 2.5
"""The same after words in the page itself: what is printed on the page that was hoped for comes with it."""
_CLICKS = 3
"""So often a button is clicked while its box stands: such a click is ignored now and then."""
_GOING_SECONDS = 1.5
"""So long a box may take to go away before its button is clicked again."""
_SILENCE = 3.0
"""Seconds in which a page may still say something of a commit whose request failed, or that it told of
in unknown words."""
_PASSING = frozenset({Tone.INFORMATION, Tone.PROGRESS})


class Conversation:
    """What a session hears and answers. The page in front is the one that speaks."""

    portal: PortalSettings
    listener: Listener
    signed_in: bool

    @property
    @abstractmethod
    def front(self) -> PortalPage:
        """The page in front."""

    @property
    def said(self) -> tuple[Utterance, ...]:
        """Everything that the portal said since the last act, oldest first."""
        return self.front.ear.said

    @property
    def failed_calls(self) -> tuple[FailedCall, ...]:
        """The calls inside the page that failed since the last act."""
        return tuple(self.front.waiter.calls.failed)

    def check_calls(self) -> None:
        """Take what the page asked for since the last act, and did not get, for what it is.

        Raises:
            SessionExpired: the portal did not accept a call.
            Unavailable: it failed to answer one.
        """
        if reason := self.front.waiter.calls.stop():
            raise reason

    @property
    def on_said(self) -> Callable[[Utterance], None] | None:
        """Is told of everything that is said, the moment that it is."""
        return self.listener.on_said

    @on_said.setter
    def on_said(self, told: Callable[[Utterance], None] | None) -> None:
        self.listener.on_said = told

    async def ask(
        self,
        act: Callable[[], Awaitable[object]],
        *signs: Sign,
        occasion: Occasion,
        seconds: float | None = None,
    ) -> Heard:
        """Act, and wait until one of these signs shows or the portal has answered in words.

        Notices are closed and the waiting goes on; so it does after a question that the occasion answers.

        Args:
            act: what makes the portal answer.
            signs: what is hoped for; a sign counts before words.
            occasion: what words mean here.
            seconds: how long the answer is waited for; by default the portal's ``step_seconds``.

        Raises:
            Stop: what was said stops the filing, or an interruption showed, or nothing came in time.
        """
        ear = self.front.ear
        moment = ear.moment
        with _saying_yes(ear, yes=occasion.says_yes):
            await act()
            return await self._hear(moment, signs, occasion, seconds or self.portal.step_seconds)

    async def submit(self, act: Callable[[], Awaitable[object]], *signs: Sign, occasion: Occasion) -> None:
        """Make a commit, and hear the portal out; its words prove nothing either way.

        Args:
            act: the click that submits.
            signs: what tells that it was done; else words do.
            occasion: one of after a commit.

        Raises:
            Refused: the portal refused.
            Unavailable: it did not say that it was done.
        """
        heard = await self.ask(act, *signs, occasion=occasion, seconds=self.portal.save_seconds)
        occasion.require_success(heard)

    async def hear(self, *signs: Sign, occasion: Occasion, seconds: float | None = None) -> Heard:
        """As :meth:`ask`, of what was set going already.

        Raises:
            Stop: likewise.
        """
        ear = self.front.ear
        moment = ear.moment - len(ear.said)
        return await self._hear(moment, signs, occasion, seconds or self.portal.step_seconds)

    async def dismiss(self, said: Utterance) -> None:
        """Click away what a portal said: yes to a question, whatever closes anything else.

        Raises:
            Unavailable: it stands there all the same.
        """
        await self._press(said, _closing(said))

    async def close_all(self) -> None:
        """Close every message that stands above the page, and agree to nothing; the topmost first.

        Raises:
            Unavailable: one stands there all the same.
        """
        while said := self._topmost(frozenset(Tone)):
            await self._close(said, CLOSE_ONLY)

    async def _press(self, said: Utterance, captions: Sequence[str]) -> None:
        """Click until it goes away; a click that sent something was heard, and is never repeated."""
        if said.shape in (Shape.NATIVE, Shape.INLINE) or not said.buttons:
            return
        ear, labels = self.front.ear, self.front.labels
        sent = labels.changes
        for _ in range(_CLICKS):
            if not ear.stands(said):
                return
            await self.front.camera.done()
            await ear.press(said, captions)
            if await ear.gone(said, _GOING_SECONDS) or labels.changes > sent:
                return
        raise Unavailable(f"平台的提示关不掉：{excerpt(said)}")

    async def _close(self, said: Utterance, captions: Sequence[str]) -> None:
        await self._press(said, captions)
        if not await self.front.ear.gone(said, self.portal.step_seconds):
            raise Unavailable(f"平台的提示关不掉：{excerpt(said)}")

    async def dismiss_all(self, tones: Collection[Tone] = _PASSING) -> bool:
        """Click away everything in these tones that stands above the page, the topmost first.

        Returns:
            Whether there was anything.

        Raises:
            Unavailable: one stands there all the same.
        """
        closed = False
        while said := self._topmost(tones):
            await self._close(said, _closing(said))
            closed = True
        return closed

    def _topmost(self, tones: Collection[Tone]) -> Utterance | None:
        """What stands above the page in one of these tones, with nothing over it, and can be closed."""
        above = (one for one in self.front.ear.standing if one.shape is Shape.DIALOG and one.top)
        return next((one for one in above if one.tone in tones and one.buttons), None)

    async def heed(self) -> bool:
        """Close the notices that are in the way; stop for whatever else the portal says there.

        Returns:
            Whether there was a notice.

        Raises:
            Stop: an interruption, or words above the page, say why nothing goes on.
        """
        await self.front.waiter.check_interruptions()
        return await self.dismiss_all()

    async def why(self, error: Stop) -> Stop:
        """Why something did not come or could not be used: what the page tells, else ``error`` itself."""
        if isinstance(error, Unavailable) and (unknown := self._in_the_way()):
            return self._stop(unknown, EVERYWHERE)
        lost = isinstance(error, PortalChanged) and not isinstance(error, ForeignOrigin)
        if lost and self.signed_in and await self.front.waiter.at_login():
            return SessionExpired("登录已失效：平台又要求登录")
        return error

    def _in_the_way(self) -> Utterance | None:
        """What stands above the page and wants a person, if anything."""
        above = (one for one in self.front.ear.standing if one.shape is Shape.DIALOG and one.top)
        return next((one for one in above if one.telling and one.tone is Tone.UNKNOWN), None)

    # --- hearing

    async def _hear(self, moment: int, signs: Sequence[Sign], occasion: Occasion, seconds: float) -> Heard:
        waiter, ear = self.front.waiter, self.front.ear
        stops = _heeded(waiter.interruptions, occasion)
        looking = waiter.sight(*signs, seconds=seconds, interruptions=stops)
        look = asyncio.create_task(looking, name="look for signs")
        done: set[tuple[int, int]] = set()
        try:
            while not look.done():
                version = ear.version
                if answer := await self._answer(ear.since(moment), done, occasion):
                    if signs or answer.tone is not Tone.SUCCESS:  # else nothing could tell more
                        await asyncio.wait({look}, timeout=_GRACE if answer.floats else _GRACE_BESIDE)
                    if not (look.done() and look.result()):
                        return self._conclude(answer, moment, occasion)
                    break
                # A page whose commit got no answer mostly says nothing (docs/portals.md, §8); what was said
                # in words that nobody knows may have been the answer.
                over = bool(waiter.calls.failed) or any(map(_perhaps_all, ear.since(moment)))
                over = over and occasion.after_commit
                await _first_of(look, ear.news(version), _SILENCE if over else None)
                if over and ear.version == version and not look.done():
                    await self.front.labels.settled(seconds=seconds)
                    if ear.version == version:
                        return Heard(None, ear.since(moment))
            if heard := self._at_last(look.result(), moment, occasion):
                return heard
            raise await self.why(waiter.nothing(signs, seconds))
        finally:
            look.cancel()
            await asyncio.gather(look, return_exceptions=True)

    async def _answer(
        self, said: Sequence[Utterance], done: set[tuple[int, int]], occasion: Occasion
    ) -> Utterance | None:
        """The first words that end the waiting; notices and questions before them are clicked away."""
        for one in said:
            if one.key in done or not one.telling:
                continue
            if one.tone not in occasion.accepts and _passes(one, occasion):
                if self.front.ear.stands(one) and not one.top:
                    continue  # what covers it comes first
                done.add(one.key)
                await self.dismiss(one)
            elif _ends(one, occasion):
                return one
        return None

    def _conclude(self, answer: Utterance, moment: int, occasion: Occasion) -> Heard:
        if occasion.after_commit or answer.tone in occasion.accepts:
            return Heard(None, self.front.ear.since(moment))
        raise self._stop(answer, occasion)

    def _stop(self, said: Utterance, occasion: Occasion) -> Stop:
        """Why the filing stops; words that nobody knows mean what the calls tell that failed before them."""
        stop = occasion.stop(said)
        failed = self.front.waiter.calls.stop() if said.tone is Tone.UNKNOWN else None
        return type(failed)(stop.message) if failed else stop

    def _at_last(self, seen: Seen | None, moment: int, occasion: Occasion) -> Heard | None:
        """A sign, or the time is up: then what perhaps was an answer counts too, and what stood before."""
        said = self.front.ear.since(moment)
        if seen or occasion.after_commit:
            return Heard(seen.sign if seen else None, said)
        stood = (one for one in self.front.ear.standing if one.floats)
        perhaps = (one for one in (*said, *stood) if one.tone not in _PASSING)
        likely = [one for one in perhaps if one.certainty or one.tone is not Tone.UNKNOWN]
        for one in likely:
            if one.tone is not Tone.SUCCESS or one.tone in occasion.accepts:
                return self._conclude(one, moment, occasion)
        return None


def _heeded(interruptions: Sequence[Interruption], occasion: Occasion) -> Sequence[Interruption]:
    """What ends the waiting; after a commit only that the portal has logged us out."""
    expiry = [one for one in interruptions if isinstance(one.stop(""), SessionExpired)]
    return expiry if occasion.after_commit else interruptions


def _closing(said: Utterance) -> Sequence[str]:
    return said.agreeing if said.tone is Tone.QUESTION else (*CLOSE, *YES)


def _passes(said: Utterance, occasion: Occasion) -> bool:
    """Whether the waiting goes on once it is clicked away."""
    return said.tone is Tone.INFORMATION or (said.tone is Tone.QUESTION and occasion.says_yes)


def _ends(said: Utterance, occasion: Occasion) -> bool:
    if said.tone is Tone.SUCCESS:  # the sign that was hoped for may still come
        return occasion.after_commit or said.tone in occasion.accepts
    return not (occasion.after_commit and said.tone is Tone.UNKNOWN and said.shape is Shape.TOAST)


def _perhaps_all(said: Utterance) -> bool:
    """Whether it may have been the answer to a commit: nobody knows its words, or it is a mere notice."""
    return said.tone in (Tone.UNKNOWN, Tone.INFORMATION) and said.telling


async def _first_of(look: asyncio.Task[Seen | None], news: Awaitable[None], timeout: float | None) -> None:  # noqa: ASYNC109
    listening = asyncio.ensure_future(news)
    try:
        await asyncio.wait({look, listening}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        listening.cancel()


@contextmanager
def _saying_yes(ear: Ear, *, yes: bool) -> Iterator[None]:
    before, ear.says_yes = ear.says_yes, yes
    try:
        yield
    finally:
        ear.says_yes = before
