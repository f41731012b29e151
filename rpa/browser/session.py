"""One browser context at one portal, with one page in front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from rpa.browser.camera import Camera
from rpa.browser.conversation import Conversation
from rpa.browser.finding import Finding
from rpa.browser.labels.spots import AGREEING, ControlContent, Match, Spot, TableRow, Values
from rpa.browser.page import PortalPage
from rpa.browser.private import PersonalData
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.sent import Sent
from rpa.browser.shown_image import ShownImage
from rpa.browser.signs import Interruption, Refusal, Seen, Sign
from rpa.browser.single_send import single_send
from rpa.browser.speech.ear import Listener
from rpa.browser.speech.occasion import EVERYWHERE, Heard, Occasion
from rpa.browser.timeouts import within_time
from rpa.browser.waiter import Waiter
from rpa.browser.windows import Windows
from rpa.errors import PortalChanged, SessionExpired, Unavailable
from rpa.settings.portal import PortalSettings

_BLANK = "about:blank"
_LOOK_UP_SECONDS = 2.5
"""So long a control is waited for before the page is searched for the portal's own words."""

T = TypeVar("T")


@dataclass
class Session(Conversation, Finding):
    """One browser context at one portal. Flows reach it through screens only.

    Whatever a flow names (a control, a sign) is looked for under every name that the portal's settings
    give it (``labels``).
    """

    windows: Windows
    portal: PortalSettings
    browser: RunningBrowser
    personal: PersonalData
    """What the pictures of all its windows show of persons."""
    listener: Listener
    """Is told of everything that the portal says in any of its windows."""
    signed_in: bool = False
    """Whether the portal let somebody in here: for an earlier filing of the same login, or by a state
    that was kept. The flow says so when its login succeeded."""
    home: str = ""
    """Where the flow found the home of whoever is signed in, to come back to; empty: not known."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, browser: RunningBrowser, portal: PortalSettings, *, state: StorageState | None = None
    ) -> AsyncIterator[Session]:
        """A fresh context (no cookie of anybody else), closed at the end.

        Args:
            browser: opens the context.
            portal: where it may go.
            state: of a session that was signed in before (:meth:`state`).
        """
        settings = browser.settings
        context = await browser.chromium.new_context(
            viewport={"width": settings.width, "height": settings.height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            reduced_motion="reduce",
            proxy=browser.proxy.allowing(portal.origins),
            storage_state=state,
        )
        try:
            context.set_default_timeout(portal.step_seconds * 1000)
            personal, listener = PersonalData(portal.private_labels), Listener()
            attach = partial(PortalPage.attach, portal=portal, settings=settings)
            windows = await Windows.open(context, partial(attach, personal=personal, listener=listener))
            yield cls(windows, portal, browser, personal, listener, signed_in=state is not None)
        finally:
            with suppress(PlaywrightError):  # gone already, with its browser
                await context.close()

    async def state(self) -> StorageState:
        """Cookies and storage: whoever holds them is signed in. A secret.

        Raises:
            Unavailable: a page does not answer.
        """
        async with within_time():
            return await self.windows.context.storage_state()

    async def fresh_start(self) -> None:
        """Leave what an earlier filing of this login left behind: its windows, dialogs, half-filled forms.

        Whoever is signed in stays so.
        """
        await self.windows.leave()
        await self.camera.done()
        self.waiter.start_anew()
        await self.page.goto(_BLANK)

    def entered(self, *login: Sign) -> None:
        """Somebody is signed in from now on: a login page that shows means that the session has ended.

        Args:
            login: what a person reads on the login page and nowhere else.
        """
        self.signed_in = True
        self.waiter.interruptions = (*self.waiter.interruptions, *map(_logged_out, login))

    async def forget_login(self) -> None:
        """Start over with an empty page, and nothing left of the portal; nobody is signed in then."""
        await self.windows.start_over(self.portal.origins)
        self.signed_in, self.home = False, ""

    @property
    def front(self) -> PortalPage:
        """The page in front, with what sees, uses and pictures it."""
        return self.windows.front

    @property
    def page(self) -> Page:
        """The page in front, as the browser knows it."""
        return self.front.page

    @property
    def waiter(self) -> Waiter:
        """Waits for what the page in front shows."""
        return self.front.waiter

    @property
    def camera(self) -> Camera:
        """Pictures the page in front."""
        return self.front.camera

    # --- going and waiting

    @property
    def address(self) -> str:
        """Where the page is now, to come back to."""
        return self.page.url

    async def go(self, address: str) -> None:
        """Go to an address of the portal; whatever is waited for next says whether it arrived.

        Raises:
            ForeignOrigin: it led away from the portal.
            Unavailable: nobody answered.
        """
        await self._ready()
        try:
            if "#" in address and address.partition("#")[0] == self.address.partition("#")[0]:
                await self.page.goto(_BLANK)  # where only the hash differs a browser loads nothing anew
            await self.page.goto(address, wait_until="commit")
        except PlaywrightError:
            if self.waiter.trouble:
                raise self.waiter.trouble from None
            raise

    async def see(
        self, *signs: Sign, otherwise: Sign | Refusal | None = None, seconds: float | None = None
    ) -> Seen:
        """Wait for whichever sign or interruption shows first; see :meth:`Waiter.see`."""
        try:
            return await self.waiter.see(*signs, otherwise=otherwise, seconds=seconds)
        except PortalChanged as error:
            raise await self.why(error) from None

    async def shows(self, sign: Sign) -> bool:
        """Whether a sign shows now."""
        return await self.waiter.shows(sign)

    async def mark(self) -> None:
        """Remember this moment: a fresh sign is one that came after it."""
        await self.waiter.mark()

    # --- acting: what changes the page waits for the picture under way

    async def click(self, spot: Spot | str) -> None:
        """Click what a person reads as ``spot``, as soon as it can be clicked."""
        await self._act(lambda seconds: self.front.labels.click(self._named(spot), timeout=seconds))

    async def click_in(self, row: TableRow, label: str) -> None:
        """Click a control inside a table's row."""
        await self._act(lambda seconds: self.front.labels.click_in(row, self._named(label), timeout=seconds))

    async def fill(
        self, values: Values, *, accepts: Collection[Match] = AGREEING
    ) -> Mapping[str, ControlContent]:
        """Fill a form and return what the page holds afterwards.

        A control that is greyed out (a box under a countdown) is waited for as long as a step may take.

        Args:
            values: what to fill in.
            accepts: what may become of it; whoever compares the page afterwards takes whatever it holds.

        Raises:
            NotTaken: something else became of a value.
        """
        await self._ready()
        named = {self._named(spot): value for spot, value in values.items()}
        try:
            return await self.front.labels.fill(named, timeout=self.portal.step_seconds, accepts=accepts)
        except (PortalChanged, Unavailable) as error:
            if not await self.heed():
                raise await self.why(error) from None
        return await self.front.labels.fill(named, timeout=self.portal.step_seconds, accepts=accepts)

    async def tick(self, row: TableRow) -> None:
        """Mark a table's row by its check box or radio button."""
        await self._act(lambda seconds: self.front.labels.tick(row, timeout=seconds))

    async def read(
        self, spots: Iterable[Spot | str], *, filled: bool = False
    ) -> Mapping[str, ControlContent]:
        """What controls and read-only texts hold; with ``filled``, once none of them is empty."""
        named = [self._named(spot) for spot in spots]
        return await self._patiently(
            lambda seconds: self.front.labels.read(named, timeout=seconds, filled=filled)
        )

    async def rows(
        self,
        headers: Sequence[str],
        *,
        optional: Sequence[str] = (),
        some: bool = False,
        whole: bool = True,
    ) -> Sequence[TableRow]:
        """The rows of the list with these column headers, of all pages; with ``some``, once there is one.

        See :meth:`rpa.browser.labels.Labels.rows`.

        Raises:
            Stop: a list that is empty may be so only because its data did not come.
        """
        named, others = map(self._named, headers), map(self._named, optional)
        seconds = self.portal.step_seconds
        read = partial(self.front.labels.rows, [*named], optional=[*others], whole=whole, turning=seconds)
        found = await self._patiently(lambda left: read(timeout=left))
        if not found and (reason := self.waiter.unwell()):
            raise reason
        if found or not some:
            return found
        return await read(timeout=seconds, some=True)

    async def has(self, spot: Spot | str) -> bool:
        """Whether a control is there now."""
        return await self.front.labels.box(self._named(spot)) is not None

    async def readable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those under which the page has something to be read now."""
        return await self.front.labels.readable([self._named(spot) for spot in spots])

    async def editable(self, spots: Iterable[Spot | str]) -> set[str]:
        """The labels of those whose control a person could change now."""
        return await self.front.labels.editable([self._named(spot) for spot in spots])

    async def require(self, spot: Spot) -> None:
        """Wait until a control is there, without touching it.

        Raises:
            PortalChanged: it is not, or two are.
        """
        if await self.front.labels.box(self._named(spot), timeout=self.portal.step_seconds) is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”")

    async def image_at(self, spot: Spot) -> ShownImage:
        """A picture for a person to read, once it has arrived."""
        image = await self.front.images.read(spot)
        if image is None:
            raise PortalChanged(f"页面上找不到“{spot.label}”的图片")
        return image

    async def upload(self, spot: Spot | str, paths: Sequence[Path]) -> None:
        """Give files to a file control."""
        await self.camera.done()
        await self._act(lambda seconds: self.front.labels.upload(self._named(spot), paths, timeout=seconds))

    def _named(self, spot: Spot | str) -> Spot:
        """A control with every name that the settings know for it."""
        one = spot if isinstance(spot, Spot) else Spot(spot)
        return one.also(self.portal.label(one.label))

    async def _ready(self) -> None:
        await self.camera.done()
        self.waiter.forget_earlier()

    async def _act(self, act: Callable[[float], Awaitable[T]]) -> T:
        """Act on a control as soon as it can be; see :meth:`_patiently`.

        A picture under way is waited for by the labels, right before the click.
        """
        self.waiter.forget_earlier()
        return await self._patiently(act)

    async def _patiently(self, do: Callable[[float], Awaitable[T]]) -> T:
        """Use a control; while it does not come, look what the portal says instead.

        Raises:
            Stop: the portal's interruption, else what ``do`` raised when the time was up.
        """
        clock = asyncio.get_running_loop()
        end = clock.time() + self.portal.step_seconds
        while True:
            left = end - clock.time()
            try:
                return await do(min(left, _LOOK_UP_SECONDS))
            except (PortalChanged, Unavailable) as error:
                await self.heed()
                if left <= _LOOK_UP_SECONDS:
                    raise await self.why(error) from None

    async def follow(
        self, act: Callable[[], Awaitable[None]], *signs: Sign, occasion: Occasion = EVERYWHERE
    ) -> Heard:
        """Do what leads to one of these signs: on this page, or in a window that opens for it.

        Such a window is in front from then on, and does whatever the first page does, until a screen goes
        :meth:`~rpa.browser.screen.Screen.back`.

        Raises:
            Stop: as :meth:`ask`.
        """
        return await self.windows.follow(act, lambda: self.hear(*signs, occasion=occasion))

    def single_send(self) -> AbstractAsyncContextManager[Sent]:
        """Have what changes something leave once until the block ends.

        See :func:`rpa.browser.single_send.single_send`; switched off in the portal's settings, requests
        leave as the browser sends them, uncounted.
        """
        portal, context = self.portal, self.windows.context
        if not portal.single_send:
            return nullcontext(Sent(guarded=False))
        seconds = portal.save_seconds
        return single_send(context, self.browser.sender, origins=portal.origins, seconds=seconds)


def _logged_out(sign: Sign) -> Interruption:
    return Interruption(replace(sign, exact=True), lambda _: SessionExpired("登录已失效：平台回到了登录页"))
