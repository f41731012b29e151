"""H6 and H7: the unit's home and the list of 单位业务."""

from __future__ import annotations

from flows.henan.form import RefundForm
from flows.henan.pending import Pending
from flows.henan.progress import Progress
from rpa.browser.labels.spots import ControlKind, Spot
from rpa.browser.screen import Screen
from rpa.browser.signs import Sign


class Home(Screen):
    """H6: counters, tiles, notices."""

    landmark = (Sign("我的待提交业务"),)

    async def open_progress(self) -> Progress:
        """办理进度查询 → 审核结果查询."""
        await self.session.click("办理进度查询")
        return await Progress.arrive(self.session)

    async def open_pending(self) -> Pending:
        """我的待提交业务 → 待提交申报管理."""
        await self.session.click("我的待提交业务")
        return await Pending.arrive(self.session)

    async def open_item(self, names: tuple[str, ...]) -> RefundForm:
        """单位业务 (a tile here, in 功能导航 on the other pages) → the item, by whichever name it has."""
        await self.session.click(Spot("单位业务", kind=ControlKind.LINK))
        first, *others = names
        await self.session.click(Spot(first, aliases=tuple(others)))
        return await RefundForm.arrive(self.session)
