"""The unit's home: the top bar, the way to the item, the way to the list of what was submitted."""

from __future__ import annotations

from flows.guangdong.applications import Applications
from flows.guangdong.confirmation import Confirmation
from flows.guangdong.interruptions import DIALOG
from flows.guangdong.units import CURRENT, Units
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Refusal, Sign, titled
from rpa.errors import Refused

_MENUS = ("在线服务", "社会保障", "失业保险")
_CONFIRMED = Sign("请勿重复提交", dialog=True)
_NOTICE = titled("系统公告")
_NOTICES = 9
"""So many announcements are closed at most, one after the other."""


class Home(Screen):
    """首页 with the unit that business is done for."""

    landmark = (Sign(CURRENT),)

    async def unit(self) -> str:
        """The name of the unit that business is done for."""
        held = await self.session.read([Spot(CURRENT, kind=ControlKind.OUTPUT)], filled=True)
        return held[CURRENT].text

    async def switch_unit(self) -> Units:
        """切换单位, for a handler of several units."""
        await self._close_notices()
        await self.session.click("切换单位")
        return await Units.arrive(self.session)

    async def open_applications(self) -> Applications:
        """我的办件."""
        await self._close_notices()
        await self.session.mark()
        await self.session.click("我的办件")
        return await Applications.arrive(self.session)

    async def open_item(self, names: tuple[str, ...]) -> Confirmation | None:
        """在线服务 → 社会保障 → 失业保险 → the item, by whichever name it has → 单位办理.

        Returns:
            单位信息确认, in the shell or in a window of its own; None when the portal says that the unit has
            confirmed already.

        Raises:
            Refused: with the portal's own words.
        """
        for menu in _MENUS:
            await self.session.click(menu)
        item = await self.session.see(*(Sign(name, exact=True) for name in names))
        handle = Spot("单位办理", kind=ControlKind.BUTTON, within=item.words)
        seen = await self.session.follow(
            lambda: self.session.click(handle),
            _CONFIRMED,
            *Confirmation.landmark,
            otherwise=Refusal(DIALOG, Refused, "平台提示"),
        )
        return None if seen.sign is _CONFIRMED else Confirmation(self.session)

    async def _close_notices(self) -> None:
        """Close the announcements that stand over the home after a login."""
        for _ in range(_NOTICES):
            if not await self.session.shows(_NOTICE):
                return
            await self.session.click(Spot("确定", kind=ControlKind.BUTTON))
