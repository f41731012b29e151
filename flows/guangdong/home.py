"""The unit's home: the top bar, the way to the item, the way to the list of what was submitted."""

from __future__ import annotations

from flows.guangdong.applications import LIST, Applications
from flows.guangdong.confirmation import Confirmation
from flows.guangdong.units import CURRENT, Units
from rpa.browser.labels.spots import ControlKind, Spot, compare
from rpa.browser.screen import Screen
from rpa.browser.signs import Seen, Sign
from rpa.browser.speech import Heard, Occasion, Tone
from rpa.errors import SessionExpired

_MENUS = ("在线服务", "社会保障", "失业保险")
_SEARCH, _FIND = "请输入您要办理的事项或服务", "搜索"
_OPENING = Occasion("平台提示", accepts=frozenset({Tone.ALREADY, Tone.IN_REVIEW}))


class Home(Screen):
    """首页 with the unit that business is done for."""

    landmark = (Sign("在线服务"),)

    async def is_for(self, name: str) -> bool:
        """Whether the page says that business is done for this unit."""
        current = Spot(CURRENT, kind=ControlKind.OUTPUT)
        if await self.session.has(current):
            return compare(name, (await self.session.read([current], filled=True))[CURRENT].text).agrees
        return await self.session.shows(Sign(name))

    async def switch_unit(self) -> Units:
        """切换单位, for a handler of several units.

        Raises:
            SessionExpired: the page has no such button: the login is made again, which leads to the choice.
        """
        await self._close_notices()
        if not await self.session.has("切换单位"):
            raise SessionExpired("平台首页没有切换单位的入口，重新登录后选择单位")
        await self.session.click("切换单位")
        return await Units.arrive(self.session)

    async def open_applications(self) -> Applications:
        """我的办件."""
        await self._close_notices()
        link = await self.session.first_of(Spot(LIST), *await self.session.buttons_saying("办件"))
        await self.session.click(link or LIST)
        return Applications(self.session)

    async def open_item(self, names: tuple[str, ...]) -> Confirmation | Heard:
        """To the item, by the menus or by the search box, and 单位办理.

        Returns:
            单位信息确认, in the shell or in a window of its own; what the portal said where the unit has
            confirmed already.

        Raises:
            Refused: with the portal's own words.
        """
        item = await (self._by_menu(names) if await self.session.has(_MENUS[0]) else self._by_search(names))
        handle = await self._handle(item.words)
        heard = await self.session.follow(
            lambda: self.session.click(handle), *Confirmation.landmark, occasion=_OPENING
        )
        # The page is drawn before its data come, and with them what the portal has against it.
        await self.session.settle()
        if heard.sign is None or any(one.tone in _OPENING.accepts for one in self.session.said):
            return Heard(None, self.session.said or heard.said)
        return Confirmation(self.session)

    async def _handle(self, item: str) -> Spot:
        """单位办理 of the item: beside its name, or behind it, where the name leads to a page of its own."""
        beside = Spot("单位办理", kind=ControlKind.BUTTON, within=item)
        if not await self.session.has(beside):
            await self.session.click(item)
            await self.session.settle()
        return await self.session.first_of(beside, Spot("单位办理", kind=ControlKind.BUTTON)) or beside

    async def _by_menu(self, names: tuple[str, ...]) -> Seen:
        """在线服务 → 社会保障 → 失业保险; a group that is unfolded already is left so."""
        wanted = tuple(Sign(name, exact=True) for name in names)
        levels = [*((Sign(name, exact=True),) for name in _MENUS[1:]), wanted]
        for menu, below in zip(_MENUS, levels, strict=True):
            if not any([await self.session.shows(sign) for sign in below]):
                await self.session.click(menu)
                await self.session.see(*below)
        return await self.session.see(*wanted)

    async def _by_search(self, names: tuple[str, ...]) -> Seen:
        """The box on the home leads to a page of its own when it is clicked: it is looked for again there."""
        box = Spot(_SEARCH, kind=ControlKind.TEXT)
        if not await self.session.has(box):
            await self.back()
            await self._close_notices()
        await self.session.click(box)
        await self.session.settle()
        await self.session.fill({box: names[0]})
        await self.session.click(Spot(_FIND, kind=ControlKind.BUTTON))
        return await self.session.see(*(Sign(name) for name in names))

    async def _close_notices(self) -> None:
        """Close the announcements that stand over the home after a login."""
        await self.session.settle()
        await self.session.dismiss_all(frozenset({Tone.INFORMATION, Tone.UNKNOWN}))
