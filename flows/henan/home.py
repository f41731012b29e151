"""H6 and H7: the unit's home and the list of 单位业务."""

from __future__ import annotations

from typing import Self

from flows.henan.form import RefundForm
from flows.henan.pending import Pending
from flows.henan.progress import Progress
from rpa.browser.labels.spots import Spot
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.speech import Heard, Occasion, Tone

_FILED = frozenset({Tone.ALREADY, Tone.IN_REVIEW})
_OPENING = Occasion("打开申请时平台提示", accepts=_FILED)


class Home(Screen):
    """H6: counters, tiles, notices."""

    landmark = (Sign("我的待提交业务"),)

    @classmethod
    async def at_hand(cls, session: Session) -> Self:
        """The home of whoever is signed in, from wherever the session is."""
        await session.windows.leave()
        await session.go(session.home)
        return await cls.arrive(session)

    async def open_progress(self) -> Progress:
        """办理进度查询 → 审核结果查询."""
        await self.session.click("办理进度查询")
        return await Progress.arrive(self.session)

    async def open_pending(self) -> Pending:
        """我的待提交业务 → 待提交申报管理."""
        await self.session.click("我的待提交业务")
        return await Pending.arrive(self.session)

    async def open_item(self, names: tuple[str, ...]) -> RefundForm | Heard:
        """单位业务 → the item, by whichever name it has.

        Returns:
            The form; what the portal said where it has, or reviews, an application already.

        Raises:
            Refused: with the portal's own words.
            Unavailable: the item, or its form's data, did not come.
        """
        first, *others = names
        item = Spot(first, aliases=tuple(others))
        await self.session.click("单位业务")
        await self.session.settle()
        if not await self.session.has(item):
            self.session.check_calls()
            await self.session.unfold(item)
        heard = await self.session.ask(
            lambda: self.session.click(item), *RefundForm.landmark, occasion=_OPENING
        )
        # The form may be drawn before the portal has looked whether there is an application.
        await self.session.settle()
        if heard.sign is None or any(one.tone in _FILED for one in self.session.said):
            return Heard(None, self.session.said or heard.said)
        self.session.check_calls()  # without its data nobody knows what the portal has already
        form = RefundForm(self.session)
        await form.take_up()
        return form
